import { describe, expect, it } from "vitest";
import type { PortEstimate } from "../../src/model/report.ts";
import { portLines } from "../../src/reporters/port-lines.ts";
import { sampleReport } from "../support/report.ts";

const ESTIMATE: PortEstimate = {
  address: "203.0.113.5",
  samples: 12,
  distinct: 12,
  allocation: "random",
  basis: "12 offers without any order",
  from: 39_974,
  to: 40_126,
  confidence: 0.9,
  likely: { from: 40_000, to: 40_100 },
  looksLike: null,
  remarks: [],
};

function linesOf(changes: Partial<PortEstimate>, observed = { min: 40_003, max: 40_097 }): string {
  const report = sampleReport("healthy", {
    ports: { offered: [], observed, estimate: { ...ESTIMATE, ...changes }, swept: null },
  });
  return portLines(report, 400).join("\n");
}

describe("the line on the passive ports", () => {
  it("is left out where there were too few offers, and for reports of the first days", () => {
    const ports = { offered: [], observed: { min: 1, max: 2 }, swept: null };
    expect(portLines(sampleReport("healthy", { ports }), 80)).toEqual([]);
    expect(portLines(sampleReport("healthy", { ports: { ...ports, estimate: null } }), 80)).toEqual([]);
  });

  it("says what was offered, and what that makes likely", () => {
    expect(linesOf({})).toBe(
      "Ports     12 offers between 40003 and 40097, at random; the range is likely 40000-40100 (90 % sure: within 39974-40126).",
    );
  });

  it("claims nothing that the offers do not tell", () => {
    const none = { from: null, to: null, likely: null, confidence: null };
    expect(linesOf({ ...none, allocation: "sequential" })).toContain("one after another; where the range ends was not");
    expect(linesOf({ ...none, allocation: "unknown", basis: "EPSV and PASV differ" })).toBe(
      "Ports     12 offers between 40003 and 40097; the range cannot be told from them (EPSV and PASV differ).",
    );
    expect(linesOf({ allocation: "fixed" }, { min: 40_001, max: 40_001 })).toContain(
      "12 offers of port 40001, on several",
    );
  });

  it("guesses no range where one was declared and the offers keep to it", () => {
    const counts = { open: 0, closed: 101, filtered: 0, rejected: 0 };
    const lines = (from: number) =>
      portLines(
        sampleReport("healthy", {
          ports: {
            offered: [],
            observed: { min: 40_003, max: 40_097 },
            estimate: ESTIMATE,
            swept: { from, to: 40_100, counts, intervals: [{ from, to: 40_100, state: "closed" }] },
          },
        }),
        400,
      );
    expect(lines(40_000)).toEqual(["Ports     12 offers between 40003 and 40097, at random."]);
    expect(lines(40_050)[0]).toContain("the range is likely 40000-40100");
  });

  it("puts remarks on lines of their own", () => {
    const remarks = [{ kind: "few-ports" as const, text: "The range has no more than 4 ports.", ports: [] }];
    expect(linesOf({ remarks }).split("\n")[1]).toBe("          The range has no more than 4 ports.");
  });
});
