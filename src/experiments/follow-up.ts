import type { ProbeOptions } from "../engine/options.ts";
import type { DialRecord, ExperimentRecord, OffersRecord, PassiveRecord } from "../model/evidence.ts";
import { dialRole, type PassiveChannel, passiveChannel, sawBytes } from "./passive-channel.ts";

/** A passive mode to ask further, and at which of its two addresses. */
export interface FurtherMode {
  /** The mode. */
  mode: PassiveRecord["mode"];
  /** Whose address its ports are dialled at. */
  role: DialRecord["role"];
}

/** One question that is still open at an address. */
export type FollowUp =
  /** Does the host accept connections on every port? */
  | { kind: "tarpit-control" }
  /** Is the answer the same for every offer? */
  | {
      kind: "offers";
      /** How they follow one another. */
      order: OffersRecord["order"];
      /** The modes, asked in turn. */
      modes: FurtherMode[];
      /** Offers to ask for in each. */
      perMode: number;
      /** `brief`: an answer to the first SYN is enough to be had; `full`: the limit of any other data connection. */
      patience: "brief" | "full";
      /** No more after the first that does not open, or is silent: each would take a whole limit. */
      until?: "closed" | "silent";
      /** Those of the modes that need not be asked where all their offers were had one by one. */
      unlessHad?: PassiveRecord["mode"][];
      /** Only where some offers of these modes opened one by one and some did not: a rest before each tells a limit from chance. */
      rested?: true;
    }
  /** Does the server listen near the port that it named? */
  | { kind: "near-offer"; mode: FurtherMode }
  /** Up to which size do transfers arrive? */
  | { kind: "download"; mode: FurtherMode }
  /** The same the other way; `mode` is null where no passive mode can carry it. */
  | { kind: "upload"; mode: FurtherMode | null };

/** Offers of a mode that is asked alone, or beside others that fail as it does. */
const ALIKE = 10;
/** Offers of each mode where one works and the other does not. */
const COMPARED = 5;
/**
 * Offers in all where an ICMP error answers: systems send six at once and then one a second (Linux, icmp_ratelimit), so
 * that more would meet a silence that means nothing.
 */
const REJECTED = 4;
/** Offers with a rest before each: so many that open by chance alone are rare. */
const RESTED = 4;
/** Offers with a transfer each, in all: each may cost a session. */
const WITH_TRANSFER = 6;

/**
 * The questions that the records of one address leave open, in the order in which they are to be asked. None where
 * nothing failed, unless the user asked for them. What the answers mean is not decided here. The modes that are
 * `alike` were asked about under the other protection, where the same became of them.
 */
export function followUps(
  records: readonly ExperimentRecord[],
  options: Pick<ProbeOptions, "samples" | "writeDirectory" | "tlsMatrix">,
  alike: readonly PassiveRecord["mode"][] = [],
): FollowUp[] {
  const all = passiveOf(records).map((record) => ({
    mode: { mode: record.mode, role: dialRole(record) },
    channel: passiveChannel(record),
    silentTransfer: !sawBytes(record),
    begun: sawBytes(record) || record.transfer?.exchange.replies.some(({ code }) => code < 200) === true,
  }));
  const channels = all.filter(({ mode }) => !alike.includes(mode.mode));
  const of = (...wanted: PassiveChannel[]) => channels.filter(({ channel }) => wanted.includes(channel));
  const modes = (...wanted: PassiveChannel[]) => of(...wanted).map(({ mode }) => mode);
  const plan: FollowUp[] = [];

  const emptyHanded = of("unserved", "stalled", "cut").some(({ silentTransfer }) => silentTransfer);
  if (emptyHanded || (alike.length === 0 && greetedByNobody(records))) plan.push({ kind: "tarpit-control" });

  const { connects, transfers } = repeatedOffers(modes, options.samples);
  plan.push(...connects);
  // Before the transfers that are only repeated: each that stalls costs a session and most of the time that is left.
  const broken = of("stalled", "cut").find(({ begun }) => begun)?.mode;
  const working = all.find(({ channel }) => channel === "works")?.mode;
  // Under both protections, where the user wants to know of everything.
  const large = broken ?? (options.tlsMatrix ? working : undefined);
  if (large !== undefined) plan.push({ kind: "download", mode: large });
  plan.push(...transfers);
  if (options.writeDirectory !== null) {
    plan.push({ kind: "upload", mode: working ?? modes("stalled", "cut")[0] ?? null });
  }
  return plan;
}

/** The modes of which the same became under both protections. */
export function alikeModes(
  one: readonly ExperimentRecord[],
  other: readonly ExperimentRecord[],
): PassiveRecord["mode"][] {
  const others = passiveOf(other);
  return passiveOf(one)
    .filter((record) => others.some((o) => o.mode === record.mode && passiveChannel(o) === passiveChannel(record)))
    .map(({ mode }) => mode);
}

/** Everything that may be asked again. */
const FAILED: readonly PassiveChannel[] = ["silent", "refused", "rejected", "unserved", "stalled", "cut"];

/** A mode that works is asked beside those that fail, once: the difference is then the mode, the port or chance. */
function repeatedOffers(
  modes: (...wanted: PassiveChannel[]) => FurtherMode[],
  samples: ProbeOptions["samples"],
): { connects: FollowUp[]; transfers: FollowUp[] } {
  const connects: FollowUp[] = [];
  const transfers: FollowUp[] = [];
  let working = modes("works");
  const beside = (failing: FurtherMode[]): FurtherMode[] => {
    const all = [...failing, ...working];
    working = [];
    return all;
  };
  const compared = working.length > 0 ? COMPARED : ALIKE;

  const silent = modes("silent");
  const wanted = samples === null ? silent : modes(...FAILED);
  if (silent.length > 0 || samples !== null) {
    // Several modes that were each silent through two retransmissions need no more of them; a verdict is waited for.
    const patience = samples === null && silent.length > 1 ? "brief" : "full";
    const perMode = samples ?? compared;
    // Of offers side by side an FTP helper keeps only the last one open, and a firewall's reset looks like that of a listener
    // that was replaced: those of a mode that works are had one by one, which takes no time as long as they are answered.
    const open = working;
    if (open.length > 0) {
      const until = samples === null ? "closed" : "silent";
      connects.push({ kind: "offers", order: "one-by-one", modes: open, perMode, patience: "full", until });
    }
    const unlessHad = open.map(({ mode }) => mode);
    const asked = beside(wanted);
    if (asked.length > 0) {
      connects.push({ kind: "offers", order: "side-by-side", modes: asked, perMode, patience, unlessHad });
    }
  }
  const rejected = modes("rejected");
  if (rejected.length > 0 && samples === null) {
    const asked = beside(rejected);
    const perMode = Math.ceil(REJECTED / asked.length);
    connects.push({ kind: "offers", order: "side-by-side", modes: asked, perMode, patience: "full" });
  }
  const refused = modes("refused");
  const [first] = refused;
  if (first !== undefined) {
    const perMode = samples ?? compared;
    connects.push({ kind: "offers", order: "one-by-one", modes: beside(refused), perMode, patience: "full" });
    connects.push({ kind: "near-offer", mode: first });
    if (samples === null) {
      const modes = [first];
      connects.push({
        kind: "offers",
        order: "one-by-one",
        modes,
        perMode: RESTED,
        patience: "full",
        until: "closed",
        rested: true,
      });
    }
  }
  const unserved = modes("unserved", "stalled", "cut");
  if (unserved.length > 0) {
    const asked = beside(unserved);
    const perMode = Math.ceil(WITH_TRANSFER / asked.length);
    transfers.push({ kind: "offers", order: "with-transfer", modes: asked, perMode, patience: "full" });
  }
  return { connects, transfers };
}

/** The passive attempts, the last of each mode. */
function passiveOf(records: readonly ExperimentRecord[]): PassiveRecord[] {
  const last = new Map<string, PassiveRecord>();
  for (const record of records) if (record.experiment === "passive") last.set(record.mode, record);
  return [...last.values()];
}

/** The port was open, and whoever opened it said nothing. */
function greetedByNobody(records: readonly ExperimentRecord[]): boolean {
  return records.some(
    (record) =>
      record.experiment === "control" &&
      record.ordinal === 1 &&
      record.greeting !== null &&
      record.greeting.firstBytes === "" &&
      record.greeting.outcome !== "cancelled",
  );
}
