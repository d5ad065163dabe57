import type { OtherPortsRecord, SweepRecord } from "../../model/evidence.ts";
import { listed, rangeInWords } from "../../model/words.ts";
import { defineRule, type Present } from "../define-rule.ts";
import type { AddressFacts, Facts } from "../facts/facts.ts";
import { acceptsAll, acceptsUnlikely, isPortSurvey, isTarpitControl } from "../facts/port-survey.ts";
import { quoteDial } from "../facts/quote.ts";
import { connectedAttempts, seenTransfers } from "../facts/transfers.ts";
import { severityOf } from "../verdict/severity.ts";

/** Every port of the host accepts connections: something on the way completes them in the server's place. */
export const ctlTarpit = defineRule({
  id: "ctl-tarpit",
  title: "A device accepts connections to every port",
  since: "0.1.0",
  needs: ["control"],
  replaces: [
    "ctl-no-banner",
    "data-connect-no-data",
    "data-reset-midway",
    "pasv-lb-other-backend",
    "pasv-peer-ip-mismatch",
    "client-nat-multi-egress",
  ],
  explains: ["ctl-idle-timeout", "ctl-closed-mid-session"],
  references: ["nft(8), synproxy statement", "https://lwn.net/Articles/563151/"],
  meaning: [
    "Connections are accepted on every port of the host, even on random ones where no service can be. Something before the server (a SYN proxy, a DDoS filter, a tarpit or honeypot) completes them in its place, so that a connection proves nothing: whether the server's own port can be reached shows only by the bytes that come over it. Here none came.",
    "To mend it, let the device pass FTP on: the control port and the passive range. Behind it the passive ports may be closed as well; that shows once the device lets connections through.",
  ].join("\n\n"),
  severity: (facts, args) => (args["silent"] === true ? "critical" : severityOf(facts, ["epsv", "pasv"])),
  judge(facts) {
    const swept = facts.addresses.flatMap(({ sweeps }) => sweeps.filter(acceptsAll));
    const [sweep] = swept;
    if (sweep !== undefined) return bySweep(sweep, swept);
    const tested = facts.addresses.flatMap((at) => controlsOf(at).map((record) => ({ at, record })));
    if (tested.length === 0) {
      return { kind: "absent", note: "nothing gave reason to try random ports" };
    }
    const accepting = tested.filter(({ record }) => acceptsUnlikely(record));
    // A survey moves no bytes: what it claims of the ports offered rests on nothing but connections.
    const survey = isPortSurvey(facts);
    const hits = accepting.filter(({ at }) => survey || at.control === "silent" || nothingCame(at, facts).length > 0);
    const [first] = hits;
    if (first === undefined) return { kind: "absent" };
    const { at, record } = first;
    const failed = nothingCame(at, facts);
    return {
      kind: "present",
      confidence: "certain",
      at: "middlebox",
      args: {
        peer: at.address,
        ports: record.tried.map(({ endpoint }) => endpoint.port),
        silent: at.control === "silent",
        swept: null,
        survey,
        modes: [...new Set(failed.map((attempt) => attempt.record.mode))],
      },
      because: hits.flatMap((hit) => [
        hit.record.id,
        ...(hit.at.control === "silent" ? hit.at.controls.map(({ id }) => id) : []),
        ...nothingCame(hit.at, facts).map((attempt) => attempt.record.id),
      ]),
      seen: [...record.tried.slice(0, 3).map(quoteDial), ...seenTransfers(failed).slice(0, 1)],
      rivals: [],
    };
  },
  describe: (args) => ({
    summary: `Something before ${args["peer"]} accepts connections to every port, even to ${listed(Array.isArray(args["ports"]) ? args["ports"].map(String) : [])}, and ${
      args["silent"] === true
        ? "no FTP server answers behind it."
        : args["swept"] === null && args["survey"] !== true
          ? "no data comes over the data connections that it accepts."
          : "so tells nothing of the ports behind it."
    }`,
    explanation:
      args["swept"] === null
        ? `Three ports on which nothing can be expected accepted a connection at once. So an accepted connection proves nothing about this host, and ${
            args["survey"] === true && args["silent"] !== true
              ? "that the ports offered opened does not tell whether they can be reached."
              : args["silent"] === true
                ? "the silence on the control port may mean that no server is there, or that the device does not let the session through."
                : "the passive ports that seem to open may not be reached at all."
          }`
        : `Every port of ${args["swept"]} accepted a connection, and so did ports far from them on which nothing can be expected. An idle server listens on none of its passive ports, so it was not the server that answered.`,
    remedies: [
      {
        who: "firewall-admin",
        product: "any",
        effort: "medium",
        text: `In the device before the server (SYN proxy, DDoS protection, tarpit): let FTP through to ${args["peer"]}, the control port and the whole passive range, or take them out of its rules. Then probe again: what lies behind it shows only then.`,
      },
    ],
  }),
});

/** A sweep that found every port open, also those on which nothing can be. */
function bySweep({ address, range, elsewhere }: SweepRecord, all: readonly SweepRecord[]): Present {
  return {
    kind: "present",
    confidence: "certain",
    at: "middlebox",
    args: {
      peer: address,
      ports: elsewhere.map(({ port }) => port),
      silent: false,
      swept: rangeInWords(range),
      modes: ["epsv", "pasv"],
    },
    because: all.map(({ id }) => id),
    seen: [
      `every port of ${rangeInWords(range)}: accepted`,
      ...elsewhere.slice(0, 3).map(({ port, state }) => `port ${port}: ${state}`),
    ],
    rivals: [],
  };
}

/** The trials of random ports that came to an answer. */
function controlsOf({ otherPorts }: AddressFacts): OtherPortsRecord[] {
  return otherPorts.filter(isTarpitControl);
}

/** Passive attempts at this address that connected and over which no byte came. */
function nothingCame({ address }: AddressFacts, facts: Facts) {
  return connectedAttempts(facts).filter(
    ({ record, transfer, summary }) =>
      record.experiment === "passive" &&
      record.address === address &&
      summary.result === "blocked" &&
      transfer.bytes === 0,
  );
}
