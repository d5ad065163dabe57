import type { ExperimentRecord, OtherPortsRecord } from "../model/evidence.ts";
import type { Report } from "../model/report.ts";
import { duration, FAMILY, listed, rangeInWords } from "../model/words.ts";

/** What a stopped run did not get to; null for a run that came to its end. */
export function interruptionText(report: Report): string | null {
  if (report.complete) return null;
  const severalAddresses = new Set(report.control.map(({ address }) => address)).size > 1;
  const unfinished = report.evidence.experiments
    .filter(({ status }) => status === "cancelled")
    .map((record) => {
      const what = nameOf(record);
      return severalAddresses && record.experiment !== "resolve" ? `${what} at ${record.address}` : what;
    });
  const { modes, ports, calledAt } = report.evidence.policy;
  // A survey of ports tries no mode.
  const unbegun = (ports == null && calledAt == null ? modes : []).filter((mode) =>
    report.modes.every((row) => row.mode !== mode),
  );
  const rest = [
    ...(unfinished.length === 0 ? [] : [` Not finished: ${listed([...new Set(unfinished)])}.`]),
    ...(unbegun.length === 0 ? [] : [` Not begun: ${listed(unbegun.map((mode) => mode.toUpperCase()))}.`]),
  ].join("");
  // Its summary says what stopped the run, where the evidence knows it.
  const stopped = report.evidence.stoppedBy === undefined ? "Interrupted" : "Stopped";
  return `${stopped} after ${duration(report.durationMs)}: this is what was known by then.${rest}`;
}

const OTHER_PORTS: Readonly<Record<OtherPortsRecord["purpose"], string>> = {
  "tarpit-control": "check whether any port at all connects",
  "host-alive": "search for signs of life on other ports",
  "near-offer": "search beside the offered port",
};

/** What was being done, in words for people; an attempt is known by its mode. */
function nameOf(record: ExperimentRecord): string {
  switch (record.experiment) {
    case "resolve":
      return `look-up of ${FAMILY[record.family]} addresses`;
    case "control":
      return "control connection";
    case "identify":
      return "question what the server is (FEAT, SYST)";
    case "secure":
      if (record.handshake === null) return "request for TLS (AUTH)";
      return record.handshake.outcome === "ok" ? "request to protect data connections (PROT P)" : "TLS handshake";
    case "login":
      return "login";
    case "directory":
      return "change of the directory";
    case "passive":
    case "active":
      return record.mode.toUpperCase();
    case "offers":
      return `more offers of ${record.mode.toUpperCase()}`;
    case "other-ports":
      return OTHER_PORTS[record.purpose];
    case "ladder":
      return `${record.direction} of growing files`;
    case "hold":
      return "wait on an idle connection";
    case "sweep":
      return `sweep of ports ${rangeInWords(record.range)}`;
    case "remapped-ports":
      return "search for forwarded ports";
    case "active-ports":
      return "calls to this machine's ports";
    case "tls-versions":
      return "versions of TLS";
    case "tls-matrix":
      return `comparison of TLS over ${record.mode.toUpperCase()}`;
    case "ccc":
      return "return to clear text (CCC)";
  }
}
