import { describe, expect, test } from "vitest";
import { watch } from "../../../src/cli/watch/loop.ts";
import { stateOf } from "../../../src/cli/watch/state.ts";
import { localTime, Tally } from "../../../src/cli/watch/tally.ts";
import type { Report } from "../../../src/model/report.ts";
import { createClock } from "../../../src/system/clock.ts";
import { modeRow, sampleReport } from "../../support/report.ts";
import { virtualTime } from "../../support/sim-clock.ts";

const MINUTE = 60_000;

const healthy = () => sampleReport("healthy", { verdict: "healthy", summary: "FTP works.", modes: [modeRow()] });
const broken = () =>
  sampleReport("healthy", {
    verdict: "broken",
    summary: "Nothing answers.",
    modes: [modeRow({ result: "blocked", stage: "dial" })],
  });

/** Watches what `reports` gives for each run, at a simulated pace. */
async function watched(reports: (run: number) => Report, count: number, stopAfter: number | null = null) {
  const clock = createClock(virtualTime());
  const stop = new AbortController();
  const lines: string[] = [];
  const starts: number[] = [];
  const result = await watch({
    probe: async () => {
      starts.push(clock.now());
      await clock.sleep(1_000);
      if (stopAfter !== null && starts.length > stopAfter) {
        stop.abort("interrupted");
        return { ...reports(starts.length), complete: false };
      }
      return reports(starts.length);
    },
    clock,
    intervalMs: 5 * MINUTE,
    count,
    signal: stop.signal,
    line: async (text) => lines.push(text) > 0,
    report: async () => true,
  });
  return { ...result, lines, starts };
}

describe("a watch", () => {
  test("tells the state at first, and then nothing as long as nothing changes", async () => {
    const { lines, worst, starts } = await watched(healthy, 12);
    expect(lines[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}healthy: FTP works\.$/);
    expect(lines[1]).toMatch(/EPSV works$/);
    expect(lines.some((line) => line.includes("->"))).toBe(false);
    expect(worst).toBe("healthy");
    expect(starts.map((at) => at - (starts[0] ?? 0)).slice(0, 3)).toEqual([0, 5 * MINUTE, 10 * MINUTE]);
  });

  test("tells each change once, and the longest outage in the end", async () => {
    const { lines, summary, worst } = await watched((run) => (run >= 4 && run <= 6 ? broken() : healthy()), 10);
    const changes = lines.filter((line) => line.includes("->")).map((line) => line.slice(21));
    expect(changes).toEqual([
      "healthy -> broken: Nothing answers.",
      "EPSV: works -> blocked (dial)",
      "broken -> healthy: FTP works.",
      "EPSV: blocked (dial) -> works",
    ]);
    expect(worst).toBe("broken");
    expect(summary[0]).toBe("10 runs: healthy for 30 min, broken for 15 min");
    expect(summary[1]).toBe("EPSV worked in 7 of 10 (70 %)");
    expect(summary[2]).toMatch(/^longest outage: 15 min, from \d{4}-/);
    expect(summary).toHaveLength(3);
  });

  test("counts a run in which nobody was let in as a failure of every mode", async () => {
    const refused = (): Report => {
      const report = sampleReport("healthy", { verdict: "broken", summary: "Refused.", modes: [] });
      return { ...report, control: report.control.map((at) => ({ ...at, outcome: "refused", product: null })) };
    };
    const { summary } = await watched((run) => (run === 1 ? refused() : healthy()), 4);
    expect(summary[1]).toBe("1 run without a session, in which no mode could be tried: a failure of each");
    expect(summary[2]).toBe("EPSV worked in 3 of 4 (75 %)");
  });

  test("counts nothing against the server where this machine had no network", async () => {
    const offline = (): Report => ({ ...healthy(), verdict: "undetermined", modes: [] });
    const { summary } = await watched((run) => (run === 2 ? offline() : healthy()), 4);
    expect(summary[1]).toBe("EPSV worked in 3 of 3");
  });

  test("counts a family that is refused against its own modes, which keep their names", async () => {
    const [at] = healthy().control;
    const sixth = { family: "ipv6", address: "2001:db8::5" } as const;
    const both = (outcome: "ready" | "refused"): Report => ({
      ...healthy(),
      verdict: outcome === "ready" ? "healthy" : "degraded",
      control: at === undefined ? [] : [at, { ...at, ...sixth, outcome }],
      modes: outcome === "ready" ? [modeRow(), modeRow(sixth)] : [modeRow()],
    });
    const { summary, lines } = await watched((run) => both(run === 3 ? "refused" : "ready"), 4);
    expect(summary.slice(1)).toEqual(["EPSV over IPv4 worked in 4 of 4", "EPSV over IPv6 worked in 3 of 4 (75 %)"]);
    expect(lines.join("\n")).not.toMatch(/EPSV: /);
  });

  test("tells of another fault under the same verdict, and not of other ports of the same one", async () => {
    const faulty = (id: string, summary: string): Report => {
      const [finding] = sampleReport("private-address").findings;
      if (finding === undefined) throw new Error("no finding");
      return { ...broken(), summary, findings: [{ ...finding, id, role: "cause", severity: "error" }] };
    };
    const ports = ["40003", "40017", "40044"];
    const { lines } = await watched(
      (run) =>
        run <= 3
          ? faulty("pasv-ports-filtered", `Port ${ports[run - 1]} is filtered.`)
          : faulty("pasv-ports-refused", "Port 40005 refuses."),
      5,
    );
    expect(lines.map((line) => line.slice(21)).filter((line) => line.startsWith("broken"))).toEqual([
      "broken: Port 40003 is filtered.",
      "broken still: Port 40005 refuses.",
    ]);
  });

  test("takes the same causes for the same fault, whichever of them is surer this time", async () => {
    const { findings } = sampleReport("private-address");
    const ids = ["pasv-ports-filtered", "port-client-firewall"];
    const causes = ids.flatMap((id) => findings.slice(0, 1).map((each) => ({ ...each, id, role: "cause" as const })));
    expect(causes.map(({ severity }) => severity)).not.toContain("notice");
    const { lines } = await watched(
      (run) => ({ ...broken(), summary: `Run ${run}.`, findings: run === 2 ? causes.toReversed() : causes }),
      3,
    );
    expect(lines.join("\n")).not.toContain("still");
  });

  test("says that an outage lasts", async () => {
    const { summary } = await watched((run) => (run >= 3 ? broken() : healthy()), 5);
    expect(summary.at(-1)).toMatch(/^longest outage: 10 min, from .*, and it lasts$/);
  });

  test("does not count the run that is under way when it is stopped", async () => {
    const { summary, worst } = await watched(healthy, 100, 3);
    expect(summary[0]).toMatch(/^3 runs: healthy for 15 min$/);
    expect(worst).toBe("healthy");
  });

  test("says what is known of its first run where it is stopped in it", async () => {
    const { worst, summary, lines } = await watched(healthy, 100, 0);
    expect(worst).toBeNull();
    expect(summary).toEqual(["no run came to its end"]);
    expect(lines[0]?.slice(21)).toBe("healthy: FTP works.");
    expect(lines[1]?.slice(21)).toBe("EPSV works");
    expect(lines.at(-1)?.slice(21)).toMatch(/^(Stopped|Interrupted) after .*: this is what was known by then\./);
  });

  test("ends where nobody reads any more", async () => {
    const clock = createClock(virtualTime());
    let runs = 0;
    await watch({
      probe: async () => {
        runs += 1;
        return healthy();
      },
      clock,
      intervalMs: MINUTE,
      count: null,
      signal: new AbortController().signal,
      line: async () => false,
      report: async () => true,
    });
    expect(runs).toBe(1);
  });

  test("keeps no more after five thousand runs than after ten", async () => {
    const report = healthy();
    const summaryOf = (runs: number) => {
      const tally = new Tally();
      for (let run = 0; run < runs; run += 1) {
        // A name that has another address each time.
        const modes = [modeRow({ address: `192.0.2.${run}` })];
        tally.add(stateOf({ ...report, modes }), run * MINUTE, new Date(0));
      }
      return tally.summary(runs * MINUTE);
    };
    expect(summaryOf(5_000)).toHaveLength(summaryOf(10).length);
  });

  test("tells changes of greeting and certificate, but not of a clock in the greeting", async () => {
    const greeted = (line: string): Report => {
      const report = healthy();
      for (const record of report.evidence.experiments) {
        if (record.experiment === "control" && record.greeting?.reply != null) record.greeting.reply.lines = [line];
      }
      return report;
    };
    const texts = ["220 ftp-a, it is 11:02:03", "220 ftp-a, it is 11:07:03", "220 ftp-b, it is 11:12:03"];
    const { lines } = await watched((run) => greeted(texts[run - 1] ?? ""), 3);
    const changes = lines.filter((line) => line.includes("->")).map((line) => line.slice(21));
    expect(changes).toEqual(['greeting: "220 ftp-a, it is 11:07:03" -> "220 ftp-b, it is 11:12:03"']);
  });
});

test("local time is that of this machine", () => {
  expect(localTime(new Date(2026, 0, 2, 3, 4, 5))).toBe("2026-01-02 03:04:05");
});
