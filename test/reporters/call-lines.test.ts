import { describe, expect, it } from "vitest";
import { diagnose, exitCode, render, runOf } from "../../src/index.ts";
import type { ActivePortTrial } from "../../src/model/evidence.ts";
import { probeOf } from "../support/evidence.ts";
import { expectValidReport } from "../support/schema.ts";

const PEER = "203.0.113.5";
const FIRST = 50_000;

const WORKS: Omit<ActivePortTrial, "port"> = {
  listen: "ok",
  listenCode: null,
  reply: { code: 200, text: "200 PORT command successful." },
  accept: "connected",
  calledFrom: { address: PEER, port: 20 },
  strangers: [],
  dataOutcome: "ok",
  finalCode: 226,
  ms: 12,
};
/** What becomes of a port, by a letter. */
const TRIALS = {
  w: WORKS,
  // From a high port.
  h: { ...WORKS, calledFrom: { address: PEER, port: 41_000 } },
  c: { ...WORKS, dataOutcome: "reset", finalCode: 426 },
  b: { ...WORKS, accept: "timed-out", calledFrom: null, dataOutcome: null, finalCode: null },
  r: { ...WORKS, reply: { code: 500, text: "500 Illegal PORT command." }, accept: null, calledFrom: null },
  o: { ...WORKS, listen: "local-error", listenCode: "EADDRINUSE", reply: null, accept: null, calledFrom: null },
  u: { ...WORKS, listen: "cancelled", reply: null, accept: null, calledFrom: null },
} as const satisfies Record<string, Omit<ActivePortTrial, "port">>;

/** A survey whose ports came out like this, one letter each from port 50000 on; `missing` more were planned. */
function survey(letters: string, missing = 0, also: "2001:db8::5" | null = null) {
  const trials = ([...letters] as (keyof typeof TRIALS)[]).map((letter, index) => ({
    ...TRIALS[letter],
    port: FIRST + index,
  }));
  const range = { from: FIRST, to: FIRST + trials.length + missing - 1 };
  const asked = probeOf(PEER, ...(also === null ? [] : [also])).policy({ calledAt: range });
  for (const [index, address] of [PEER, ...(also === null ? [] : [also])].entries()) {
    asked
      .at(address)
      .record({
        id: `active-ports-${index + 1}`,
        startedMs: 100,
        durationMs: 100,
        status: "done",
        note: null,
        address,
        family: index === 0 ? "ipv4" : "ipv6",
        protection: "clear",
        session: "session-1",
        experiment: "active-ports",
        range,
        mode: index === 0 ? "port" : "eprt",
        planned: trials.length + missing,
        trials,
      })
      .login();
  }
  const report = diagnose(asked.build());
  expectValidReport(report);
  return report;
}

const text = (letters: string, missing = 0) => render(runOf([survey(letters, missing)]), "table", { width: 100 });

describe("our own ports that the server was let call", () => {
  it.each([
    ["wwww", 0],
    ["hhhh", 0],
    ["wwoo", 0],
    ["wwbb", 1],
    ["wwrr", 1],
    ["cc", 0],
    ["bbbb", 2],
    ["rrrr", 2],
    ["w", 0],
    ["b", 2],
    ["oooo", 3],
    ["wwuu", 3],
    ["bbuu", 3],
    ["wbuu", 1],
  ])("%s ends with %i", (letters, code) => {
    const { verdict } = survey(letters);
    expect(exitCode(verdict, { failOn: "degraded", interrupted: false })).toBe(code);
  });

  it.each([
    ["w", "can call this machine's port 50000."],
    ["b", "cannot call this machine's port 50000: no call arrived at 50000"],
    ["ww", "can call all of this machine's ports 50000-50001."],
  ])("%s is said in plain words", async (letters, words) => {
    const shown = (await text(letters)).replaceAll(/\s+/g, " ");
    expect(shown).toContain(words);
    expect(shown).toContain(letters.length === 1 ? "Port 50000 of this machine" : "Ports 50000-50001 of this machine");
  });

  it("is said of each family where both were asked", () => {
    const { summary } = survey("ww", 0, "2001:db8::5");
    expect(summary).toContain("over IPv4 can call all of this machine's ports 50000-50001.");
    expect(summary).toContain("over IPv6 can call all of this machine's ports 50000-50001.");
  });

  it("says how many of a stretch were tried where others were left out", async () => {
    const shown = await text("bbb", 7);
    expect(shown).toMatch(/^50000-50002 +blocked/m);
    expect(shown.replaceAll(/\s+/g, " ")).toContain("ports 50000-50009, of which 3 were tried,");
  });

  it("stand in stretches of one outcome, with its meaning", async () => {
    const shown = await text("wwbbrocc");
    expect(shown).toMatch(/^50000-50001 +works +the server called, and bytes came$/m);
    expect(shown).toMatch(/^50002-50003 +blocked +accepted \(200\), then nobody called/m);
    expect(shown).toMatch(/^50004 +refused +/m);
    expect(shown).toMatch(/^50005 +busy +/m);
    expect(shown).toMatch(/^50006-50007 +cut +/m);
    expect(shown.replaceAll(/\s+/g, " ")).toContain(
      "Of this machine's ports 50000-50007, ftp.example.com can call 50000-50001 and 50006-50007; no call arrived at 50002-50003",
    );
  });

  it("of a survey that was cut short, those that were not come to are counted", async () => {
    expect(await text("ww", 6)).toMatch(/^Not tried: 6\.$/m);
    expect(survey("ww", 6).verdict).toBe("undetermined");
  });

  it.each([
    ["ww", "The calls came from the server's port 20."],
    ["wh", "Some calls came from the server's port 20, others from high ports."],
    ["hh", "The calls did not come from the server's port 20"],
  ])("%s: tells where calls come from", async (letters, words) => {
    expect(await text(letters)).toContain(words);
  });

  it("says nothing of where calls come from where nobody called", async () => {
    expect(await text("bb")).not.toContain("the server's port 20");
  });

  it("an interruption names what was asked, and no mode that nobody asked for", async () => {
    const report = { ...survey("ww", 6), complete: false };
    const shown = await render(runOf([report]), "table", { width: 100 });
    expect(shown).toContain("Interrupted after");
    expect(shown).not.toContain("Not begun");
  });
});
