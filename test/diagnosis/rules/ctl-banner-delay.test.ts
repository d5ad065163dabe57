import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-banner-delay";

describe(ID, () => {
  it("fires for a greeting after 5 s and more", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ greetingMs: 10_100 }).login().works("epsv"), [ID]);
    expect(report.verdict).toBe("degraded");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "likely",
      at: "server-config",
      seen: ["greeting: after 10 s"],
      evidence: ["control-1"],
    });
  });

  it("fires for a late answer to the password", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").login("logged-in", "331 Password?", "230 In.", null, { ms: 6000 }).works("epsv"),
      [ID],
    );
    expect(findingOf(report, ID).summary).toBe(
      "The answer to the password of ftp.example.com comes only after 6 s; many clients give up before.",
    );
  });

  it("is a mere possibility, and critical, where the login is never answered", () => {
    const unanswered = (ms: number) =>
      expectCauses(probeOf("203.0.113.5").login("failed", "331 Password?", null, null, { ms }), [ID]);
    expect(findingOf(unanswered(2_000), ID).summary).toContain("no answer to the password, not even after 2 s");
    const report = unanswered(30_000);
    expect(findingOf(report, ID)).toMatchObject({ severity: "critical", confidence: "possible" });
    expect(report.verdict).toBe("broken");
    expect(checkOf(report, "auth-rejected").status).toBe("undetermined");
  });

  it("says less where the other answers are slow as well", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .control({ greetingMs: 8000 })
        .identify(["EPSV"], "215 UNIX", undefined, 4000)
        .login()
        .works("epsv"),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "possible", at: "server-host" });
  });

  it("does not fire just below, nor for the refusal of a password, which servers delay on purpose", () => {
    expectCauses(probeOf("203.0.113.5").control({ greetingMs: 4900 }).login().works("epsv"), []);
    const refused = expectCauses(
      probeOf("203.0.113.5").login("rejected", "331 Password?", "530 Login incorrect.", null, { ms: 7000 }),
      ["auth-rejected"],
    );
    expect(checkOf(refused, ID).status).toBe("absent");
  });

  it("tells of the answer that came late where there was no time left for the next one", () => {
    const built = probeOf("203.0.113.5")
      .control()
      .login("failed", "331 Password?", null, null, { outcome: "cancelled", ms: 8_000 })
      .build();
    for (const record of built.experiments) {
      if (record.experiment !== "login") continue;
      record.status = "cancelled";
      for (const exchange of record.exchanges.slice(0, 1)) exchange.ms = 20_000;
    }
    const report = expectCauses({ build: () => built } as ReturnType<typeof probeOf>, [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", args: { came: true, seconds: 20 } });
    expect(findingOf(report, ID).seen).toEqual(["answer to USER: after 20 s"]);
    expect(report.verdict).toBe("undetermined");
    expect(report.next[0]?.command).toMatch(/ --timeout 120$/);
  });

  it("cannot tell where there was no greeting", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ greeting: null, greetingOutcome: "timed-out" }), [
      "ctl-no-banner",
    ]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });

  it("takes half an answer of a server that is slow throughout for slowness", () => {
    const probe = probeOf("203.0.113.5")
      .control({ greetingMs: 6_000 })
      .identify(["EPSV"], null, undefined, 2_000)
      .login("failed", "331 Password?", "230-Welcome", null, { outcome: "timed-out", ms: 30_000 });
    const evidence = probe.build();
    for (const record of evidence.experiments) {
      if (record.experiment !== "login") continue;
      for (const exchange of record.exchanges.slice(0, 1)) exchange.ms = 2_000;
      record.exchanges.at(-1)?.replies.at(-1)?.oddities.push("unfinished");
    }
    const report = expectCauses(probe, [ID]);
    expect(findingOf(report, ID).summary).toContain("gives no whole answer to PASS");
  });

  /** A login of which the answer to USER had come in part when the limit passed, its last byte so long before. */
  const dripping = (quietMs: number, text: string, policy = {}) => {
    const probe = probeOf("203.0.113.5")
      .policy(policy)
      .control()
      .login("failed", /^\d{3}/.test(text) ? text : null, null, null, { outcome: "timed-out", ms: 4_000 });
    for (const record of probe.build().experiments) {
      if (record.experiment !== "login") continue;
      record.exchanges.length = 1;
      for (const exchange of record.exchanges) {
        exchange.outcome = "timed-out";
        exchange.ms = 4_000;
        exchange.partial = { text, quietMs };
        exchange.replies.at(-1)?.oddities.push("unfinished");
      }
    }
    return probe;
  };

  it.each(["331 pw for anonym", "33"])(
    "takes an answer of which bytes were still arriving for slowness: %j",
    (text) => {
      const own = expectCauses(dripping(200, text), [ID]);
      expect(findingOf(own, ID)).toMatchObject({ severity: "error", at: "unknown" });
      const report = expectCauses(dripping(200, text, { timeoutMs: 4_000, timeoutGiven: true }), [ID]);
      expect(report.verdict).toBe("undetermined");
      expect(findingOf(report, ID)).toMatchObject({
        severity: "warning",
        summary:
          "ftp.example.com answers too slowly: bytes of its answer to USER were still arriving when the limit of 4 s passed.",
        seen: ["answer to USER: still arriving after 4 s"],
      });
      expect(report.next.map(({ command }) => command)).toContain("ftp-doctor ftp.example.com --timeout 120");
    },
  );

  it.each(["331 pw for anonym", "33"])(
    "leaves an answer that stopped in its middle to ctl-protocol-violation: %j",
    (text) => {
      expectCauses(dripping(3_900, text), ["ctl-protocol-violation"]);
    },
  );
});
