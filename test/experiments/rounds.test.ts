import { describe, expect, test } from "vitest";
import { diagnose, render, runOf } from "../../src/index.ts";
import { type Act, type ServerScript, saying, type Talk } from "./scripted-server.ts";
import { credentials, SERVER, stage } from "./stage.ts";

const ROUNDS = { repeat: 4, intervalMs: 5_000 };

describe("a run of several rounds", () => {
  test("asks each round on a fresh control connection, with a pause between them, and keeps no transcript of it", async () => {
    const { probe, simulator } = stage();
    const server = await simulator();
    const evidence = await probe(ROUNDS);
    // Two sessions for the run itself, one for every further round.
    expect(server.connections).toBe(5);
    expect(evidence.sessions).toHaveLength(2);
    expect(evidence.rounds?.map(({ ordinal, status }) => [ordinal, status])).toEqual([
      [2, "done"],
      [3, "done"],
      [4, "done"],
    ]);
    const starts = evidence.rounds?.map(({ startedMs }) => startedMs) ?? [];
    for (const [index, startedMs] of starts.entries()) {
      expect(startedMs - (starts[index - 1] ?? 0)).toBeGreaterThanOrEqual(4_900);
    }
    expect(JSON.stringify(evidence.rounds?.[0]).length).toBeLessThan(6_000);
    const sessions = [
      ...evidence.sessions.map(({ id }) => id),
      ...(evidence.rounds ?? []).flatMap(({ visits }) =>
        visits.flatMap(({ connections }) => connections.map(({ session }) => session)),
      ),
    ];
    expect(new Set(sessions).size).toBe(5);
  });

  test("is healthy where every round is, with the rate of every mode", async () => {
    const { probe, simulator } = stage();
    await simulator();
    const report = diagnose(await probe(ROUNDS));
    expect(report.verdict).toBe("healthy");
    expect(report.steadiness).toMatchObject({ rounds: 4, asked: 4, changes: [] });
    expect(report.steadiness?.modes.map(({ mode, works, of }) => [mode, works, of])).toEqual([
      ["epsv", 4, 4],
      ["pasv", 4, 4],
      ["eprt", 4, 4],
      ["port", 4, 4],
    ]);
    expect(report.steadiness?.modes[0]?.ms).toMatchObject({ min: expect.any(Number), max: expect.any(Number) });
  });

  test("is degraded, with the machine named, where some sessions land on one whose ports are closed", async () => {
    const { probe, scripted } = stage();
    await scripted(twoMachines("220 ftp-b ready"));
    const report = diagnose(await probe(ROUNDS));
    expect(report.verdict).toBe("degraded");
    expect(report.steadiness?.modes[0]).toMatchObject({
      mode: "epsv",
      works: 2,
      of: 4,
      failures: [{ result: "blocked", stage: "dial", control: null, rounds: [2, 4] }],
    });
    expect(report.steadiness?.changes).toEqual([
      {
        what: "greeting",
        at: SERVER,
        values: [
          { value: "220 ftp-a ready", rounds: [1, 3] },
          { value: "220 ftp-b ready", rounds: [2, 4] },
        ],
      },
    ]);
    expect(report.findings[0]).toMatchObject({
      id: "mode-unsteady",
      severity: "warning",
      confidence: "certain",
      args: { facet: "greeting", bad: ["220 ftp-b ready"], good: ["220 ftp-a ready"] },
    });
  });

  test("names no machine where both greet alike", async () => {
    const { probe, scripted } = stage();
    await scripted(twoMachines("220 ftp-a ready"));
    const report = diagnose(await probe(ROUNDS));
    expect(report.verdict).toBe("degraded");
    expect(report.findings[0]).toMatchObject({ id: "mode-unsteady", confidence: "likely", args: { facet: null } });
    expect(report.steadiness?.changes).toEqual([]);
  });

  test("is degraded, not broken, where the first round alone fails; what was found there is a warning", async () => {
    const { probe, scripted } = stage();
    await scripted(onlyFirst(1));
    const report = diagnose(await probe({ ...ROUNDS, modes: ["epsv", "pasv"] }));
    expect(report.verdict).toBe("degraded");
    expect(report.steadiness?.modes[0]).toMatchObject({ works: 3, of: 4 });
    // By itself it would be an error: no passive mode works in the first round.
    expect(report.findings.map(({ id, severity }) => [id, severity])).toEqual([
      ["mode-unsteady", "warning"],
      ["pasv-ports-refused", "warning"],
    ]);
  });

  test("puts the changing machines before what the first round met on one of them, which says that others are not so", async () => {
    const { probe, scripted } = stage();
    await scripted({
      ...bent(() => false, "220 ftp-a ready"),
      greeting: (talk) => talk.say(talk.ordinal % 2 === 1 ? "220 ftp-b ready" : "220 ftp-a ready"),
      ...refusedWhere(({ ordinal }) => ordinal % 2 === 1),
    });
    const report = diagnose(await probe({ ...ROUNDS, maxSessions: 1, modes: ["epsv", "pasv"] }));
    expect(report.steadiness?.modes[0]).toMatchObject({ works: 2, of: 4 });
    expect(report.findings.map(({ id }) => id)).toEqual(["mode-unsteady", "pasv-disabled"]);
    expect(report.summary).toMatch(
      /is more than one machine.* Besides: passive mode is switched off \(first round\)\.$/,
    );
    expect(report.findings[1]?.summary).toMatch(/So it was in the first round; in others it worked\.$/);
  });

  test("what fails in every round is said of every round", async () => {
    const { probe, scripted } = stage();
    await scripted(refusedWhere(() => true));
    const report = diagnose(await probe({ ...ROUNDS, modes: ["epsv", "pasv"] }));
    expect(report.verdict).toBe("broken");
    expect(report.findings[0]).toMatchObject({ id: "pasv-disabled", title: "Passive mode is switched off" });
  });

  test("says that it may have been shut out where no session is had any more", async () => {
    const { probe, scripted } = stage();
    await scripted({
      greeting: (talk) => (talk.ordinal > 3 ? talk.close({ reset: true }) : talk.say("220 ready")),
    });
    const report = diagnose(await probe(ROUNDS));
    expect(report.verdict).toBe("degraded");
    expect(report.findings[0]).toMatchObject({
      id: "mode-unsteady",
      args: { shutOutFrom: 3 },
      rivals: [{ cause: "ctl-source-banned" }],
    });
    expect(report.steadiness?.modes[0]?.failures).toEqual([
      { result: "no-session", stage: null, control: "reset", rounds: [3, 4] },
    ]);
    expect(report.findings[0]?.remedies[0]?.text).toMatch(/^Wait ten minutes/);
  });

  test("says first that it went down where connections are refused from some round on", async () => {
    const { probe, scripted, clock } = stage();
    const server = await scripted(bent(() => false, ""));
    const probing = probe({ ...ROUNDS, modes: ["epsv"] });
    await clock.sleep(7_000);
    await server.stop();
    const report = diagnose(await probing);
    expect(report.findings[0]).toMatchObject({
      id: "mode-unsteady",
      title: "The server stopped accepting connections in the middle of the rounds",
      args: { shutOutFrom: 3, shutOutHow: "refused" },
      rivals: [{ cause: "ctl-source-banned" }],
    });
    expect(report.findings[0]?.summary).toMatch(/refused.* The FTP service went down, or the server has shut/);
    expect(report.findings[0]?.remedies.map(({ who }) => who)).toEqual(["server-admin", "client-user"]);
    const text = await render(runOf([report]), "table", { width: 100 });
    expect(text.replaceAll(/\s+/g, " ")).toContain("no session (connection refused) in rounds 3 and 4");
  });

  test("makes no further round behind a refused login", async () => {
    const { probe, scripted } = stage();
    const server = await scripted({ PASS: saying("530 Login incorrect") });
    const evidence = await probe({ ...ROUNDS, ...credentials() });
    expect(evidence.rounds).toBeUndefined();
    expect(server.commands).toHaveLength(1);
  });

  test("keeps what is known where it is stopped in the middle of a round", async () => {
    const { probe, simulator } = stage();
    await simulator();
    const evidence = await probe({ ...ROUNDS, deadlineMs: 8_000 });
    expect(evidence.complete).toBe(false);
    const report = diagnose(evidence);
    expect(report.steadiness).toMatchObject({ rounds: 2, asked: 4 });
    expect(report.steadiness?.modes[0]).toMatchObject({ works: 2, of: 2 });
    // Stopped in the pause behind the second round.
    expect(report.durationMs).toBeGreaterThanOrEqual(7_900);
    expect(report.summary).toContain(
      "was stopped after 2 of 4 rounds. In each of them these worked: EPSV, PASV, EPRT and PORT.",
    );
    expect(report.next[0]?.command).toBe("ftp-doctor 203.0.113.5 --repeat 4");
  });

  test("names its own pause where it is to be run again", async () => {
    const { probe, simulator } = stage();
    await simulator();
    const report = diagnose(await probe({ repeat: 3, intervalMs: 20_000, deadlineMs: 8_000 }));
    expect(report.summary).toContain("was stopped after 1 of 3 rounds. In it these worked: EPSV, PASV, EPRT and PORT.");
    expect(report.next[0]?.command).toBe("ftp-doctor 203.0.113.5 --repeat 3 --interval 20");
    expect(report.durationMs).toBeGreaterThanOrEqual(7_900);
  });

  test("judges saved evidence the same", async () => {
    const { probe, scripted } = stage();
    await scripted(twoMachines("220 ftp-b ready"));
    const evidence = await probe(ROUNDS);
    expect(diagnose(JSON.parse(JSON.stringify(evidence)))).toEqual(diagnose(evidence));
  });
});

/** A port at which nobody listens. */
const CLOSED_PORTS: ServerScript = {
  EPSV: saying("229 Entering Extended Passive Mode (|||1|)"),
  PASV: saying("227 Entering Passive Mode (203,0,113,5,0,1)"),
};

/** Passive mode is off on such sessions. */
function refusedWhere(sick: (talk: Talk) => boolean): ServerScript {
  const healthy = bent(() => false, "");
  const either =
    (verb: "EPSV" | "PASV"): Act =>
    (talk, argument) =>
      sick(talk) ? talk.say("550 Permission denied.") : healthy[verb]?.(talk, argument);
  return { EPSV: either("EPSV"), PASV: either("PASV") };
}

/** The sessions of the run itself, and every other one behind them, reach a healthy machine, the others a sick one. */
function twoMachines(sickGreeting: string): ServerScript {
  const sick = ({ ordinal }: Talk) => ordinal > 2 && ordinal % 2 === 1;
  return bent(sick, sickGreeting);
}

/** So many sessions are sick, those behind them healthy. */
function onlyFirst(sessions: number): ServerScript {
  return bent(({ ordinal }) => ordinal <= sessions, "220 ftp-a ready");
}

function bent(sick: (talk: Talk) => boolean, sickGreeting: string): ServerScript {
  const either =
    (verb: "EPSV" | "PASV"): Act =>
    async (talk, argument) => {
      if (sick(talk)) return CLOSED_PORTS[verb]?.(talk, argument);
      const port = await talk.offer();
      return talk.say(
        verb === "EPSV"
          ? `229 Entering Extended Passive Mode (|||${port}|)`
          : `227 Entering Passive Mode (203,0,113,5,${port >> 8},${port & 255})`,
      );
    };
  return {
    greeting: (talk) => talk.say(sick(talk) ? sickGreeting : "220 ftp-a ready"),
    EPSV: either("EPSV"),
    PASV: either("PASV"),
  };
}
