import { size } from "../../model/words.ts";
import { type Args, defineRule, type Judgement } from "../define-rule.ts";
import type { Facts } from "../facts/facts.ts";
import { arrived, isWhole, type Rung, rungs, seenRung } from "../facts/ladders.ts";
import { saysNoRoom } from "../facts/refusals.ts";
import { spoken } from "../facts/tls-control.ts";
import { modesIn, severityOf, uploadSeverity } from "../verdict/severity.ts";
import { mendClient } from "../words/mend.ts";

/** TLS 1.2 and 1.3 carry at most so much in one record (RFC 8446 section 5.1); the faults begin at about that length. */
const ONE_RECORD = 16_384;
/** Files shorter than this break for other reasons. */
const NEAR_ONE_RECORD = 12_000;
/** What fits into no single packet: where so much has passed, the size of packets is no trouble. */
const SEVERAL_PACKETS = 3_000;

/** Uploads under TLS, and now and then downloads, break at about the length of a TLS record. */
export const dataTlsLargeUpload = defineRule({
  id: "data-tls-large-upload",
  title: "Uploads under TLS break at about 16 kB",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["data-pmtu-blackhole", "data-aborted-by-server", "data-reset-midway"],
  references: [
    "https://github.com/lavv17/lftp/issues/749",
    "https://github.com/curl/curl/issues/8443",
    "https://github.com/jedisct1/pure-ftpd/issues/99",
    "RFC 8446 section 5.1",
  ],
  meaning: [
    "Small uploads under TLS arrive, and those longer than about one TLS record (16 kB) hang, break off or arrive empty; now and then it is downloads. These are faults of TLS 1.3 in some versions of Pure-FTPd, vsftpd, lftp and GnuTLS; the same files pass in clear text. Where the size of packets is at fault, uploads break at about 1.4 kB, in clear text as under TLS.",
    "Update server and client, or allow at most TLS 1.2 until then.",
  ].join("\n\n"),
  severity(facts, args) {
    if (args["direction"] === "upload") return uploadSeverity(facts);
    const severity = severityOf(facts, modesIn(args));
    // The modes work for what is short: what fails is long files.
    return severity === "notice" ? "warning" : severity;
  },
  judge(facts): Judgement {
    const all = rungs(facts);
    const found = breaksUnderTls(all, "upload", facts) ?? breaksUnderTls(all, "download", facts);
    if (found !== null) return found;
    const written = all.some(({ ladder }) => ladder.direction === "upload" && ladder.protection === "tls");
    return written ? { kind: "absent" } : { kind: "not-applicable", reason: "no files were written under TLS" };
  },
  describe: (args, facts) => ({
    ...(args["direction"] === "upload" ? {} : { title: "Downloads under TLS break at about 16 kB" }),
    summary: `Under TLS ${args["direction"] === "upload" ? "an upload" : "a download"} of ${size(Number(args["passedBytes"]))} arrives and one of ${size(Number(args["failedBytes"]))} does not${args["compared"] === true ? ", while in clear text it does" : ""}.`,
    explanation: explain(args),
    remedies: [
      ...mendClient("cap-tls-1.2", facts, args),
      {
        who: "server-admin",
        product: "any",
        effort: "medium",
        text:
          args["direction"] === "upload"
            ? "Update the server and its TLS library: uploads under TLS 1.3 were broken in versions of Pure-FTPd (1.0.4x) and vsftpd (3.0.5)."
            : "Update the server and its TLS library, and look into the server's log of that download: what does it say of the end of the data connection?",
      },
    ],
  }),
});

function explain({ direction, version, passedBytes, failedBytes, downloads }: Args): string {
  const upload = direction === "upload";
  return `Files of growing size were ${upload ? "written" : "read"} under ${version === null ? "TLS" : spoken(String(version))}. They arrived up to ${size(Number(passedBytes))} and broke at ${size(Number(failedBytes))}; one record of TLS carries 16 kB.${downloads === true ? " Downloads of that size arrive." : ""} Some servers and clients end the connection too soon there.`;
}

/** Files of this direction that break under TLS and not in clear; null where there are none. */
function breaksUnderTls(every: readonly Rung[], direction: "upload" | "download", facts: Facts): Judgement | null {
  const all = every.filter(({ ladder }) => ladder.direction === direction);
  const hits = all.filter(
    (rung) =>
      rung.ladder.protection === "tls" &&
      breaksAtRecord(rung) &&
      !breaksInClear(rung, all) &&
      // What breaks a download is mostly on the way: that it is TLS must be seen.
      (direction === "upload" || passedInClear(rung, all).length > 0 || stopsBehindPackets(rung)),
  );
  const [first] = hits;
  if (first === undefined) return null;
  const compared = passedInClear(first, all);
  return {
    kind: "present",
    confidence: compared.length > 0 ? "likely" : "possible",
    at: "tls",
    args: {
      protection: "tls",
      direction,
      modes: [...new Set(hits.map(({ ladder }) => ladder.mode))],
      peer: first.ladder.address,
      passedBytes: first.passedBytes,
      failedBytes: first.sizeBytes,
      compared: compared.length > 0,
      version: first.transfer.tls?.handshake.agreed?.version ?? null,
      downloads: direction === "upload" && downloadsPass(first, facts),
    },
    because: [...new Set([...hits, ...compared].map(({ ladder }) => ladder.id))],
    seen: [...hits.slice(0, 2).map(seenRung), ...compared.slice(0, 1).map((rung) => `in clear: ${seenRung(rung)}`)],
    rivals: [
      {
        cause: "data-pmtu-blackhole",
        toTellApart:
          'Ask for the largest packet that passes ("ping -M do -s 1472"): if it is lost, the size of packets is the cause.',
      },
      ...(compared.length > 0
        ? []
        : [
            {
              cause: "data-aborted-by-server",
              toTellApart: `${direction === "upload" ? "Upload" : "Download"} the same file in clear text: if that breaks too, it is no matter of TLS.`,
            },
          ]),
    ],
  };
}

/** It stands still behind so much that packets of full size pass. */
function stopsBehindPackets({ transfer }: Rung): boolean {
  return transfer.dataOutcome === "timed-out" && transfer.bytes >= SEVERAL_PACKETS;
}

/** More than several packets passed, and what is about as long as a record or longer does not arrive whole. */
function breaksAtRecord(rung: Rung): boolean {
  const { passedBytes, sizeBytes, text, transfer } = rung;
  if (passedBytes === null || sizeBytes === null || saysNoRoom(text)) return false;
  // Cut off by us, because it was enough.
  if (transfer.dataOutcome === "protocol-error") return false;
  return (
    !isWhole(rung) && sizeBytes >= NEAR_ONE_RECORD && passedBytes >= SEVERAL_PACKETS && passedBytes <= 2 * ONE_RECORD
  );
}

function clearAt({ ladder }: Rung, all: readonly Rung[]): Rung[] {
  return all.filter((other) => other.ladder.address === ladder.address && other.ladder.protection === "clear");
}

/** Files of that length that arrived in clear. */
function passedInClear(rung: Rung, all: readonly Rung[]): Rung[] {
  return clearAt(rung, all).filter((other) => isWhole(other) && (other.sizeBytes ?? 0) >= (rung.sizeBytes ?? 0));
}

/** Files of that length or shorter that did not. */
function breaksInClear(rung: Rung, all: readonly Rung[]): boolean {
  return clearAt(rung, all).some((other) => !isWhole(other) && (other.sizeBytes ?? 0) <= (rung.sizeBytes ?? 0));
}

function downloadsPass({ ladder, sizeBytes }: Rung, facts: Facts): boolean {
  return rungs(facts).some(
    (other) =>
      other.ladder.address === ladder.address &&
      other.ladder.protection === "tls" &&
      other.ladder.direction === "download" &&
      arrived(other) &&
      other.transfer.bytes >= (sizeBytes ?? 0),
  );
}
