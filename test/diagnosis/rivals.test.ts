import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import { ruleById } from "../../src/diagnosis/rules/index.ts";
import { unprobedCause } from "../../src/diagnosis/unprobed/index.ts";
import { probeOf } from "../support/evidence.ts";

const SOURCES = new URL("../../src/diagnosis/", import.meta.url);

/** The ids that stand in the sources as the cause of a rival. */
function namedRivals(): string[] {
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".ts"));
  return files.flatMap((name) =>
    [...readFileSync(new URL(name, SOURCES), "utf8").matchAll(/cause: "([a-z0-9]+(?:-[a-z0-9]+)+)"/g)].flatMap(
      ([, id]) => id ?? [],
    ),
  );
}

it("every rival named by an id is a rule or has words of its own", () => {
  const named = namedRivals();
  expect(named.length).toBeGreaterThan(20);
  expect(named.filter((id) => ruleById(id) === undefined && unprobedCause(id) === undefined)).toEqual([]);
});

it("a report says beside the id what it stands for", () => {
  const dropped = { dial: "timed-out" } as const;
  const report = diagnose(probeOf("203.0.113.5").passive("epsv", dropped).passive("pasv", dropped).build());
  expect(report.findings[0]?.rivals).toContainEqual(
    expect.objectContaining({
      cause: "pasv-client-egress-blocked",
      title: "This side's firewall forbids connections to high ports",
    }),
  );
});
