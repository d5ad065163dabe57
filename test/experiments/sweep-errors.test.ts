import { describe, expect, test } from "vitest";
import { whatSilenceMeans } from "../../src/experiments/sweep-errors.ts";
import type { PortAnswer } from "../../src/experiments/sweep-trouble.ts";

const PORTS = [50_001, 50_002, 50_003, 50_004, 50_005, 50_006, 50_007, 50_008];

/** What is made of these answers, one for each port in turn, where a closed port answers so many of those made in a row. */
async function meaning(answers: readonly (PortAnswer | null)[], inRow = 0) {
  const askedInRow: number[] = [];
  const silence = await whatSilenceMeans({
    silent: Uint16Array.from(PORTS),
    ask: async (port) => answers[PORTS.indexOf(port)] ?? null,
    rest: async () => {},
    askInRow: async (port) => {
      askedInRow.push(port);
      return inRow;
    },
  });
  return { silence, askedInRow };
}

function all(answer: PortAnswer): PortAnswer[] {
  return PORTS.map(() => answer);
}

describe("the silence of ports among which some are rejected late", () => {
  test("is a firewall's that rejects them all, where each is rejected when asked slowly", async () => {
    expect((await meaning(all("rejected"))).silence).toEqual({ kind: "rejected", asReset: false });
  });

  test("stays silence where none says anything", async () => {
    expect((await meaning(all("silent"))).silence).toEqual({ kind: "silent" });
  });

  test("is mixed where some are rejected and some are not, or could not be asked", async () => {
    expect((await meaning(["rejected", ...all("silent").slice(1)])).silence).toEqual({ kind: "mixed" });
    expect((await meaning([null, ...all("rejected").slice(1)])).silence).toEqual({ kind: "mixed" });
  });

  test("is loss where a port accepts, or resets more often than errors are saved up", async () => {
    expect((await meaning(["open", ...all("silent").slice(1)])).silence).toEqual({ kind: "lost", answers: null });
    expect((await meaning(all("closed"), 16)).silence).toEqual({ kind: "lost", answers: 50_001 });
    expect((await meaning(all("closed"), 6)).silence).toEqual({ kind: "rejected", asReset: true });
  });

  test("is measured at the port that was closed, whatever could not be asked before it", async () => {
    const { silence, askedInRow } = await meaning([null, "silent", "closed", ...all("silent").slice(3)], 16);
    expect(askedInRow).toEqual([50_003]);
    expect(silence).toEqual({ kind: "lost", answers: 50_003 });
  });
});
