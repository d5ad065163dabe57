import type { Slowdown } from "../model/evidence.ts";
import type { DialEnd } from "./sweep-flight.ts";

/** What the network said of a port. */
export type PortAnswer = "open" | "closed" | "rejected" | "silent";

/** How a dial ends that this machine could not make. */
export type OwnEnd = Exclude<DialEnd, "connected" | "refused" | "rejected" | "silent">;

/** What the network said of a port, or why it could not be asked. */
export function answerOf(end: DialEnd): { asked: true; answer: PortAnswer } | { asked: false; why: OwnEnd } {
  switch (end) {
    case "connected":
      return { asked: true, answer: "open" };
    case "refused":
      return { asked: true, answer: "closed" };
    case "rejected":
    case "silent":
      return { asked: true, answer: end };
    case "no-local-port":
    case "no-descriptor":
    case "no-memory":
    case "local-error":
      return { asked: false, why: end };
  }
}

/** After trouble of this machine's own; and when it is given up, if nothing has worked since. */
const RECOVERY_MS = 250;
const HOPELESS_MS = 20_000;
/** So often this machine may say of a dial that it cannot be made at all, if it has made none. */
const MOST_LOCAL_ERRORS = 20;

/** Troubles of this machine, which are never the server's answer: they are waited out, or end the sweep. */
export class OwnTroubles {
  #sinceMs: number | null = null;
  #recoveredMs = Number.NEGATIVE_INFINITY;
  #localErrors = 0;
  #worked = false;

  /** A dial was made, and had an end of its own. */
  over(): void {
    this.#sinceMs = null;
    this.#worked = true;
  }

  /** A dial failed here. `pause`: the first of several alike, nothing should be begun until then. */
  failed(
    end: OwnEnd,
    nowMs: number,
  ): { kind: "hopeless" } | { kind: "known" } | { kind: "pause"; untilMs: number; why: Slowdown["why"] } {
    if (end === "local-error") {
      this.#localErrors += 1;
      return this.#worked || this.#localErrors < MOST_LOCAL_ERRORS ? { kind: "known" } : { kind: "hopeless" };
    }
    this.#sinceMs ??= nowMs;
    if (nowMs - this.#sinceMs > HOPELESS_MS) return { kind: "hopeless" };
    if (nowMs < this.#recoveredMs) return { kind: "known" };
    this.#recoveredMs = nowMs + RECOVERY_MS;
    return { kind: "pause", untilMs: this.#recoveredMs, why: WHY[end] };
  }
}

const WHY = { "no-descriptor": "descriptors", "no-memory": "memory", "no-local-port": "local-ports" } as const;
