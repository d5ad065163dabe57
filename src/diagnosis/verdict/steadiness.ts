import { familyOf } from "../../model/endpoint.ts";
import type { RoundChange, Steadiness } from "../../model/steadiness.ts";
import { FAMILY } from "../../model/words.ts";
import type { Facts } from "../facts/facts.ts";
import { identities } from "../facts/machines.ts";
import { courses, summariseCourse } from "../facts/steadiness.ts";
import { requirementState, requirementsOf, worst } from "./requirements.ts";

/** How alike the rounds came out; null where nothing was repeated. */
export function summariseSteadiness(facts: Facts): Steadiness | null {
  const { rounds, evidence } = facts;
  if (rounds.length === 0) return null;
  return {
    rounds: rounds.length,
    asked: evidence.policy.repeat ?? rounds.length,
    modes: courses(facts).map((course) => summariseCourse(course, familyOf(course.address))),
    changes: changes(facts),
  };
}

/** Whether what is required was met in one round and not in another: then nothing is plainly broken. */
export function worksNowAndThen(facts: Facts): boolean {
  const all = requirementsOf(facts);
  const ladders = facts.addresses.flatMap((address) => address.ladders);
  const states = facts.rounds.map(({ rows }) => worst(all.map((each) => requirementState(each, all, rows, ladders))));
  return states.includes("met") && states.some((state) => state !== "met");
}

function changes({ rounds }: Facts): RoundChange[] {
  const families = (["ipv4", "ipv6"] as const).map((family) => {
    const shown = rounds.flatMap(({ ordinal, resolved }) =>
      resolved.flatMap((each) =>
        each.family === family && each.outcome === "ok" ? [{ ordinal, value: each.addresses.join(", ") }] : [],
      ),
    );
    return change("addresses", FAMILY[family], shown);
  });
  const addresses = [...new Set(rounds.flatMap(({ visits }) => visits.map(({ address }) => address)))];
  const machines = addresses.flatMap((address) =>
    (["greeting", "product", "certificate", "advertised"] as const).map((facet) => {
      const shown = rounds.flatMap((round) =>
        identities(round, facet, { address }).map(({ key, value }) => ({ ordinal: round.ordinal, key, value })),
      );
      return change(facet, address, shown);
    }),
  );
  return [...families, ...machines].flatMap((each) => each ?? []);
}

function change(
  what: RoundChange["what"],
  at: string,
  shown: readonly { ordinal: number; key?: string; value: string }[],
): RoundChange | null {
  const values = new Map<string, { value: string; rounds: number[] }>();
  for (const { ordinal, value, key = value } of shown) {
    const known = values.get(key);
    if (known === undefined) values.set(key, { value, rounds: [ordinal] });
    else known.rounds.push(ordinal);
  }
  return values.size < 2 ? null : { what, at, values: [...values.values()] };
}
