import { canonicalAddress } from "../model/address.ts";
import type { Family } from "../model/endpoint.ts";
import type { PortRange } from "../model/evidence.ts";
import { UsageProblem } from "./problem.ts";
import { didYouMean } from "./suggestion.ts";

/** Reads a decimal number in a range; `unit` goes into the message. */
export function readNumber(option: string, text: string, range: { min: number; max: number; unit: string }): number {
  const { min, max, unit } = range;
  if (!/^\d{1,9}(\.\d{1,3})?$/.test(text) || Number(text) < min || Number(text) > max) {
    throw new UsageProblem(
      `${option} ${shown(text)}: write a number of ${unit} from ${min} to ${max}, such as ${option} ${sample(range)}`,
    );
  }
  return Number(text);
}

/** Reads a whole number in a range. */
export function readWhole(option: string, text: string, range: { min: number; max: number; what: string }): number {
  const { min, max, what } = range;
  if (!/^\d{1,9}$/.test(text) || Number(text) < min || Number(text) > max) {
    throw new UsageProblem(`${option} ${shown(text)}: write ${what}, a whole number from ${min} to ${max}`);
  }
  return Number(text);
}

/** Reads one of a few names. */
export function readName<Name extends string>(option: string, text: string, names: readonly Name[]): Name {
  const found = names.find((name) => name === text);
  if (found === undefined) {
    throw new UsageProblem(`${option} ${shown(text)}: choose one of ${names.join(", ")}${didYouMean(text, names)}`);
  }
  return found;
}

/** Reads names parted by commas; the answer has each once, in the order of `names`. */
export function readNames<Name extends string>(option: string, text: string, names: readonly Name[]): Name[] {
  const wanted = text.split(",").map((name) => name.trim());
  for (const name of wanted) {
    if (!names.some((known) => known === name)) {
      throw new UsageProblem(
        `${option} ${shown(text)}: ${name === "" ? "a name is missing" : `${shown(name)} is not known`}; choose from ${names.join(",")}${didYouMean(name, names)}`,
      );
    }
  }
  return names.filter((name) => wanted.includes(name));
}

/** Reads ports as `A-B`, or `A` for one. */
export function readPorts(option: string, text: string): PortRange {
  const [, first, second] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  const from = Number(first);
  const to = Number(second ?? first);
  if (first === undefined || from < 1 || to > 65_535 || from > to) {
    throw new UsageProblem(
      `${option} ${shown(text)}: write ports as A-B, from 1 to 65535 and the smaller first, such as ${option} 50000-50100`,
    );
  }
  return { from, to };
}

/** Reads an IP literal; a name is not one, because it may have several addresses. */
export function readAddress(option: string, text: string): string {
  const address = canonicalAddress(text.replace(/^\[(.*)\]$/, "$1"));
  if (address === null) {
    throw new UsageProblem(`${option} ${shown(text)}: write an IP address, such as 192.0.2.10 or 2001:db8::10`);
  }
  return address;
}

/** Reads every HOST:ADDRESS into the addresses of each host, in the order given. */
export function readResolve(option: string, texts: readonly string[]): Record<string, string[]> {
  // Without a prototype: a host may be called `constructor`.
  const resolve: Record<string, string[]> = Object.create(null) as Record<string, string[]>;
  for (const text of texts) {
    const [, host, address] = /^([^:[\]]+):(.+)$/.exec(text) ?? [];
    const literal = address === undefined ? null : canonicalAddress(address.replace(/^\[(.*)\]$/, "$1"));
    if (host === undefined || literal === null) {
      throw new UsageProblem(
        `${option} ${shown(text)}: write HOST:ADDRESS, such as ${option} ftp.example.com:192.0.2.10`,
      );
    }
    const name = host.toLowerCase();
    resolve[name] = [...new Set([...(resolve[name] ?? []), literal])];
  }
  return resolve;
}

/** The families that `auto`, `4` and `6` stand for. */
export function familiesOf(name: "auto" | "4" | "6"): Family[] {
  switch (name) {
    case "auto":
      return ["ipv4", "ipv6"];
    case "4":
      return ["ipv4"];
    case "6":
      return ["ipv6"];
  }
}

/** What was typed, short enough for a one-line message. */
export function shown(text: string): string {
  return text === "" ? '""' : text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

function sample({ min, max }: { min: number; max: number }): number {
  return Math.min(Math.max(min, 10), max);
}
