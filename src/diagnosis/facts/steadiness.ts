import type { Outcome } from "../../model/failure.ts";
import { MODES, type Mode, type Protection } from "../../model/mode.ts";
import { carriesData } from "../../model/mode-result.ts";
import type { RoundFailure, Spread, SteadyMode } from "../../model/steadiness.ts";
import type { Facts } from "./facts.ts";
import { type Facet, identities } from "./machines.ts";
import type { RoundFacts } from "./rounds.ts";

/** What one round says of one mode: null where it says nothing. */
type Told =
  | { works: true; repaired: boolean; ms: number }
  | ({ works: false } & Pick<RoundFailure, "result" | "stage"> & { control: Outcome | null })
  | null;

/** One mode at one address over all rounds. */
export interface ModeCourse {
  /** The mode. */
  mode: Mode;
  /** Protection of the data channel. */
  protection: Protection;
  /** Address of the control peer. */
  address: string;
  /** What each round that tells says of it. */
  told: { round: RoundFacts; told: NonNullable<Told> }[];
}

/** The course of every mode at every address; modes that apply in no round are left out. */
export function courses({ rounds }: Pick<Facts, "rounds">): ModeCourse[] {
  const rows = rounds.flatMap((round) => round.rows);
  const keys = new Map(rows.map((row) => [`${row.address} ${row.protection} ${row.mode}`, row]));
  return [...keys.values()]
    .map(({ mode, protection, address }) => ({
      mode,
      protection,
      address,
      told: rounds.flatMap((round) => {
        const told = tellsOf(round, { mode, protection, address });
        return told === null ? [] : [{ round, told }];
      }),
    }))
    .filter(({ told }) => told.some((each) => each.told.works || each.told.result !== "unsupported"))
    .sort(
      (a, b) =>
        Number(a.protection === "tls") - Number(b.protection === "tls") ||
        MODES.indexOf(a.mode) - MODES.indexOf(b.mode),
    );
}

function tellsOf(round: RoundFacts, at: Pick<ModeCourse, "mode" | "protection" | "address">): Told {
  const row = round.rows.find(
    ({ mode, protection, address }) => mode === at.mode && protection === at.protection && address === at.address,
  );
  switch (row?.result) {
    case "works":
    case "repaired":
      return { works: true, repaired: row.result === "repaired", ms: row.ms };
    case "blocked":
    case "refused":
    case "unsupported":
      return { works: false, result: row.result, stage: row.stage, control: null };
    case "inconclusive":
      return null;
    case "skipped":
    case undefined:
      return round.whole && hadNoSession(round, at)
        ? { works: false, result: "no-session", stage: null, control: controlOf(round, at) }
        : null;
  }
}

/** Neither a control connection nor a login was had there; where one was stopped, nothing is known. */
function hadNoSession(round: RoundFacts, { address }: { address: string }): boolean {
  const visit = round.visits.find((each) => each.address === address);
  if (visit === undefined) return round.resolved.length > 0 && round.resolved.every(({ outcome }) => outcome !== "ok");
  return visit.connections.every(
    ({ connect, greeting, login }) =>
      login !== "logged-in" && connect !== "cancelled" && greeting?.outcome !== "cancelled",
  );
}

/** How the last control connection there failed, or the name's resolution; null where it was the login. */
function controlOf(round: RoundFacts, { address }: { address: string }): Outcome | null {
  const visit = round.visits.find((each) => each.address === address);
  if (visit === undefined) return round.resolved[0]?.outcome ?? null;
  const last = visit.connections.at(-1);
  if (last === undefined) return null;
  if (last.connect !== "connected") return last.connect;
  return last.greeting === null || last.greeting.outcome === "ok" ? null : last.greeting.outcome;
}

/** The course in numbers. */
export function summariseCourse(
  { mode, protection, address, told }: ModeCourse,
  family: SteadyMode["family"],
): SteadyMode {
  const failures: RoundFailure[] = [];
  for (const { round, told: how } of told) {
    if (how.works) continue;
    const { result, stage, control } = how;
    const alike = failures.find((one) => one.result === result && one.stage === stage && one.control === control);
    if (alike === undefined) failures.push({ result, stage, control, rounds: [round.ordinal] });
    else alike.rounds.push(round.ordinal);
  }
  const ms = told.flatMap(({ told: how }) => (how.works ? [how.ms] : []));
  return {
    mode,
    protection,
    family,
    address,
    works: ms.length,
    repaired: told.flatMap(({ round, told: how }) => (how.works && how.repaired ? [round.ordinal] : [])),
    of: told.length,
    failures: failures.sort((a, b) => b.rounds.length - a.rounds.length),
    ms: spread(ms),
  };
}

function spread(values: readonly number[]): Spread | null {
  const sorted = [...values].sort((a, b) => a - b);
  const [min] = sorted;
  const max = sorted.at(-1);
  const median = sorted[Math.floor((sorted.length - 1) / 2)];
  return min === undefined || max === undefined || median === undefined ? null : { min, median, max };
}

/** Whether the mode worked as the server said it should. */
export function isInOrder(told: NonNullable<Told>): boolean {
  return told.works && !told.repaired;
}

/** Modes that work in some rounds as they should, and not in others. */
export function unsteady(facts: Facts): ModeCourse[] {
  const all = courses(facts);
  const first = facts.rounds[0]?.rows ?? [];
  return all.filter((course) => {
    const inOrder = course.told.filter(({ told }) => isInOrder(told)).length;
    const works = course.told.filter(({ told }) => told.works).length;
    if (works > 0) return works < course.told.length || (inOrder > 0 && inOrder < works);
    // Another address than in the first round, which nobody would hear of otherwise: there the mode works.
    const elsewhere = first.filter(({ mode, protection }) => mode === course.mode && protection === course.protection);
    return (
      elsewhere.some(({ result }) => carriesData(result)) &&
      !facts.rounds[0]?.visits.some(({ address }) => address === course.address)
    );
  });
}

/**
 * Whether what a finding rests on was seen in the first round and no further: each mode it speaks of worked in another. A finding that
 * looked at the other rounds as well rests on their records.
 */
export function isOfFirstRound(because: readonly string[], facts: Facts): boolean {
  if (because.some((id) => facts.rounds.some((round) => round.id === id))) return false;
  const attempts = because.flatMap((id) => {
    const record = facts.record(id);
    return record?.experiment === "passive" || record?.experiment === "active" ? [record] : [];
  });
  if (facts.rounds.length === 0 || attempts.length === 0) return false;
  const worked = unsteady(facts).filter(({ told }) => told.some((each) => each.told.works));
  return attempts.every((attempt) =>
    worked.some(
      ({ mode, protection, address }) =>
        mode === attempt.mode && protection === attempt.protection && address === attempt.address,
    ),
  );
}

/** A feature of the machine that sorts the rounds: wherever it shows one of `bad` the mode fails, elsewhere it works. */
export interface Sorting {
  /** Which feature. */
  facet: Facet;
  /** What the failing rounds show, first seen first. */
  bad: string[];
  /** What the working ones show. */
  good: string[];
}

/** The feature that tells the failing rounds from the working ones; null where none does. */
export function sortedBy({ told, mode, protection, address }: ModeCourse): Sorting | null {
  // Where it is repaired each time it works, that is not what tells the rounds apart.
  const mixed = told.some(({ told: how }) => isInOrder(how));
  const facets: readonly Facet[] = ["certificate", "product", "greeting", "advertised"];
  for (const facet of facets) {
    const shown = told.flatMap(({ round, told: how }) =>
      identities(round, facet, { mode, protection, address }).map(({ key, value }) => ({
        key,
        value,
        works: isInOrder(how) || (how.works && !mixed),
      })),
    );
    const values = (works: boolean) =>
      new Map(shown.filter((one) => one.works === works).map((one) => [one.key, one.value]));
    const good = values(true);
    const bad = values(false);
    if (good.size === 0 || bad.size === 0 || [...bad.keys()].some((key) => good.has(key))) continue;
    return { facet, bad: [...bad.values()], good: [...good.values()] };
  }
  return null;
}
