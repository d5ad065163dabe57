import { expect, it } from "vitest";
import { rules } from "../../src/diagnosis/rules/index.ts";
import { UNPROBED_CAUSES } from "../../src/diagnosis/unprobed/index.ts";

/** What a rule says of evidence that no rule understands is no fault of the catalogue. */
const NO_FAULT = ["mode-unexplained"];

/** The lab is JavaScript without declarations. */
async function lab(file: string): Promise<Record<string, unknown>> {
  return await import(new URL(`../lab/scenarios/${file}`, import.meta.url).pathname);
}

it("finds every fault of the catalogue in a scenario of the lab, or in its list of those that are not built", async () => {
  const { SCENARIOS } = (await lab("index.mjs")) as {
    SCENARIOS: { expect: { causes: string[]; rivals?: string[] } }[];
  };
  const { NOT_BUILT } = (await lab("not-built.mjs")) as { NOT_BUILT: { id: string }[] };
  const built = new Set(SCENARIOS.flatMap(({ expect: { causes, rivals = [] } }) => [...causes, ...rivals]));
  const listed = NOT_BUILT.map(({ id }) => id);
  const known = [...rules, ...UNPROBED_CAUSES].map(({ id }) => id).filter((id) => !NO_FAULT.includes(id));
  expect(known.filter((id) => !built.has(id) && !listed.includes(id))).toEqual([]);
  expect(listed.filter((id) => built.has(id))).toEqual([]);
  expect(listed.filter((id) => !known.includes(id))).toEqual([]);
});
