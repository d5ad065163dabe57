import { describe, expect, it } from "vitest";
import { diagnose, render, runOf } from "../../src/index.ts";
import type { SweepRecord, SweptState } from "../../src/model/evidence.ts";
import type { RenderOptions } from "../../src/reporters/index.ts";
import { probeOf } from "../support/evidence.ts";

type Runs = readonly `${string} ${SweptState}`[];

async function shown(runs: Runs, options: Partial<RenderOptions> = {}): Promise<string[]> {
  const report = diagnose(probeOf("203.0.113.5").sweep(runs, { 2222: "closed" }).build());
  return (await render(runOf([report]), "table", { width: 80, ...options })).split("\n");
}

/** The bar is the line above the scale, which begins with the first port and ends with the last. */
async function barOf(runs: Runs, options: Partial<RenderOptions> = {}): Promise<string> {
  const lines = await shown(runs, options);
  const [from, to] = [/^\d+/.exec(runs[0] ?? "")?.[0], /(\d+) \w+$/.exec(runs.at(-1) ?? "")?.[1]];
  const at = lines.findIndex((line) => new RegExp(`^${from} +${to}$`).test(line));
  return lines[at - 1] ?? "";
}

describe("the picture of a range", () => {
  it("has a character per port where there is room", async () => {
    expect(await barOf(["40000-40019 closed", "40020-40039 filtered"])).toBe("█".repeat(20) + "·".repeat(20));
  });

  it("shows the border of a large range in its place, within the width", async () => {
    const bar = await barOf(["49152-57343 closed", "57344-65534 filtered"]);
    expect(bar.length).toBeLessThanOrEqual(80);
    expect(bar).toMatch(/^█{39,40}▒?·{39,40}$/);
    for (const width of [60, 72]) {
      expect((await barOf(["49152-57343 closed", "57344-65534 filtered"], { width })).length).toBeLessThanOrEqual(
        width,
      );
    }
  });

  it("hides no single port among thousands", async () => {
    const bar = await barOf(["40000-44999 closed", "45000 filtered", "45001-49999 closed"]);
    expect(bar).toMatch(/^█+▒█+$/);
  });

  it("can be drawn with ASCII alone, each state with its own character and its name in words", async () => {
    const runs: Runs = [
      "40000-40004 closed",
      "40005 open",
      "40006-40010 filtered",
      "40011-40014 rejected",
      "40015 untried",
    ];
    const text = (await shown(runs, { ascii: true })).join("\n");
    expect(text).toContain("#####O.....xxxx?");
    const picture = text.slice(text.indexOf("Ports 40000-40015"), text.indexOf("fix 1"));
    expect([...picture].filter((character) => character > "~")).toEqual([]);
    for (const words of ["# closed", "O open", ". filtered", "x rejected", "? not tried"])
      expect(text).toContain(words);
  });

  it("keeps its words without colour and its width with it", async () => {
    const runs: Runs = ["40000-40019 closed", "40020-40039 filtered"];
    const [plain, painted] = [await shown(runs), await shown(runs, { color: true })];
    expect(painted.map((line) => line.replaceAll(/\x1b\[\d+m/g, ""))).toEqual(plain);
  });

  it("lists every run of equal answers with its count and meaning, and counts those it leaves out", async () => {
    const few = (await shown(["40000-40009 closed", "40010 filtered", "40011-40050 closed"])).join("\n");
    expect(few).toMatch(/^40000-40009 +10 +closed/m);
    expect(few).toMatch(/^40010 +1 +filtered +no answer, twice/m);
    const runs = Array.from(
      { length: 40 },
      (_, at) => `${41000 + at} ${at % 2 === 0 ? "closed" : "filtered"}` as const,
    );
    expect((await shown(runs)).join("\n")).toContain("and 28 more stretches; --verbose lists them all");
    expect((await shown(runs, { verbose: true })).join("\n")).toMatch(/^41039 +1 +filtered/m);
  });

  it("tells in full of ports that answered only when asked again, and of those passed over in a search", async () => {
    const text = async (late: number, passed: number, verbose: boolean) => {
      const built = probeOf("203.0.113.5")
        .sweep(["40000-40019 closed", "40020-40039 filtered"], { 2222: "closed" }, late)
        .remapped({ from: 40000, to: 40039 }, [[30001, 40001]], passed);
      const printed = await render(runOf([diagnose(built.build())]), "table", { width: 80, verbose });
      return printed.replaceAll(/\s+/g, " ");
    };
    const full = await text(3, 2, true);
    expect(full).toContain("3 ports were silent at first and answered when asked again: packets are lost");
    expect(full).toContain(
      "While the offer of port 30001 (PASV) stood, 9 of these ports were dialled: 1 accepted and waited as a server's would, 2 accepted and hung up, or spoke, within a moment",
    );
    expect(await text(1, 0, true)).toContain("1 port was silent at first and answered when asked again");
    expect(await text(1, 0, true)).toContain("none accepted and hung up.");
    expect(await text(0, 2, true)).not.toContain("silent at first");
    expect(await text(3, 2, false)).not.toMatch(/silent at first|hung up, or spoke/);
  });

  it("of a sweep that was stopped shows what was tried, over the gaps between", async () => {
    const runs = Array.from({ length: 200 }, (_, at) => {
      const state = at % 4 !== 1 ? "untried" : at < 100 ? "closed" : "filtered";
      return `${40000 + at} ${state}` as const;
    });
    const text = (await shown(runs)).join("\n");
    expect(await barOf(runs)).toMatch(/^[▄?]+[·?]+$/);
    expect(text).toContain("▄ closed as far as tried");
    // What is not there has no place in the legend.
    expect(text).not.toContain("█");
    expect(text).toMatch(/^40001-40097 +25 tried +closed/m);
    expect(text).toMatch(/^40101-40197 +25 tried +filtered/m);
    expect(text).toContain("Of 150 ports it could not be told");
  });

  it("is solid only where every port of a character was tried", async () => {
    const runs = Array.from(
      { length: 1_001 },
      (_, at) => `${40000 + at} ${at < 500 || at % 3 === 0 ? "closed" : "untried"}` as const,
    );
    expect(await barOf(runs)).toMatch(/^█{38}[▄]{39}$/);
  });

  it("of a host that accepts everything calls nothing a service", async () => {
    const text = (await shown(["40000-40019 open", "40020-40030 closed"])).join("\n");
    expect(text).toContain("◆ open: something listens there");
    const evidence = probeOf("203.0.113.5").sweep(["40000-40019 open"]).build();
    for (const record of evidence.experiments) {
      if (record.experiment === "sweep") record.elsewhere = [{ port: 2, state: "open" }];
    }
    const tarpit = await render(runOf([diagnose(evidence)]), "table", { width: 80 });
    expect(tarpit).toContain("◆ accepted, like every port here: proves nothing");
    expect(tarpit).not.toContain("something listens there");
  });

  it("of a forwarder that accepts by itself calls nothing a service either", async () => {
    const offers = [40_001, 40_004, 40_009].map(
      (port) => ({ dial: "connected", names: `203.0.113.5:${port}` }) as const,
    );
    const probe = probeOf("203.0.113.5").offers("epsv", "one-by-one", offers);
    const report = diagnose(probe.sweep(["40000-40019 open"], { 2222: "closed" }).build());
    const text = await render(runOf([report]), "table", { width: 100 });
    expect(text).toMatch(/^40000-40019 +20 +open +accepted, offered or not: something before the server answers$/m);
  });

  it("is not drawn for an ordinary probe", async () => {
    const report = diagnose(probeOf("203.0.113.5").works("epsv", "pasv").build());
    expect(await render(runOf([report]), "table")).not.toMatch(/^Ports? \d/m);
  });
});

it("tells of ports in a declared range that others use", async () => {
  const text = (await shown(["5000-5100 closed"])).join(" ").replaceAll(/\s+/g, " ");
  expect(text).toContain("ports that firewalls inspect or other services use: 5060 (SIP (telephony))");
});

describe("a sweep that could not go on", () => {
  it.each([
    ["shut-out", "a firewall seems to have shut this machine out"],
    ["own-limits", "This machine could open no further connections"],
  ] as const)("says why: %s", async (stopped, words) => {
    expect(await remarked({ stopped })).toContain(words);
  });

  it("says which ports are taken to be rejected, where errors are limited", async () => {
    expect(await remarked({ limitedErrors: { assumed: 390 } })).toContain("390 silent ports count as rejected");
    expect(await remarked({ limitedErrors: { assumed: 0 } })).toContain("some of the filtered ports may be rejected");
    expect(await remarked({})).not.toContain("ICMP");
  });

  async function remarked(changes: Partial<SweepRecord>): Promise<string> {
    const evidence = probeOf("203.0.113.5").sweep(["40000-40019 closed", "40020-40039 untried"]).build();
    for (const record of evidence.experiments) if (record.experiment === "sweep") Object.assign(record, changes);
    return (await render(runOf([diagnose(evidence)]), "table", { width: 80 })).replace(/\s+/g, " ");
  }
});
