import type { Remedy, Rival } from "../../model/report.ts";
import { listed } from "../../model/words.ts";
import { type Args, defineRule, type Judgement } from "../define-rule.ts";
import {
  came,
  type DataTls,
  dataTls,
  matrixTrials,
  noDataTls,
  seenDataTls,
  seenTrial,
  type Trial,
} from "../facts/data-tls.ts";
import type { Facts } from "../facts/facts.ts";
import { demandsReuse, resumesAmiss } from "../facts/resumption.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendClient, mendServer } from "../words/mend.ts";
import { probeAgain } from "../words/next.ts";

/** The server takes a data connection only where its TLS session continues the control connection's. */
export const dataTlsSessionReuseRequired = defineRule({
  id: "data-tls-session-reuse-required",
  title: "Server demands that data connections resume the TLS session",
  since: "0.1.0",
  needs: ["passive", "active"],
  // vsftpd hangs up behind such a refusal, and its words may be lost with the connection.
  explains: ["ctl-closed-mid-session"],
  replaces: ["data-connect-no-data", "data-reset-midway", "pasv-lb-other-backend", "pasv-peer-ip-mismatch"],
  references: [
    "proftpd doc/contrib/mod_tls.html (NoSessionReuseRequired)",
    "vsftpd ssl.c (require_ssl_reuse)",
    "https://github.com/rclone/rclone/issues/7234",
  ],
  meaning: [
    "The server takes a data connection only where its TLS session continues that of the control connection: so it knows that the same client made both. Clients that begin a new session on the data connection complete the handshake and are then refused, with 522, 425 or 450.",
    "It is a sound protection. Use a client that resumes the session (FileZilla, WinSCP, lftp, curl); or let the server demand it no longer (vsftpd require_ssl_reuse=NO, ProFTPD TLSOptions NoSessionReuseRequired). vsftpd says the same after any handshake on the data connection that failed, whatever the reason.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts): Judgement {
    const nothing = noDataTls(facts);
    if (nothing !== null) return nothing;
    const refused = dataTls(facts).filter(demandsReuse);
    const trials = matrixTrials(facts);
    const proof = provenBy(trials);
    const [first] = refused;
    if (first === undefined) {
      return proof.length === 0
        ? { kind: "absent" }
        : { kind: "absent", note: "the server demands it, and this client does it; clients that do not are refused" };
    }
    const { handshake } = first.tls;
    return {
      kind: "present",
      confidence: proof.length > 0 ? "certain" : handshake.outcome === "ok" ? "likely" : "possible",
      at: "server-config",
      args: {
        protection: "tls",
        modes: [...new Set(refused.map(({ record }) => record.mode))],
        peer: first.record.address,
        offered: handshake.offeredSession,
        reply: first.text,
        proven: proof.length > 0,
      },
      because: [...new Set([...refused.map(({ record }) => record.id), ...proof.map(({ matrix }) => matrix.id)])],
      seen: [...new Set([...refused.map(seenDataTls), ...proof.map(seenTrial)])].slice(0, 3),
      rivals: proof.length > 0 ? [] : rivalsOf(first, resumesAmiss(trials)),
      ...(proof.length > 0
        ? {}
        : {
            next: [
              {
                command: `${probeAgain(facts)} --tls-matrix`,
                tells:
                  "Tries data connections with and without the session, in TLS 1.2 and 1.3: which of them the server takes.",
              },
            ],
          }),
    };
  },
  describe: (args, facts) => ({
    summary: `Under TLS the server refuses the data connections of ${listed(modesIn(args).map((mode) => mode.toUpperCase()))}, because they do not resume the control connection's session.`,
    explanation: `The control connection is under TLS, the data connection was made and TLS was begun on it; then the server refused it (${args["reply"]}). ${args["offered"] === true ? "ftp-doctor did offer the control connection's session, and the server did not continue it." : "The server gave no session that could have been continued."}`,
    remedies: remediesOf(facts, args),
  }),
});

/** That clients resume helps where it was seen to; where our own session was not continued, or none was given, the server must change. */
function remediesOf(facts: Facts, args: Args): Remedy[] {
  const [client, server] = [mendClient("resume-session", facts, args), mendServer("session-reuse", facts, args)];
  return args["proven"] === true ? [...client, ...server] : [...server, ...client];
}

/** A session resumed that moves data, and a new one that is refused, in one comparison. */
function provenBy(trials: readonly Trial[]): Trial[] {
  const matrices = [...new Set(trials.map(({ matrix }) => matrix))];
  return matrices.flatMap((matrix) => {
    const own = trials.filter((trial) => trial.matrix === matrix);
    const resumed = own.find(
      ({ trial, result }) =>
        trial.what.startsWith("resume-") &&
        result === "works" &&
        trial.transfer?.tls?.handshake.agreed?.resumed === true,
    );
    const without = own.find(({ trial, result }) => trial.what === "no-resume" && result === "refused");
    return resumed === undefined || without === undefined || came(own, "no-resume", "works") ? [] : [without, resumed];
  });
}

function rivalsOf(first: DataTls, amiss: boolean): Rival[] {
  return [
    {
      cause: "data-tls-resume-tls13",
      toTellApart: `Cap the client at TLS 1.2 (curl --tls-max 1.2): if that works, it is the tickets of TLS 1.3${amiss ? ", which already failed in the comparison" : ""}.`,
    },
    ...(first.tls.handshake.outcome === "ok"
      ? []
      : [
          {
            cause: "a handshake that failed for another reason, after which vsftpd says the same",
            toTellApart: "The server's log, with debug_ssl=YES in vsftpd, names the error of the handshake.",
          },
        ]),
  ];
}
