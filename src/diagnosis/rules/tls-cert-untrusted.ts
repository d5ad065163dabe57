import type { AgreedTls } from "../../model/evidence.ts";
import { type Args, defineRule } from "../define-rule.ts";
import type { ShownCertificate } from "../facts/certificate-facts.ts";
import {
  certificateArgs,
  certificateSeverity,
  NOT_OF_TRUST,
  quoteCertificate,
  quoteFingerprint,
  quoteProblems,
  shownCertificates,
  sometimesWords,
  storeWords,
  weaknessesOf,
  withheldWords,
  withoutCertificate,
} from "../facts/certificate-facts.ts";
import { judgeOnData } from "../facts/data-certificates.ts";
import { onDataWords } from "../words/data-certificate.ts";
import { mendClient, mendServer } from "../words/mend.ts";
import { showCertificates } from "../words/next.ts";

/** Why nobody vouches for it. */
type Kind = "self-signed" | "private-authority" | "incomplete-chain" | "other";

/** The certificate leads to no root that is trusted. */
export const tlsCertUntrusted = defineRule({
  id: "tls-cert-untrusted",
  title: "The server's certificate is not trusted",
  since: "0.1.0",
  needs: ["secure"],
  references: ["RFC 5280 section 6", "RFC 4217 section 10", "https://github.com/lavv17/lftp/issues/446"],
  meaning: [
    "A certificate is believed because somebody who is trusted has signed it. This one signed itself, comes from a private authority that this machine does not know, or the server leaves out the certificate in the middle of the chain (the intermediate). Encryption works, but a client cannot tell the server from an impostor, and clients that verify refuse.",
    "To mend it, let the server send the whole chain of a public authority (vsftpd rsa_cert_file with the full chain, ProFTPD TLSCertificateChainFile, Pure-FTPd key, certificate and intermediates in one file), or give the authority's certificate to the clients (ftp-doctor --ca-file FILE).",
  ].join("\n\n"),
  severity: certificateSeverity,
  judge(facts) {
    const unseen = withoutCertificate(facts);
    if (unseen !== null) return unseen;
    const found = shownCertificates(facts).filter(isUntrusted);
    const [first] = found;
    if (first === undefined) return judgeOnData("tls-cert-untrusted", facts) ?? { kind: "absent" };
    const kind = kindOf(first);
    return {
      kind: "present",
      confidence: "certain",
      at: "tls",
      args: { ...certificateArgs(found, facts), kind, chain: first.agreed.certificates.length },
      because: found.map(({ secure }) => secure.id),
      seen: [
        ...(first.leaf === null ? [] : [quoteCertificate(first.leaf)]),
        ...quoteDistrust(first).slice(0, 2),
        ...quoteToCompare(first),
      ],
      rivals:
        kind === "self-signed"
          ? []
          : [
              {
                cause: "a device on the way that opens TLS and shows a certificate of its own",
                toTellApart: `Is "${first.leaf?.issuer ?? "the issuer"}" the name of a firewall or virus scanner of this network? From another network the certificate would be another one.`,
              },
            ],
      next: [showCertificates(first, facts)],
    };
  },
  describe: (args, facts) =>
    onDataWords("tls-cert-untrusted", args) ?? {
      summary: `${args["host"]} shows a certificate that is not trusted: ${KIND_WORDS[kindIn(args)](args)}.`,
      explanation: `${KIND_EXPLAINED[kindIn(args)]} ${storeWords(args)} The connection is encrypted all the same, but clients that verify certificates refuse it.${sometimesWords(args)}${withheldWords(args)}`,
      remedies: [
        ...mendServer("tls-certificate", facts, args),
        // Where nobody knows what is amiss with the chain, nobody knows whom to trust.
        ...(kindIn(args) === "other" ? [] : mendClient("trust-certificate", facts, args)),
      ],
    },
});

const KIND_WORDS: Readonly<Record<Kind, (args: Args) => string>> = {
  "self-signed": () => "the server signed it itself",
  "private-authority": ({ issuer }) => `its authority (${issuer}) is a private one`,
  "incomplete-chain": ({ issuer }) =>
    `the certificate of its authority (${issuer}) is missing from the chain or unknown`,
  other: ({ issuer }) => `it could not be traced to a trusted authority (issuer: ${issuer})`,
};

const KIND_EXPLAINED: Readonly<Record<Kind, string>> = {
  "self-signed": "Nobody but the server itself vouches for this certificate.",
  "private-authority":
    "The server sends its chain up to a root certificate that is not among the trusted ones: a company's own authority, or a device on the way.",
  "incomplete-chain":
    "The certificate names an authority whose certificate the server did not send. Either the server leaves out the intermediate certificate, or the authority is a private one. Web browsers hide a missing intermediate by fetching it; FTP clients do not.",
  other: "The chain of certificates does not lead to a trusted root.",
};

/** What verification said of the chain; of a certificate that signed itself and has expired it says the latter alone. */
function quoteDistrust({ agreed, leaf }: ShownCertificate): string[] {
  const problems = agreed.problems.filter(({ code }) => !isOther(code, agreed));
  if (problems.length > 0) return quoteProblems({ problems });
  return leaf?.selfSigned === true ? ["the chain has no other certificate than this one"] : [];
}

/** What is compared before it is trusted: the authority's certificate where the server sent it, its own where not. */
function quoteToCompare({ agreed, leaf }: ShownCertificate): string[] {
  const authority = agreed.certificates.slice(1).find(({ selfSigned }) => selfSigned);
  if (authority !== undefined) return [quoteFingerprint(authority, "its authority's certificate")];
  return leaf === null ? [] : [quoteFingerprint(leaf)];
}

/** Node has no name for some of OpenSSL's reasons, a key that is too short among them. */
function isOther(code: string, agreed: AgreedTls): boolean {
  return NOT_OF_TRUST.test(code) || (code === "UNSPECIFIED" && weaknessesOf(agreed).length > 0);
}

/** Whether the chain itself is at fault. A self-signed certificate that has also expired is reported by OpenSSL as expired alone. */
function isUntrusted({ agreed, leaf }: ShownCertificate): boolean {
  if (agreed.problems.some(({ code }) => !isOther(code, agreed))) return true;
  return leaf?.selfSigned === true && agreed.store === "bundled" && agreed.certificates.length === 1;
}

function kindOf({ agreed, leaf }: ShownCertificate): Kind {
  const codes = agreed.problems.map(({ code }) => code);
  if (leaf?.selfSigned === true || codes.includes("DEPTH_ZERO_SELF_SIGNED_CERT")) return "self-signed";
  if (
    codes.includes("SELF_SIGNED_CERT_IN_CHAIN") ||
    agreed.certificates.slice(1).some(({ selfSigned }) => selfSigned)
  ) {
    return "private-authority";
  }
  return codes.some((code) => INCOMPLETE.includes(code)) ? "incomplete-chain" : "other";
}

const INCOMPLETE: readonly string[] = [
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "UNABLE_TO_GET_ISSUER_CERT",
];

function kindIn({ kind }: Args): Kind {
  return kind === "self-signed" || kind === "private-authority" || kind === "incomplete-chain" ? kind : "other";
}
