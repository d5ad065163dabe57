import { isIP } from "node:net";
import type { Behaviour, SessionView } from "../behaviour.ts";
import { SimulatorProblem } from "../simulator-problem.ts";
import { WORDINGS, type WordingName } from "../wordings/index.ts";
import { ACTIVE_FAULTS } from "./active.ts";
import { CONVERSATION_FAULTS } from "./conversation.ts";
import type { Fault } from "./fault.ts";
import { GREETING_FAULTS } from "./greeting.ts";
import { HOSTILE_FAULTS } from "./hostile.ts";
import { LOGIN_FAULTS, TLS_DEMANDERS } from "./login.ts";
import { OTHER_SERVICE_FAULTS } from "./other-service.ts";
import { PASSIVE_ADDRESS_FAULTS } from "./passive-address.ts";
import { PASSIVE_PORT_FAULTS } from "./passive-port.ts";
import { PASSIVE_REPLY_FAULTS } from "./passive-reply.ts";
import { TLS_FAULTS } from "./tls.ts";
import { TRANSFER_FAULTS } from "./transfer.ts";

const FAULTS: readonly Fault[] = [
  ...PASSIVE_ADDRESS_FAULTS,
  ...PASSIVE_PORT_FAULTS,
  ...PASSIVE_REPLY_FAULTS,
  ...ACTIVE_FAULTS,
  ...TRANSFER_FAULTS,
  ...GREETING_FAULTS,
  ...OTHER_SERVICE_FAULTS,
  ...LOGIN_FAULTS,
  ...TLS_FAULTS,
  ...CONVERSATION_FAULTS,
  ...HOSTILE_FAULTS,
];

/** What people are shown of a fault. */
export interface SimulatorFault {
  /** What to type; `name=value` where it takes a value. */
  readonly name: string;
  /** One line: what the server does. */
  readonly description: string;
  /** The finding a probe is expected to end with; null where a client should get along with it. */
  readonly finding: string | null;
  /** The value taken where none is given; null where the fault takes none. */
  readonly value: string | null;
}

/** Every fault there is, grouped by where it shows. */
export const simulatorFaults: readonly SimulatorFault[] = FAULTS.map(({ name, description, finding, value }) => ({
  name,
  description,
  finding,
  value: value?.fallback ?? null,
}));

/** A fault asked for, its value read. */
export interface ChosenFault {
  /** As in the list of faults, without its value. */
  name: string;
  /** The product whose words fit it; null where any do. */
  wording: WordingName | null;
  /** The behaviour for one control connection. */
  behave(session: SessionView): Behaviour;
}

/** Reads fault names, each `name` or `name=value`. Throws `SimulatorProblem` for what is not known or does not fit. */
export function readFaults(asked: string | readonly string[]): ChosenFault[] {
  return (typeof asked === "string" ? [asked] : asked).map((text) => {
    const [, name = text, given] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
    const fault = FAULTS.find((candidate) => candidate.name === name);
    if (fault === undefined) throw new SimulatorProblem(`unknown fault: ${name}`);
    if (fault.value === null) {
      if (given !== undefined) throw new SimulatorProblem(`the fault ${name} takes no value`);
      return { name, wording: fault.wording, behave: (session) => fault.behave("", session) };
    }
    const value = given ?? fault.value.fallback;
    const problem = problemWith(value, fault.value.kind);
    if (problem !== null) throw new SimulatorProblem(`the fault ${name} needs ${problem}, not: ${value}`);
    const own = Object.hasOwn(WORDINGS, value) ? (value as WordingName) : null;
    return { name, wording: fault.wording ?? own, behave: (session) => fault.behave(value, session) };
  });
}

/** What the value should have been; null where it is good. */
function problemWith(value: string, kind: NonNullable<Fault["value"]>["kind"]): string | null {
  switch (kind) {
    case "address":
      return isIP(value) === 4 ? null : "an IPv4 address";
    case "ms":
      return /^\d{1,7}$/.test(value) ? null : "a number of milliseconds";
    case "count":
      return /^\d{1,4}$/.test(value) ? null : "a number";
    case "verbs":
      return /^[A-Z]{3,4}(,[A-Z]{3,4})*$/.test(value) ? null : "FTP commands in capitals with commas between";
    case "reply":
      return /^[1-5]\d\d [\x20-\x7e]*$/.test(value) ? null : "the text of a reply, code first";
    case "product":
      return TLS_DEMANDERS.includes(value) ? null : `one of ${TLS_DEMANDERS.join(", ")}`;
  }
}
