import type { PortAnswer } from "./sweep-trouble.ts";

/** Silent ports that are asked once more, so far apart that a limit on ICMP errors (Linux: one per second and caller, six at once) lets each have its own. */
const SAMPLE = 8;
const APART_MS = 1_300;
/**
 * Asked so often and so far apart, a closed port answers most times, even where the way loses many or few connections at
 * once are let through; of ICMP errors no more come than are saved up (six) and grow again (one per second).
 */
const IN_ROW = 24;
const IN_ROW_APART_MS = 100;
const MORE_THAN_ERRORS = 13;
/** Ports that answered in time are asked again so often in a row: more errors than are saved up (six) cannot come. */
export const CLOSED_ROUNDS = 3;

/** What is needed to tell a firewall that says no, but not to all, from one that says nothing. */
export interface ErrorsAsked {
  /** Silent ports in random order. */
  silent: Uint16Array;
  /** Asks one port, while nothing else is asked; null where that could not be done. */
  ask(port: number): Promise<PortAnswer | null>;
  /** Waits. */
  rest(ms: number): Promise<void>;
  /** How many of so many dials to one port, begun so far apart, are answered as by a closed one. */
  askInRow(port: number, times: number, apartMs: number): Promise<number>;
}

/** What the silence of ports means among which some are rejected late. */
export type Silence =
  /** They are rejected as well: the firewall's errors come at a limited rate. `asReset`: it says so in a way that looks like a closed port. */
  | { kind: "rejected"; asReset: boolean }
  /** None of them said anything. */
  | { kind: "silent" }
  /** Some are, some are not. */
  | { kind: "mixed" }
  /** Answers were lost on the way: the sweep was too fast. `answers`: a closed port that shows it. */
  | { kind: "lost"; answers: number | null };

/** Asks some silent ports slowly, to learn whether they are silent when few are asked. */
export async function whatSilenceMeans(asked: ErrorsAsked): Promise<Silence> {
  const answers: PortAnswer[] = [];
  let closed: number | null = null;
  const sample = asked.silent.subarray(0, SAMPLE);
  for (const port of sample) {
    await asked.rest(APART_MS);
    const answer = await asked.ask(port);
    // One that this machine could not ask says nothing.
    if (answer === null) continue;
    answers.push(answer);
    if (answer === "closed") closed ??= port;
  }
  if (closed !== null && (await asked.askInRow(closed, IN_ROW, IN_ROW_APART_MS)) >= MORE_THAN_ERRORS) {
    return { kind: "lost", answers: closed };
  }
  if (answers.includes("open")) return { kind: "lost", answers: null };
  const errors = answers.filter((answer) => answer !== "silent").length;
  if (errors === 0) return { kind: "silent" };
  return errors === answers.length && answers.length === sample.length
    ? { kind: "rejected", asReset: closed !== null }
    : { kind: "mixed" };
}
