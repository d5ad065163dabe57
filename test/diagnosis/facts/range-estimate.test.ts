import { describe, expect, it } from "vitest";
import type { PortOffer } from "../../../src/diagnosis/facts/allocation.ts";
import { CONFIDENCE, estimateRange } from "../../../src/diagnosis/facts/range-estimate.ts";

/** A generator of numbers from 0 to 1 that gives the same ones on every run (mulberry32). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Offers as a run makes them: two modes in turn, on two sessions. */
function offers(ports: readonly number[], sessions = 2): PortOffer[] {
  return ports.map((port, index) => ({
    port,
    session: `session-${index % sessions}`,
    mode: index % 2 === 0 ? "epsv" : "pasv",
  }));
}

const DRAWS = 2000;
/** Two in a hundred below what is claimed: more than the noise of so many draws (0.7 %) twice over. */
const TOLERATED = 0.02;

describe("the confidence that is stated", () => {
  const random = seeded(20_261_121);
  for (const size of [3, 10, 51, 101, 1000, 16_383, 28_232, 64_512]) {
    for (const samples of [5, 6, 8, 12, 24, 48]) {
      it(`holds for ${samples} ports drawn from ${size}`, () => {
        let [stated, true_, wide] = [0, 0, 0];
        for (let i = 0; i < DRAWS; i++) {
          const from = 1024 + Math.floor(random() * (65_536 - 1024 - size));
          const to = from + size - 1;
          const ports = Array.from({ length: samples }, () => from + Math.floor(random() * size));
          const { within } = estimateRange(offers(ports));
          if (within === null) continue;
          stated++;
          if (within.from <= from && within.to >= to) true_++;
          wide += (within.to - within.from + 1) / size;
        }
        expect(stated / DRAWS).toBeGreaterThan(0.98);
        expect(true_ / stated).toBeGreaterThan(CONFIDENCE - TOLERATED);
        // Bounds that hold the truth by holding everything would say nothing.
        if (samples >= 12 && size >= 10) expect(wide / stated).toBeLessThan(1.7);
      });
    }
  }

  /** A server that goes through its range in turn, beside other clients that take ports in between. */
  for (const busy of [0, 0.5, 3]) {
    it(`holds for ports taken in turn where others take ${busy} in between`, () => {
      let [stated, true_, claimed] = [0, 0, 0];
      const size = 20 * (1 + busy);
      for (let i = 0; i < DRAWS; i++) {
        let at = Math.floor(random() * size);
        const ports = Array.from({ length: 16 }, () => {
          at += 1;
          while (random() < busy / (1 + busy)) at += 1;
          return 40_000 + (at % size);
        });
        const { allocation, within, confidence } = estimateRange(offers(ports));
        if (allocation.kind !== "sequential" || within === null || confidence === null) continue;
        stated++;
        claimed += confidence;
        if (within.from <= 40_000 && within.to >= 39_999 + size) true_++;
      }
      expect(stated).toBeGreaterThan(DRAWS / 20);
      expect(true_ / stated).toBeGreaterThan(claimed / stated - TOLERATED);
    });
  }

  it("never takes ports at random for a sequence more often than once in a hundred times", () => {
    let sequences = 0;
    for (let i = 0; i < DRAWS; i++) {
      const ports = Array.from({ length: 7 }, () => 40_000 + Math.floor(random() * 101));
      if (estimateRange(offers(ports)).allocation.kind === "sequential") sequences++;
    }
    expect(sequences / DRAWS).toBeLessThan(0.01);
  });
});

describe("how the ports are taken", () => {
  const kind = (ports: readonly number[], sessions = 2) => estimateRange(offers(ports, sessions)).allocation.kind;

  it("knows a port that is offered again and again, on several sessions", () => {
    expect(estimateRange(offers([40_001, 40_001, 40_001, 40_001, 40_001]))).toMatchObject({
      allocation: { kind: "fixed", port: 40_001 },
      within: { from: 40_001, to: 40_001 },
      confidence: 0.93,
    });
    // One session may be given one port for all of its life.
    expect(kind([40_001, 40_001, 40_001, 40_001, 40_001], 1)).toBe("unknown");
  });

  it("knows a sequence, and both ends of the range where it came round", () => {
    const upwards = [40_004, 40_005, 40_006, 40_007, 40_008, 40_009, 40_000, 40_001, 40_002];
    expect(estimateRange(offers(upwards))).toMatchObject({
      allocation: { kind: "sequential", direction: "up", step: 1, turned: true },
      within: { from: 40_000, to: 40_009 },
    });
    expect(estimateRange(offers(upwards.toReversed())).allocation).toMatchObject({ direction: "down", turned: true });
    // Without a turn nobody knows where it ends.
    expect(estimateRange(offers([52_110, 52_111, 52_113, 52_114, 52_117, 52_118, 52_121]))).toMatchObject({
      allocation: { kind: "sequential", step: 3, turned: false },
      within: null,
      confidence: null,
    });
  });

  it("says nothing from fewer than five offers", () => {
    expect(estimateRange(offers([40_001, 40_002, 40_003, 40_004]))).toMatchObject({
      allocation: { kind: "unknown" },
      within: null,
    });
  });

  it("does not speak of one range where the modes have one each, or a few far ports come again and again", () => {
    const modes = Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? 40_000 : 50_000) + ((i * 37) % 100));
    expect(kind(modes)).toBe("unknown");
    expect(kind([21_000, 48_123, 33_333, 21_000, 48_123, 48_123, 33_333, 21_000, 33_333, 48_123])).toBe("unknown");
  });
});

describe("the likeliest range", () => {
  it("has round bounds where some are within reach, and never leaves out a port that was seen", () => {
    const ports = [40_003, 40_097, 40_041, 40_066, 40_012, 40_089, 40_054, 40_023, 40_071, 40_035, 40_093, 40_018];
    expect(estimateRange(offers(ports)).likely).toEqual({ from: 40_000, to: 40_100 });
  });

  it("prefers a bound that is known to a rounder one", () => {
    const ports = [49_154, 50_087, 49_701, 49_233, 49_990, 49_422, 49_588, 49_812, 49_310, 50_011];
    expect(estimateRange(offers(ports)).likely?.from).toBe(49_152);
  });

  it("lies between what was seen and what is possible", () => {
    const random = seeded(7);
    for (let i = 0; i < 500; i++) {
      const size = 2 + Math.floor(random() ** 3 * 60_000);
      const from = 1024 + Math.floor(random() * (65_536 - 1024 - size));
      const ports = Array.from({ length: 8 }, () => from + Math.floor(random() * size));
      const { likely, within } = estimateRange(offers(ports));
      if (likely === null || within === null) continue;
      expect(likely.from).toBeLessThanOrEqual(Math.min(...ports));
      expect(likely.to).toBeGreaterThanOrEqual(Math.max(...ports));
      expect(likely.from).toBeGreaterThanOrEqual(within.from);
      expect(likely.to).toBeLessThanOrEqual(within.to);
    }
  });
});
