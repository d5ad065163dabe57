import { worstVerdict } from "../../index.ts";
import type { Family } from "../../model/endpoint.ts";
import type { Verdict } from "../../model/report.ts";
import { duration } from "../../model/words.ts";
import type { State } from "./state.ts";

const VERDICTS: readonly Verdict[] = ["healthy", "degraded", "broken", "undetermined"];
/** Modes and protections and families come to no more; a hostile server cannot make it grow. */
const MODES_AT_MOST = 32;

/** A time during which the server could not be used. */
interface Outage {
  fromMs: number;
  from: Date;
  /** Null while it lasts. */
  toMs: number | null;
}

/** Counts over all runs of a watch; as small after a year as after an hour. */
export class Tally {
  #runs = 0;
  readonly #worked = new Map<string, { works: number; of: number; family: Family }>();
  /** Runs in which nobody was let in over this family. */
  readonly #locked: Record<Family, number> = { ipv4: 0, ipv6: 0 };
  /** Runs in which nobody was let in at all. */
  #withoutSession = 0;
  readonly #spentMs: Record<Verdict, number> = { healthy: 0, degraded: 0, broken: 0, undetermined: 0 };
  #last: { verdict: Verdict; atMs: number } | null = null;
  #outage: Outage | null = null;
  #longest: { ms: number; from: Date } | null = null;
  #worst: Verdict = "healthy";

  /** How many runs were counted. */
  get runs(): number {
    return this.#runs;
  }

  /** The worst verdict of all runs: broken, undetermined, degraded, healthy. */
  get worst(): Verdict {
    return this.#worst;
  }

  /** Counts a run that began at `atMs` of the monotonic clock. What it found holds until the next one begins. */
  add({ verdict, modes, withoutSession }: State, atMs: number, date: Date): void {
    this.until(atMs);
    this.#runs += 1;
    this.#last = { verdict, atMs };
    this.#worst = worstVerdict([verdict, this.#worst]);
    for (const [name, { works, family }] of modes) {
      const count = this.#worked.get(name) ?? { works: 0, of: 0, family };
      count.of += 1;
      if (works) count.works += 1;
      if (this.#worked.has(name) || this.#worked.size < MODES_AT_MOST) this.#worked.set(name, count);
    }
    for (const family of withoutSession) this.#locked[family] += 1;
    if (withoutSession.length > 0 && modes.size === 0) this.#withoutSession += 1;
    if (verdict === "broken") this.#outage ??= { fromMs: atMs, from: date, toMs: null };
    else if (verdict !== "undetermined") this.#endOutage(atMs);
  }

  /** Adds the time up to now to the last verdict's. */
  until(atMs: number): void {
    if (this.#last === null) return;
    this.#spentMs[this.#last.verdict] += atMs - this.#last.atMs;
    this.#last.atMs = atMs;
  }

  #endOutage(atMs: number): void {
    if (this.#outage === null) return;
    const ms = atMs - this.#outage.fromMs;
    if (this.#longest === null || ms > this.#longest.ms) this.#longest = { ms, from: this.#outage.from };
    this.#outage = null;
  }

  /** What is said in the end; call `until` before. */
  summary(atMs: number): string[] {
    const lasting = this.#outage !== null;
    const last = this.#outage === null ? null : { ms: atMs - this.#outage.fromMs, from: this.#outage.from };
    const longest = last !== null && last.ms >= (this.#longest?.ms ?? 0) ? last : this.#longest;
    const spent = VERDICTS.filter((verdict) => this.#spentMs[verdict] > 0).map(
      (verdict) => `${verdict} for ${span(this.#spentMs[verdict])}`,
    );
    return [
      `${this.#runs} ${this.#runs === 1 ? "run" : "runs"}${spent.length === 0 ? "" : `: ${spent.join(", ")}`}`,
      ...(this.#withoutSession === 0
        ? []
        : [
            `${this.#withoutSession} ${this.#withoutSession === 1 ? "run" : "runs"} without a session, in which no mode could be tried: a failure of each`,
          ]),
      ...[...this.#worked].map(([name, { works, of: tried, family }]) => {
        const of = tried + this.#locked[family];
        return `${name} worked in ${works} of ${of}${percent(works, of)}`;
      }),
      ...(longest === null
        ? []
        : [
            `longest outage: ${span(longest.ms)}, from ${localTime(longest.from)}${lasting && longest === last ? ", and it lasts" : ""}`,
          ]),
    ];
  }
}

/** Months are told in days, days in hours. */
function span(ms: number): string {
  const hours = ms / 3_600_000;
  if (hours < 2) return duration(ms);
  return hours < 48 ? `${Math.round(hours * 10) / 10} h` : `${Math.round(hours / 2.4) / 10} days`;
}

function percent(works: number, of: number): string {
  if (works === of || works === 0) return "";
  // 999 of 1000 is not 100 %.
  return ` (${Math.min(99.9, Math.round((1000 * works) / of) / 10)} %)`;
}

/** `2026-11-21 11:45:03`, in this machine's time zone. */
export function localTime(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
