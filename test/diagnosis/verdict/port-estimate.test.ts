import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import type { PortEstimate } from "../../../src/model/report.ts";
import { probeOf } from "../../support/evidence.ts";

const PEER = "203.0.113.5";

/** A healthy probe that asked for these ports besides. */
function estimateOf(ports: readonly number[], greeting = "220 Service ready."): PortEstimate | null | undefined {
  const [first = 0, second = 0, ...rest] = ports;
  const probe = probeOf(PEER)
    .control({ greeting })
    .passive("epsv", { names: `${PEER}:${first}` })
    .passive("pasv", { names: `${PEER}:${second}` });
  if (rest.length > 0) {
    probe.offers(
      "epsv",
      "one-by-one",
      rest.map((port) => ({ names: `${PEER}:${port}` })),
    );
  }
  return diagnose(probe.build()).ports.estimate;
}

const kinds = (estimate: PortEstimate | null | undefined) => estimate?.remarks.map(({ kind }) => kind);

describe("the estimate in the report", () => {
  it("needs five offers at one address", () => {
    expect(estimateOf([40_003, 40_097, 40_041, 40_066])).toBeNull();
    expect(estimateOf([40_003, 40_097, 40_041, 40_066, 40_012])).toMatchObject({ samples: 5, address: PEER });
  });

  it("says how much is known, and how", () => {
    const ports = [40_003, 40_097, 40_041, 40_066, 40_012, 40_089, 40_054, 40_023, 40_071, 40_035, 40_093, 40_018];
    const estimate = estimateOf(ports);
    expect(estimate).toMatchObject({
      samples: 12,
      distinct: 12,
      allocation: "random",
      basis: "12 offers without any order",
      confidence: 0.9,
      likely: { from: 40_000, to: 40_100 },
      looksLike: null,
      remarks: [],
    });
    expect(estimate?.from).toBeGreaterThan(39_950);
    expect(estimate?.to).toBeLessThan(40_150);
  });

  it("knows the ports that Linux gives out by itself, by their being odd", () => {
    const odd = [33_001, 46_127, 41_223, 36_549, 44_801, 34_715, 39_887, 46_655, 32_999, 43_013];
    const estimate = estimateOf(odd);
    expect(estimate?.looksLike).toMatchObject({ from: 32_768, to: 46_883, origin: "system" });
    expect(kinds(estimate)).toEqual(["no-range"]);
    // A near miss: the same span, even and odd.
    expect(estimateOf(odd.map((port, index) => port + (index % 2)))?.looksLike).toBeNull();
  });

  it("knows the upper range as a panel's on a server of Unix, and as the system's elsewhere", () => {
    const upper = [49_400, 65_100, 58_123, 52_344, 61_870, 55_001, 63_456, 50_222, 60_002, 57_111];
    expect(estimateOf(upper, "220 ProFTPD Server (Debian) [203.0.113.5]")).toMatchObject({
      looksLike: { from: 49_152, to: 65_535, origin: "setting" },
      remarks: [],
    });
    const elsewhere = estimateOf(upper, "220 Microsoft FTP Service");
    expect(elsewhere?.looksLike).toMatchObject({ origin: "system" });
    expect(kinds(elsewhere)).toEqual(["no-range"]);
  });

  it("does not take a part of a system's range for all of it", () => {
    expect(estimateOf([50_040, 50_012, 50_099, 50_077, 50_003, 50_061, 50_025])?.looksLike).toBeNull();
  });

  it("remarks on a small range, on ports taken in turn, and on ports of other services", () => {
    const small = estimateOf([40_002, 40_000, 40_003, 40_001, 40_003, 40_000, 40_002, 40_001, 40_000, 40_003, 40_001]);
    expect(kinds(small)).toEqual(["few-ports"]);
    const inTurn = estimateOf([50_010, 50_011, 50_012, 50_013, 50_014, 50_015, 50_016, 50_017]);
    expect(inTurn).toMatchObject({ allocation: "sequential", from: null, to: null, confidence: null, likely: null });
    expect(kinds(inTurn)).toEqual(["predictable"]);
    const telephony = estimateOf([5040, 5099, 5012, 5077, 5003, 5061, 5025]);
    expect(telephony?.remarks).toMatchObject([{ kind: "taken-ports", ports: [5060] }]);
  });

  it("leaves out a control port that was offered by mistake", () => {
    expect(estimateOf([21, 21, 21, 21, 21, 21])).toBeNull();
  });
});
