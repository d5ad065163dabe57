import type { Remedy } from "../../model/report.ts";
import type { Args, Judgement } from "../define-rule.ts";
import { controlArgs, controlArgsOf, controlEndpoint, modesTried, sessionSeverity } from "../facts/control-facts.ts";
import type { Facts } from "../facts/facts.ts";
import { endOf, idsOf, offeredPorts } from "../facts/passive-ports.ts";
import { dialled, quoteDial } from "../facts/quote.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendControl } from "../words/mend.ts";
import { wordingRule } from "../words/wording-rule.ts";

const raiseConnlimit: Remedy = {
  who: "firewall-admin",
  product: "any",
  effort: "low",
  text: "Let one address open more control connections, at the firewall that counts them (CSF: CONNLIMIT and PORTFLOOD in /etc/csf/csf.conf; iptables: connlimit and hashlimit; nftables: ct count and limit rate).",
};

/** What a firewall does to a connection beyond its limit. */
const TURNED_AWAY: readonly string[] = ["refused", "timed-out", "reset"];

/** Whether each mode was tried to its end at every address that the finding speaks of. */
function allModesTried(facts: Facts, { addresses }: Args): boolean {
  const rows = facts.rows.filter(({ address }) => Array.isArray(addresses) && addresses.some((one) => one === address));
  return (
    facts.evidence.policy.modes.every((mode) => rows.some((row) => row.mode === mode)) &&
    rows.every(({ result }) => result !== "skipped" && result !== "inconclusive")
  );
}

/** The server has enough of us. */
export const ctlMaxPerIp = wordingRule({
  id: "ctl-max-per-ip",
  title: "Too many connections from one address",
  at: "server-config",
  // Nothing required and nothing offered failed where one session was enough for every mode.
  severity: (facts, args) => {
    if (args["data"] === true) return severityOf(facts, modesIn(args));
    return args["first"] === false && allModesTried(facts, args) ? "notice" : sessionSeverity(facts, args);
  },
  replaces: ["ctl-max-clients", "pasv-lb-other-backend", "pasv-range-partly-open"],
  otherwise: judgeTurnedAway,
  references: ["vsftpd max_per_ip", "Pure-FTPd MaxClientsPerIP", "ProFTPD MaxClientsPerHost"],
  meaning: [
    "The server limits how many sessions one address may have, and this one has reached the limit: by parallel transfers, by sessions that were never closed, or because several people share the address behind one NAT.",
    "To mend it, let the client use one or two connections and close idle ones, or raise the limit (vsftpd max_per_ip, Pure-FTPd MaxClientsPerIP, ProFTPD MaxClientsPerHost).",
  ],
  summary: ({ host, first, firewall, data }) =>
    data === true
      ? `A firewall before ${host} lets this address open only a few connections at once, and counts data connections among them.`
      : firewall === true
        ? `A firewall before ${host} lets this address open fewer control connections at once than clients usually do.`
        : first === true
          ? `${host} refuses the connection: too many sessions from this address are open already.`
          : `${host} allows this address fewer sessions at once than clients usually open.`,
  explanation: ({ data }) =>
    data === true
      ? "Data connections were refused while others of this address were open or had just ended, and each of those opened that were made alone, after a rest. What refuses them does not go by the port but by how many there are."
      : "The first control connection was welcome and another one beside it was turned away. Clients that open several sessions, for parallel transfers or beside a file list, run into this limit.",
  remedies: (facts, args) =>
    args["firewall"] === true
      ? [raiseConnlimit, ...mendControl(facts, args, { client: ["one-connection"] })]
      : mendControl(facts, args, { server: ["max-per-ip"], client: ["one-connection"] }),
});

/** TCP itself turns a further control connection away, while the first one lives: firewalls count connections too. */
function judgeTurnedAway(facts: Facts, absent: Judgement): Judgement {
  const turned = facts.addresses.flatMap((address) => {
    const later = address.controls.filter(
      ({ ordinal, connect }) => ordinal > 1 && TURNED_AWAY.includes(connect.outcome),
    );
    return address.control === "ready" && later.length > 0 ? [{ address, later }] : [];
  });
  const [first] = turned;
  if (first === undefined) return judgeDataCounted(facts, absent);
  const records = turned.flatMap(({ later }) => later.map(({ id }) => id));
  return {
    kind: "present",
    confidence: "likely",
    at: "server-firewall",
    args: {
      ...controlArgsOf(turned, facts),
      modes: modesTried(records, facts),
      text: null,
      to: "connect",
      first: false,
      firewall: true,
    },
    because: records,
    seen: turned
      .flatMap(({ address, later }) =>
        later.map(
          ({ ordinal, connect }) =>
            `${controlEndpoint(address, facts)} connection ${ordinal}: ${dialled(connect)}, while the first one was open`,
        ),
      )
      .slice(0, 3),
    rivals: [
      {
        cause: "pasv-lb-other-backend",
        toTellApart:
          "Repeat the probe with --max-sessions 1 a few times: if the first connection is never turned away, it is a limit; if it is now and then, one of several machines is down.",
      },
    ],
  };
}

/** A dial so long after the end of the one before had been rested for. */
const RESTED_MS = 1_000;
/** So many rested dials that all open, and so many others that do not, are hardly chance. */
const ENOUGH = { rested: 4, refused: 3 };

/** A firewall that counts data connections too refuses them beside others, and never one that is made alone. */
function judgeDataCounted(facts: Facts, absent: Judgement): Judgement {
  const counted = offeredPorts(facts).filter(({ attempts }) => {
    const inTime = [...attempts].sort((a, b) => a.atPeer.startedMs - b.atPeer.startedMs);
    const rested = inTime.filter(({ atPeer, record }, index) => {
      const before = inTime[index - 1];
      return before !== undefined && atPeer.startedMs - endOf(before.atPeer, record.transfer) >= RESTED_MS;
    });
    const refused = inTime.filter(({ answer }) => answer === "refused");
    return (
      rested.length >= ENOUGH.rested &&
      rested.every(({ answer }) => answer === "open") &&
      refused.length >= ENOUGH.refused &&
      // Where the first was served, and those right behind a success were not, the server needs the rest: srv-stalled-accept.
      inTime[0]?.answer === "refused"
    );
  });
  const hits = counted.flatMap(({ attempts }) => attempts);
  const closed = hits.filter(({ answer }) => answer !== "open");
  if (closed.length === 0) return absent;
  const addresses = counted.map(({ address }) => address);
  return {
    kind: "present",
    confidence: "likely",
    at: "server-firewall",
    args: {
      ...controlArgs(
        facts.addresses.filter(({ address }) => addresses.includes(address)),
        facts,
      ),
      modes: [...new Set(closed.map(({ record }) => record.mode))],
      text: null,
      to: "dial",
      first: false,
      firewall: true,
      data: true,
    },
    because: idsOf(hits),
    seen: [...new Set([...closed.slice(0, 2), ...hits.slice(-1)].map(({ atPeer }) => quoteDial(atPeer)))],
    rivals: [
      {
        cause: "pasv-lb-other-backend",
        toTellApart:
          "Repeat the probe with --max-sessions 1 a few times: if all works then, it is a limit; if data connections fail now and then all the same, they reach different machines.",
      },
    ],
  };
}
