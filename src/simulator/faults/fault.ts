import type { Behaviour, SessionView } from "../behaviour.ts";
import type { WordingName } from "../wordings/index.ts";

/** A named way in which the simulator can be sick. */
export interface Fault {
  /** What people type. */
  name: string;
  /** One line: what the server does. */
  description: string;
  /** The finding that a probe of it is expected to end with; null where a client should get along with it. */
  finding: string | null;
  /** The value it takes as `name=value`; null where it takes none. */
  value: FaultValue | null;
  /** The product that says these words; null where any may. */
  wording: WordingName | null;
  /** The behaviour for one control connection; `value` is checked already, and empty where the fault takes none. */
  behave(value: string, session: SessionView): Behaviour;
}

/** The value of a fault. */
export interface FaultValue {
  /** What it may be. `verbs`: commands with commas between; `reply`: the text of a reply. */
  kind: "address" | "ms" | "count" | "verbs" | "reply" | "product";
  /** Taken where none is given. */
  fallback: string;
}

/** Builds a fault from what is special about it. */
export function fault(
  name: string,
  finding: string | null,
  description: string,
  behave: Fault["behave"],
  more: Partial<Pick<Fault, "value" | "wording">> = {},
): Fault {
  return { name, description, finding, behave, value: more.value ?? null, wording: more.wording ?? null };
}

/** Builds the value description of a fault. */
export function taking(kind: FaultValue["kind"], fallback: string | number): { value: FaultValue } {
  return { value: { kind, fallback: String(fallback) } };
}
