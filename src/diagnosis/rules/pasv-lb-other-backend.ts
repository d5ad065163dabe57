import { carriesData } from "../../model/mode-result.ts";
import { withoutCounters } from "../../model/words.ts";
import { type Args, defineRule, type Judgement } from "../define-rule.ts";
import { shownCertificates } from "../facts/certificate-facts.ts";
import { refusedOnData } from "../facts/data-certificates.ts";
import { dataTls } from "../facts/data-tls.ts";
import type { Facts } from "../facts/facts.ts";
import { foreignPeers } from "../facts/foreign-peer.ts";
import type { PassiveAttempt } from "../facts/passive-facts.ts";
import { nothingDialled, type OfferedPorts, offeredPorts } from "../facts/passive-ports.ts";
import { quoteDial } from "../facts/quote.ts";
import { everyPassive, happenedOnce } from "../facts/repeated-offers.ts";
import { seenTransfer } from "../facts/transfers.ts";
import { severityOf } from "../verdict/severity.ts";

/** With fewer data connections, an accident is as good an explanation. */
const ENOUGH = 6;

/** Control and data connection of one client reach different machines, so that data connections fail at random. */
export const pasvLbOtherBackend = defineRule({
  id: "pasv-lb-other-backend",
  title: "Control and data connections reach different machines",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["data-connect-no-data", "data-reset-midway"],
  explains: ["ctl-idle-timeout", "mode-unsteady"],
  references: [
    "proftpd doc/howto/AWS.html",
    "https://github.com/vfarcic/docker-flow-proxy/issues/315",
    "https://github.com/yyyar/gobetween/issues/160",
  ],
  meaning: [
    "Some data connections work and others fail, and neither the port number nor the mode nor the time decides which. A load balancer stands before several servers and picks one for each connection anew: the data connection of a session reaches another machine than the one that waits for it.",
    "To mend it, let the balancer send all connections of one client to the same machine (persistence by source address, over the control port and the passive ports together), or give every machine an address or a passive range of its own.",
  ].join("\n\n"),
  severity: (facts, args) => (args["failed"] === 0 ? "notice" : severityOf(facts, ["epsv", "pasv"])),
  judge(facts) {
    const offered = offeredPorts(facts);
    if (offered.length === 0) return nothingDialled(facts);
    const mixed = offered.flatMap((at) => mixedAt(at, facts) ?? []);
    const [first] = mixed;
    if (first === undefined) return otherCertificate(facts);
    const failed = mixed.flatMap((at) => at.failed);
    const worked = mixed.flatMap((at) => at.worked);
    const greetings = greetingsAt(first.address, facts);
    const certificates = certificatesAt(first.address, facts);
    const several = greetings.length > 1 || certificates.length > 1;
    const all = [...failed, ...worked];
    return {
      kind: "present",
      confidence: several ? "certain" : all.length >= ENOUGH ? "likely" : "possible",
      at: "server-nat",
      args: {
        peer: first.address,
        modes: [...new Set(failed.map(({ record }) => record.mode))],
        failed: failed.length,
        of: all.length,
        greetings: greetings.length,
        certificates: certificates.length,
        // Where a border between the numbers could have been, there is none.
        ports: [...new Set(all.flatMap(({ advertised }) => (advertised === null ? [] : [advertised.port])))].sort(
          (a, b) => a - b,
        ),
      },
      because: [...new Set(all.map(({ record }) => record.id))],
      seen: [
        ...(greetings.length < 2 && certificates.length > 1 ? certificates : greetings).slice(0, 2),
        ...failed.slice(0, 2).map(seen),
        ...worked.slice(0, 1).map(seen),
      ].slice(0, 4),
      rivals: several
        ? []
        : [
            {
              cause: "ctl-max-per-ip",
              toTellApart: "Repeat the probe with --max-sessions 1: if all works then, the server limits connections.",
            },
            {
              cause: "pasv-range-exhausted",
              toTellApart: "Repeat the probe when nobody else uses the server: if all works then, its ports run out.",
            },
          ],
    };
  },
  describe: (args) => ({
    summary:
      args["failed"] === 0
        ? anotherCertificate
        : `${args["failed"]} of ${args["of"]} data connections failed at random${different(args)}: control and data connections reach different machines.`,
    explanation:
      args["failed"] === 0
        ? "A server uses one certificate for both connections. Another machine behind the same address has its own, and so has a device that opens TLS in order to inspect it. Clients that compare the two refuse the data connection."
        : `The same server offered ports of which some could be used and others not, without any order in it${noBorder(args)}. That is what a load balancer makes of FTP when it picks a machine for every connection by itself.`,
    remedies: [
      {
        who: "firewall-admin",
        product: "load balancer",
        effort: "medium",
        text: "Send the control port and every passive port of one client to the same machine: persistence by source address (stickiness source_ip at an AWS Network Load Balancer, sessionAffinity: ClientIP in Kubernetes, balance source in HAProxy), in one rule for all these ports together.",
      },
      {
        who: "server-admin",
        product: "any",
        effort: "medium",
        text: "Or give every machine a passive range of its own and let the balancer send each range to its machine; or let every machine name its own public address in the answer to PASV, not that of the balancer.",
      },
    ],
  }),
});

/** What shows several machines by itself. */
function different({ greetings, certificates }: Args): string {
  if (Number(greetings) > 1) return ", and sessions are greeted by different machines";
  return Number(certificates) > 1 ? ", and sessions are shown different certificates" : "";
}

/** That the number does not decide, where it could have. */
function noBorder({ ports }: Args): string {
  if (!Array.isArray(ports) || ports.length < 2) return "";
  const [low, high] = [Math.min(...ports.map(Number)), Math.max(...ports.map(Number))];
  return `: between ${low} and ${high} no number parts the ones from the others`;
}

const anotherCertificate =
  "Data connections under TLS show another certificate than the control connection: another machine, or a device on the way, answers them.";

/** All connections work, and those for data are answered with another certificate. */
function otherCertificate(facts: Facts): Judgement {
  const refused = refusedOnData(facts);
  // Clients that verify are stopped by it: the finding about the certificate says so, and names this as a rival.
  if (refused !== null) return { kind: "absent", note: `covered by ${refused.why}` };
  const hits = dataTls(facts).filter(
    ({ tls, record }) => tls.sameCertificate === false && record.experiment === "passive",
  );
  const [first] = hits;
  if (first === undefined) return { kind: "absent" };
  const [shown] = first.tls.handshake.agreed?.certificates ?? [];
  return {
    kind: "present",
    confidence: "possible",
    at: "unknown",
    args: {
      peer: first.record.address,
      modes: [...new Set(hits.map(({ record }) => record.mode))],
      failed: 0,
      of: hits.length,
      greetings: 1,
    },
    because: [...new Set(hits.map(({ record }) => record.id))],
    seen: [
      `${first.record.mode.toUpperCase()}: certificate of ${shown?.subject ?? "unknown"}, SHA-256 ${shown?.fingerprint256 ?? "unknown"}`,
    ],
    rivals: [
      {
        cause: "ctl-transparent-proxy",
        toTellApart:
          "Look at who signed the certificate on the data connection: an authority of this network's own means an inspecting device here.",
      },
    ],
  };
}

/** What failed and what worked at an address where both happened without order. */
interface Mixed {
  address: string;
  failed: PassiveAttempt[];
  worked: PassiveAttempt[];
}

function mixedAt({ address, attempts, pattern }: OfferedPorts, facts: Facts): Mixed | null {
  if (pattern.kind === "at-random") {
    const failed = attempts.filter(({ answer }) => answer !== "open");
    return { address, failed, worked: attempts.filter(({ answer }) => answer === "open") };
  }
  if (pattern.kind !== "open") return null;
  // The ports open, and a machine that knows nothing of the session answers there now and then.
  const foreign = foreignPeers(facts).hits.map(({ record }) => record);
  const moved = everyPassive(facts).filter(({ record }) => record.address === address && record.transfer !== null);
  const worked = moved.filter(({ summary }) => carriesData(summary.result));
  const failed = moved.filter(
    ({ record, summary }) =>
      summary.result === "blocked" &&
      summary.stage === "transfer" &&
      (record.transfer?.bytes ?? 0) === 0 &&
      !foreign.includes(record) &&
      !happenedOnce(record, facts) &&
      isUnheard(record.transfer),
  );
  const modes = new Set(failed.map(({ record }) => record.mode));
  // Where one mode always works and the other never does, it is the mode.
  const byMode = modes.size === 1 && worked.every(({ record }) => !modes.has(record.mode));
  return failed.length === 0 || worked.length === 0 || byMode ? null : { address, failed, worked };
}

/** The server behaves as if nobody had connected. */
function isUnheard(transfer: PassiveAttempt["record"]["transfer"]): boolean {
  if (transfer === null) return false;
  const final = transfer.exchange.replies.at(-1)?.code ?? 0;
  return transfer.exchange.outcome === "timed-out" || final === 425 || final === 421;
}

/** The greetings of the sessions at an address, where they come from different machines: counters and clocks in them do not count. */
function greetingsAt(address: string, facts: Facts): string[] {
  const lines = facts.addresses
    .filter((at) => at.address === address)
    .flatMap(({ controls }) => controls.map(({ greeting }) => greeting?.reply?.lines ?? []))
    .filter((greeting) => greeting.length > 0);
  const seenBefore = new Set<string>();
  return lines.flatMap((greeting) => {
    const identity = withoutCounters(greeting.join("\n"));
    if (seenBefore.has(identity)) return [];
    seenBefore.add(identity);
    return greeting.slice(0, 1);
  });
}

/** The certificates of the sessions at an address, each once. */
function certificatesAt(address: string, facts: Facts): string[] {
  return shownCertificates(facts).flatMap(({ address: at, leaf }) =>
    at.address === address && leaf !== null
      ? [`certificate of ${leaf.subject || "no subject"}, SHA-256 ${leaf.fingerprint256.slice(0, 23)}...`]
      : [],
  );
}

function seen({ record, atPeer }: PassiveAttempt): string {
  return record.transfer === null && atPeer !== null
    ? quoteDial(atPeer)
    : record.transfer === null
      ? record.mode.toUpperCase()
      : seenTransfer(record, record.transfer);
}
