import { listed } from "../../model/words.ts";
import { defineRule, type Judgement } from "../define-rule.ts";
import { dataTls, matrixTrials, noDataTls, seenDataTls, seenTrial } from "../facts/data-tls.ts";
import { demandsReuse, failedResumes, resumesUnder } from "../facts/resumption.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendClient, mendServer } from "../words/mend.ts";

/** The tickets of TLS 1.3 do not resume the session where they must. */
export const dataTlsResumeTls13 = defineRule({
  id: "data-tls-resume-tls13",
  title: "Resuming the TLS session fails with TLS 1.3",
  since: "0.1.0",
  needs: ["passive", "active"],
  // vsftpd hangs up behind such a refusal, and its words may be lost with the connection.
  explains: ["ctl-closed-mid-session"],
  replaces: ["data-tls-session-reuse-required", "data-connect-no-data", "data-reset-midway", "pasv-lb-other-backend"],
  references: ["RFC 8446 section 4.6.1 and C.4", "https://github.com/curl/curl/issues/4654"],
  meaning: [
    "The server wants data connections to resume the control connection's TLS session, and with TLS 1.3 that works once, now and then, or never; with TLS 1.2 it works every time. Tickets of TLS 1.3 arrive after the handshake and serve once: a client that has none left, or a server that gives too few, ends there.",
    "Update client and server (vsftpd 3.0.4 or newer, curl 7.63 or newer), or allow at most TLS 1.2 until then.",
  ].join("\n\n"),
  severity: (facts, args) => (modesIn(args).length > 0 ? severityOf(facts, modesIn(args)) : "warning"),
  judge(facts): Judgement {
    const nothing = noDataTls(facts);
    if (nothing !== null) return nothing;
    const trials = matrixTrials(facts);
    const failed = failedResumes(trials, "TLSv1.3");
    const before = resumesUnder(trials, "TLSv1.2");
    const worksBefore = before.length > 0 && before.every(({ result }) => result === "works");
    const sameTicket = trials.some(
      ({ matrix, trial, result }) =>
        matrix.version === "TLSv1.3" && trial.what === "same-ticket" && result === "refused",
    );
    const works13 = resumesUnder(trials, "TLSv1.3").some(({ result }) => result === "works");
    const attempts = dataTls(facts);
    const refused = attempts.filter(demandsReuse);
    const afterSuccess = refused.filter((attempt) => followsSuccess(attempt, attempts));
    const refused13 = refused.filter(({ tls }) => tls.handshake.agreed?.version === "TLSv1.3");
    // A server that hangs up behind each refusal may leave no session to try TLS 1.3 on once more: its own attempts tell as much.
    const byTrials = (failed.length > 0 && works13) || (worksBefore && failed.length + refused13.length > 0);
    const resumed13 = works13 || attempts.some(isResumed13);
    if (!byTrials && afterSuccess.length === 0) {
      if (sameTicket && works13)
        return { kind: "absent", note: "each ticket of TLS 1.3 serves for one connection only" };
      return before.length === 0 && refused.length > 0
        ? { kind: "undetermined", missing: "TLS 1.2 was not compared with TLS 1.3" }
        : { kind: "absent" };
    }
    const told = byTrials ? failed : [];
    const witnesses = before.filter(({ result }) => result === "works").slice(0, 1);
    return {
      kind: "present",
      confidence: byTrials && worksBefore ? "certain" : "likely",
      at: "tls",
      args: {
        protection: "tls",
        modes: [...new Set((byTrials ? refused : afterSuccess).map(({ record }) => record.mode))],
        peer: told[0]?.matrix.address ?? afterSuccess[0]?.record.address ?? null,
        never: byTrials && !resumed13,
        tls12: worksBefore,
        ticketless: byTrials && !resumed13 && refused13.every(({ tls }) => !tls.handshake.offeredSession),
      },
      because: [
        ...new Set([
          ...refused.map(({ record }) => record.id),
          ...[...told, ...witnesses].map(({ matrix }) => matrix.id),
        ]),
      ],
      seen: [
        ...new Set([...told.slice(0, 2).map(seenTrial), ...afterSuccess.map(seenDataTls), ...witnesses.map(seenTrial)]),
      ].slice(0, 3),
      rivals: [],
    };
  },
  describe: (args, facts) => ({
    summary: `With TLS 1.3 data connections ${args["never"] === true ? "cannot resume the session" : "resume the session only at times"}${args["tls12"] === true ? ", with TLS 1.2 they do every time" : ""}.`,
    explanation: `${modesIn(args).length > 0 ? `${listed(modesIn(args).map((mode) => mode.toUpperCase()))} failed here. ` : ""}The server demands that data connections continue the control connection's session, and ${args["ticketless"] === true ? "under TLS 1.3 it gave no ticket to continue it with" : "tickets of TLS 1.3, which come late and serve once, did not do it"}.`,
    remedies: [...mendClient("cap-tls-1.2", facts, args), ...mendServer("session-reuse", facts, args)],
  }),
});

/** Refused behind one that arrived on the same session, both under TLS 1.3. */
function followsSuccess(
  { record, tls }: ReturnType<typeof dataTls>[number],
  attempts: ReturnType<typeof dataTls>,
): boolean {
  if (tls.handshake.agreed?.version !== "TLSv1.3" || record.session === null) return false;
  return attempts.some(
    (other) =>
      other.record.session === record.session && other.record.startedMs < record.startedMs && isResumed13(other),
  );
}

/** It continued a session of TLS 1.3, and arrived. */
function isResumed13({ summary, tls: { handshake } }: ReturnType<typeof dataTls>[number]): boolean {
  return summary.result === "works" && handshake.agreed?.version === "TLSv1.3" && handshake.agreed.resumed;
}
