import type { CertificateRecord } from "../../model/evidence.ts";
import { type Args, defineRule } from "../define-rule.ts";
import {
  certificateArgs,
  certificateSeverity,
  quoteCertificate,
  type ShownCertificate,
  seenAtMs,
  shownCertificates,
  sometimesWords,
  withheldWords,
  withoutCertificate,
} from "../facts/certificate-facts.ts";
import { judgeOnData } from "../facts/data-certificates.ts";
import type { Facts } from "../facts/facts.ts";
import { onDataWords } from "../words/data-certificate.ts";
import { mendControl } from "../words/mend.ts";

const DAY_MS = 86_400_000;
/** Automatic renewal comes a month before the end: what is left then was not renewed. */
const NOTICE_DAYS = 30;
/** So few days are left for somebody to act. */
const WARNING_DAYS = 14;
/** Of a certificate that lives for days only, such a part of its life is as much as a month of three. */
const NOTICE_PART = 1 / 3;
const WARNING_PART = 1 / 6;

/** How a certificate stands in time. */
type State = "expired" | "not-yet-valid" | "expiring" | "expiring-soon";

/** The certificate is past its date, not yet valid, or about to expire. */
export const tlsCertExpired = defineRule({
  id: "tls-cert-expired",
  title: "The certificate has expired",
  since: "0.1.0",
  needs: ["secure"],
  references: ["RFC 5280 section 4.1.2.5", "vsftpd, ProFTPD and Pure-FTPd read the certificate at their start"],
  meaning: [
    "A certificate is valid between two dates. Outside them clients that verify refuse the server. Often the certificate was renewed on disk and the FTP server was not restarted, so it still shows the old one; sometimes a clock is wrong, here or there. One that will expire within 30 days is reported as a notice, within 14 days as a warning.",
    "To mend it, renew the certificate and restart the FTP server, and let the renewal restart it from now on (certbot --deploy-hook); set the clock.",
  ].join("\n\n"),
  severity: (facts, { state }) =>
    state === "expiring" ? "notice" : state === "expiring-soon" ? "warning" : certificateSeverity(facts),
  judge(facts) {
    const unseen = withoutCertificate(facts);
    if (unseen !== null) return unseen;
    const found = shownCertificates(facts)
      .flatMap((shown) => staleIn(shown, facts))
      .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state));
    const [first] = found;
    // A certificate that is refused already counts for more than one that soon will be.
    const onData = first === undefined || isStillValid(first) ? judgeOnData("tls-cert-expired", facts) : null;
    if (onData !== null) return onData;
    if (first === undefined) return { kind: "absent" };
    const { shown, certificate, state } = first;
    const at = seenAtMs(shown, facts);
    const dated = state === "not-yet-valid" ? certificate.notBefore : certificate.notAfter;
    return {
      kind: "present",
      confidence: "certain",
      at: "tls",
      args: {
        ...certificateArgs([...new Set(found.map((each) => each.shown))], facts),
        state,
        whose: certificate === shown.leaf ? "own" : "authority",
        subject: certificate.subject,
        date: dated?.slice(0, 10) ?? null,
        days: dated === null ? null : Math.floor(Math.abs(Date.parse(dated) - at) / DAY_MS),
      },
      because: [...new Set(found.map((each) => each.shown.secure.id))],
      seen: [
        quoteCertificate(certificate),
        `valid from ${certificate.notBefore ?? "no date"} to ${certificate.notAfter ?? "no date"}`,
        `this machine's clock: ${new Date(at).toISOString().slice(0, 19)}Z`,
      ],
      rivals:
        state === "expired" || state === "not-yet-valid"
          ? [
              {
                cause: "the clock of this machine is wrong",
                toTellApart: "Compare the output of date with a clock that is known to be right.",
              },
            ]
          : [],
    };
  },
  describe: (args, facts) =>
    onDataWords("tls-cert-expired", args) ?? {
      title: TITLE[stateIn(args)],
      summary: summarise(args),
      explanation: explain(args),
      remedies: mendControl(facts, args, { server: ["tls-certificate"] }),
    },
});

const ORDER: readonly State[] = ["expired", "not-yet-valid", "expiring-soon", "expiring"];

const TITLE: Readonly<Record<State, string>> = {
  expired: "The certificate has expired",
  "not-yet-valid": "The certificate is not valid yet",
  "expiring-soon": "The certificate expires soon",
  expiring: "The certificate expires within a month",
};

function stateIn({ state }: Args): State {
  return ORDER.find((each) => each === state) ?? "expired";
}

function summarise(args: Args): string {
  const { host, date, days, whose } = args;
  const what = whose === "own" ? `The certificate of ${host}` : `A certificate in the chain of ${host}`;
  switch (stateIn(args)) {
    case "expired":
      return `${what} expired on ${date} (${dayWords(days)} ago).`;
    case "not-yet-valid":
      return `${what} is not valid before ${date} (in ${dayWords(days)}).`;
    case "expiring-soon":
    case "expiring":
      return `${what} expires on ${date}, in ${dayWords(days)}.`;
  }
}

function explain(args: Args): string {
  const renewed =
    "FTP servers read the certificate when they start: one that was renewed on disk is shown only after a restart.";
  switch (stateIn(args)) {
    case "expired":
    case "not-yet-valid":
      return `Clients that verify certificates refuse one outside its dates. ${renewed}${sometimesWords(args)}${withheldWords(args)}`;
    case "expiring-soon":
    case "expiring":
      return `From that day on, clients that verify certificates will refuse the server. ${renewed}`;
  }
}

function dayWords(days: unknown): string {
  if (days === 0) return "less than a day";
  return days === 1 ? "1 day" : `${String(days)} days`;
}

/** A certificate of a chain that is out of its dates, or nearly. */
interface Stale {
  shown: ShownCertificate;
  certificate: CertificateRecord;
  state: State;
}

function staleIn(shown: ShownCertificate, facts: Facts): Stale[] {
  const at = seenAtMs(shown, facts);
  return shown.agreed.certificates.flatMap((certificate): Stale[] => {
    const state = stateOf(certificate, at);
    // The end of an authority is watched by others than the reader; a root is trusted whatever its date.
    const counts = certificate === shown.leaf || (state === "expired" && isToldOf(shown));
    return state !== null && counts ? [{ shown, certificate, state }] : [];
  });
}

function isStillValid({ state }: Stale): boolean {
  return state === "expiring" || state === "expiring-soon";
}

function isToldOf({ agreed }: ShownCertificate): boolean {
  return agreed.problems.some(({ code }) => code === "CERT_HAS_EXPIRED");
}

function stateOf({ notBefore, notAfter }: CertificateRecord, at: number): State | null {
  const begin = notBefore === null ? Number.NaN : Date.parse(notBefore);
  const end = notAfter === null ? Number.NaN : Date.parse(notAfter);
  if (end < at) return "expired";
  if (begin > at) return "not-yet-valid";
  const life = end - begin;
  const left = end - at;
  if (left < Math.min(WARNING_DAYS * DAY_MS, life * WARNING_PART)) return "expiring-soon";
  return left < Math.min(NOTICE_DAYS * DAY_MS, life * NOTICE_PART) ? "expiring" : null;
}
