import { listed, size } from "../../model/words.ts";
import { type Args, defineRule, type Judgement } from "../define-rule.ts";
import type { Attempt, Facts } from "../facts/facts.ts";
import { arrived, isWhole, rungs, seenRung } from "../facts/ladders.ts";
import { dialled, quoteDial, quoteExchange } from "../facts/quote.ts";
import { happenedOnce } from "../facts/repeated-offers.ts";
import { seenTransfer } from "../facts/transfers.ts";
import { modesIn, severityOf, uploadSeverity } from "../verdict/severity.ts";
import { probeElsewhere } from "../words/next.ts";

/** A mode fails and no other rule speaks of it: what was seen is said, and no cause is made up. */
export const modeUnexplained = defineRule({
  id: "mode-unexplained",
  title: "A mode fails in a way that no known fault explains",
  since: "0.1.0",
  last: true,
  needs: ["passive", "active"],
  references: ["RFC 959 section 5.4 (sequences of commands and replies)"],
  meaning: [
    "A mode was tried and failed, and none of the faults that ftp-doctor knows leaves just these traces. The finding quotes what was seen and claims no cause: it may be the server's software, a device on the way, or something that happened once.",
    "To learn more, probe again, then from another network, and compare with the server's log at the time of the probe. If it fails in the same way each time, the evidence (--verbose, --format json) is what the server's makers need.",
  ].join("\n\n"),
  severity: (facts, args) => {
    if (args["upload"] === true) return uploadSeverity(facts);
    if (args["short"] === true) return "warning";
    return args["once"] === true ? "notice" : severityOf(facts, modesIn(args));
  },
  judge(facts, told) {
    const tried = [...facts.passive, ...facts.active];
    if (tried.length === 0) return { kind: "undetermined", missing: "no mode was tried" };
    const hits = tried.filter(
      ({ record, summary }) => (summary.result === "blocked" || summary.result === "refused") && !told.has(record.id),
    );
    const [first] = hits;
    if (first === undefined) return judgeUploads(facts, told) ?? judgeDownloads(facts, told);
    return {
      kind: "present",
      confidence: "possible",
      at: "unknown",
      args: {
        modes: [...new Set(hits.map(({ record }) => record.mode))],
        peer: first.record.address,
        host: facts.evidence.target.host,
        stage: first.summary.stage,
        upload: false,
        once: hits.every(({ record }) => happenedOnce(record, facts)),
      },
      because: hits.map(({ record }) => record.id),
      seen: [...new Set(hits.map(seenAt))].slice(0, 3),
      rivals: [],
      next: [probeElsewhere(facts)],
    };
  },
  describe: (args) => {
    if (args["upload"] === true) return describeUpload(args);
    if (args["short"] === true) return describeDownload(args);
    const modes = modesIn(args).map((mode) => mode.toUpperCase());
    return {
      summary:
        args["once"] === true
          ? `${listed(modes)} stalled once on ${args["host"]}, and worked each time it was tried again.`
          : `${listed(modes)} ${modes.length === 1 ? "fails" : "fail"} on ${args["host"]} in a way that fits no fault known to ftp-doctor.`,
      explanation: `${explain(args["stage"])} What was seen does not tell why; the server's log of that moment may.`,
      remedies: [
        {
          who: "server-admin",
          product: "any",
          effort: "medium",
          text: "Look into the server's log at the time of this probe: what does it say of this session? Probe again to see whether it happens each time.",
        },
      ],
    };
  },
});

/** Files that were sent and did not arrive whole, of which nothing else speaks: at every size, or with a reply that tells nothing. */
function judgeUploads(facts: Facts, told: ReadonlySet<string>): Judgement | null {
  const broken = rungs(facts).filter(
    (rung) => rung.ladder.direction === "upload" && !isWhole(rung) && !told.has(rung.ladder.id),
  );
  const [first] = broken;
  if (first === undefined) return null;
  return {
    kind: "present",
    confidence: "possible",
    at: "unknown",
    args: {
      modes: [...new Set(broken.map(({ ladder }) => ladder.mode))],
      peer: first.ladder.address,
      host: facts.evidence.target.host,
      upload: true,
      sizeBytes: first.sizeBytes,
      storedBytes: first.step.storedBytes,
      every: first.passedBytes === null && broken.length > 1,
      confirmed: arrived(first),
    },
    because: [...new Set(broken.map(({ ladder }) => ladder.id))],
    seen: [...new Set(broken.map(seenRung))].slice(0, 3),
    rivals: [
      {
        cause: "alg-rewrites-payload",
        toTellApart:
          "Does the same file arrive whole over TLS, or from another network? Then a device changes it on the way.",
      },
      {
        cause: "data-aborted-by-server",
        toTellApart:
          "The server's log of this upload and its disk: an error while writing, or a quota, of which it told nothing.",
      },
    ],
  };
}

/** Files that were sent to us in order, to the end and confirmed, and have fewer bytes than the server said. */
function judgeDownloads(facts: Facts, told: ReadonlySet<string>): Judgement {
  const short = rungs(facts).filter(
    (rung) => rung.ladder.direction === "download" && arrived(rung) && !isWhole(rung) && !told.has(rung.ladder.id),
  );
  const [first] = short;
  if (first === undefined) return { kind: "absent" };
  return {
    kind: "present",
    confidence: "possible",
    at: "unknown",
    args: {
      modes: [...new Set(short.map(({ ladder }) => ladder.mode))],
      peer: first.ladder.address,
      host: facts.evidence.target.host,
      short: true,
      sizeBytes: first.sizeBytes,
      bytes: first.transfer.bytes,
    },
    because: [...new Set(short.map(({ ladder }) => ladder.id))],
    seen: [...new Set(short.map(seenRung))].slice(0, 3),
    rivals: [
      {
        cause: "alg-rewrites-payload",
        toTellApart:
          "Does the same file come whole over TLS, or from another network? Then a device changes it on the way.",
      },
      {
        cause: "the file was being changed meanwhile",
        toTellApart: "Probe again: does the same file come short by as much?",
      },
    ],
  };
}

function describeDownload({ host, sizeBytes, bytes }: Args) {
  return {
    title: "A download is shorter than the file",
    summary: `A file read from ${host} comes short, ${size(Number(bytes))} of ${size(Number(sizeBytes))}, though the server says that it sent all of it.`,
    explanation:
      "The data connection was ended in order and the server said that the transfer is complete; the file is longer (SIZE, or the listing). Images were transferred (TYPE I), in which every byte counts. Something at the server or on the way ends the data too soon, and clients take what came for the whole.",
    remedies: [
      {
        who: "server-admin" as const,
        product: "any",
        effort: "medium" as const,
        text: "Read the same file by FTP on the server's own machine: if it comes whole there, look for a device on the way that reads FTP (ALG, virus scanner) and switch it off for this server; if not, update the server.",
      },
    ],
  };
}

function describeUpload({ host, sizeBytes, storedBytes, every, confirmed }: Args) {
  const short = confirmed === true && storedBytes !== null;
  const what = short
    ? `${every === true ? "every file sent to" : "a file sent to"} ${host} is stored with another length, ${size(Number(storedBytes))} of ${size(Number(sizeBytes))}, though it was confirmed`
    : `an upload of ${size(Number(sizeBytes))} to ${host} does not come to its end in a way that fits no fault known to ftp-doctor`;
  return {
    title: short ? "Uploads are not stored whole" : "An upload fails in a way that no known fault explains",
    summary: `${what.charAt(0).toUpperCase()}${what.slice(1)}.`,
    explanation: short
      ? "All bytes were sent, the data connection was ended in order and the server said that the transfer is complete; then it gave another size for the file (SIZE). Images were transferred (TYPE I), in which every byte counts. Something at the server or on the way takes bytes away or adds some."
      : "The data connection was made, and the file did not arrive whole. What was seen does not tell why; the server's log of that moment may.",
    remedies: [
      {
        who: "server-admin" as const,
        product: "any",
        effort: "medium" as const,
        text: "Look into the server's log of these uploads and upload the same file on the server's own machine: if it is stored whole there, look for a device on the way that reads FTP (ALG, virus scanner) and switch it off for this server; if not, update the server.",
      },
    ],
  };
}

function explain(stage: unknown): string {
  switch (stage) {
    case "command":
      return "The command that asks for the data connection was not answered as it should be.";
    case "dial":
      return "The server offered a data port, and no connection to it came about.";
    case "accept":
      return "The server accepted our port, and its call did not come about.";
    default:
      return "The data connection was made, and the transfer over it did not come to its end.";
  }
}

/** The line that shows where it went wrong. */
function seenAt({ record }: Attempt): string {
  if (record.transfer !== null) return seenTransfer(record, record.transfer);
  const dial = record.experiment === "passive" ? record.dialled.at(-1) : undefined;
  if (dial !== undefined) return quoteDial(dial);
  const exchange = record.experiment === "passive" ? (record.offer?.exchange ?? null) : record.exchange;
  if (exchange !== null) return quoteExchange(exchange);
  return record.experiment === "active"
    ? `${record.mode.toUpperCase()}: no port to listen on (${dialled(record.listen)})`
    : record.mode.toUpperCase();
}
