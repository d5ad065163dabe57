import type { AgreedTls } from "../../model/evidence.ts";
import { MODES } from "../../model/mode.ts";
import type { Judgement } from "../define-rule.ts";
import { quoteCertificate, quoteProblems, shownCertificates } from "./certificate-facts.ts";
import { controlArgsOf } from "./control-facts.ts";
import { type DataTls, dataTls } from "./data-tls.ts";
import type { Facts } from "./facts.ts";

/** For what a client refuses a certificate: one finding each on the control connection, and on data connections as well. */
export type Distrust = "tls-cert-name" | "tls-cert-expired" | "tls-cert-untrusted";

/** What verification says of each; the order tells which one names a certificate that has several. */
const SAYS: readonly (readonly [Distrust, RegExp])[] = [
  ["tls-cert-name", /^ERR_TLS_CERT_ALTNAME_INVALID$/],
  ["tls-cert-expired", /^CERT_(?:HAS_EXPIRED|NOT_YET_VALID)$/],
  ["tls-cert-untrusted", /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+)$/],
];

/** Data connections whose certificate is refused for what the control connection's is not. */
export interface RefusedOnData {
  /** The finding that speaks of it. */
  why: Distrust;
  /** The connections, at least one. */
  hits: [DataTls, ...DataTls[]];
}

/**
 * Certificates of data connections that fail verification, where another one with which all is well in that was shown on the control
 * connection: a client that verifies logs in and moves no file. Null where there are none.
 */
export function refusedOnData(facts: Facts): RefusedOnData | null {
  const shown = shownCertificates(facts);
  const other = dataTls(facts).filter(({ tls }) => tls.sameCertificate === false);
  for (const [why, says] of SAYS) {
    const [first, ...more] = other.filter(({ tls, record }) => {
      const control = shown.filter(({ address }) => address.address === record.address);
      return saysOf(tls.handshake.agreed, says) && !control.some(({ agreed }) => saysOf(agreed, says));
    });
    if (first !== undefined) return { why, hits: [first, ...more] };
  }
  return null;
}

function saysOf(agreed: Pick<AgreedTls, "problems"> | null, says: RegExp): boolean {
  return agreed?.problems.some(({ code }) => says.test(code)) === true;
}

/** The answer of the rule for this kind of distrust, where data connections alone give rise to it; null where they do not. */
export function judgeOnData(why: Distrust, facts: Facts): Judgement | null {
  const refused = refusedOnData(facts);
  if (refused?.why !== why) return null;
  const { hits } = refused;
  const { agreed } = hits[0].tls.handshake;
  const leaf = agreed?.certificates[0] ?? null;
  const met = facts.addresses.filter(({ address }) => hits.some(({ record }) => record.address === address));
  return {
    kind: "present",
    confidence: "certain",
    at: "tls",
    args: {
      ...controlArgsOf(
        met.map((address) => ({ address })),
        facts,
      ),
      onData: true,
      modes: MODES.filter((mode) => hits.some(({ record }) => record.mode === mode)),
      subject: leaf?.subject ?? null,
      names: leaf?.names ?? [],
    },
    because: [...new Set(hits.map(({ record }) => record.id))],
    seen: [
      ...(leaf === null ? [] : [`${hits[0].record.mode.toUpperCase()}, data connection: ${quoteCertificate(leaf)}`]),
      ...(agreed === null ? [] : quoteProblems(agreed)),
    ].slice(0, 3),
    rivals: [
      {
        cause: "pasv-lb-other-backend",
        toTellApart:
          "Does a load balancer stand before several servers? Then another machine than the one that took the login answers data connections.",
      },
      {
        cause: "ctl-transparent-proxy",
        toTellApart:
          "Look at who signed the certificate on the data connection: an authority of this network's own means an inspecting device here.",
      },
    ],
  };
}
