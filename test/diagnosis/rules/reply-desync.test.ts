import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "reply-desync";

describe(ID, () => {
  it("is certain where a greeting is written as several replies", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .control()
        .unexpected("220 to this server", "220 please log in")
        .login()
        .works("epsv", "pasv"),
      [ID],
    );
    expect(report.verdict).toBe("degraded");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "certain",
      at: "server-config",
      seen: ["not asked for: 220 to this server", "not asked for: 220 please log in"],
      evidence: ["control-1", "login-1"],
    });
    expect(JSON.stringify(findingOf(report, ID).remedies)).toContain("hyphen");
  });

  it("is critical where the login is lost to it, also for an anonymous visitor", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").control().unexpected("331 Password?").login("rejected", "503 Log in with USER first."),
      [ID, "auth-rejected"],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "critical", confidence: "likely" });
    expect(report.verdict).toBe("broken");
  });

  it("makes an unreadable answer to PASV its consequence", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .control()
        .login()
        .works("epsv")
        .unexpected("226 Transfer complete.")
        .passive("pasv", { reply: "226 Options: -a -l", names: null, problem: "not-a-227" }),
      [ID],
    );
    expect(findingOf(report, "pasv-reply-unparsable").role).toBe("consequence");
  });

  it("does not take a farewell or a crash for it", () => {
    for (const farewell of ["421 Timeout.", "221 Goodbye.", "500 OOPS: child died"]) {
      const report = expectCauses(
        probeOf("203.0.113.5").login("rejected", "331 Password?", "530 Login incorrect.").unexpected(farewell),
        ["auth-rejected"],
      );
      expect(checkOf(report, ID).status).toBe("absent");
    }
  });

  it("cannot tell where there was no conversation", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "refused" }), ["ctl-refused"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });

  it("leaves a single reply in the place of the right one to ctl-protocol-violation, which quotes it", () => {
    const probe = probeOf("203.0.113.5")
      .control()
      .login()
      .works("epsv")
      .unexpected("331 Password?")
      .passive("pasv", { reply: null, outcome: "protocol-error" });
    const evidence = probe.build();
    const asked = evidence.experiments.flatMap((record) =>
      record.experiment === "passive" && record.mode === "pasv" && record.offer !== null ? [record.offer.exchange] : [],
    )[0];
    for (const reply of evidence.sessions.flatMap(({ unexpected }) => unexpected)) {
      reply.oddities.push("extra");
      reply.atMs = (asked?.sentMs ?? 0) + 5;
    }
    const report = expectCauses(probe, ["ctl-protocol-violation"]);
    expect(findingOf(report, "ctl-protocol-violation").seen).toEqual(["PASV: 331 Password?, which is no answer to it"]);
  });

  it("does not take the tool's own row of offers for a conversation", () => {
    const hurried = probeOf("203.0.113.5")
      .passive("pasv", { dial: "timed-out" })
      .offers("pasv", "side-by-side", [{ dial: "timed-out" }])
      .unexpected("227 Entering Passive Mode (203,0,113,5,156,65).");
    expect(checkOf(diagnose(hurried.build()), ID).status).toBe("absent");
  });
});
