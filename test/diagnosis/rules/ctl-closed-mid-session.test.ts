import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-closed-mid-session";

describe(ID, () => {
  it.each(["closed", "reset"] as const)("is critical where the connection is %s at the login", (outcome) => {
    const report = expectCauses(probeOf("203.0.113.5").login("failed", "331 Password?", null, null, { outcome }), [ID]);
    expect(report.verdict).toBe("broken");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "critical",
      confidence: "possible",
      at: "unknown",
      evidence: ["login-1"],
    });
    expect(checkOf(report, "auth-rejected").status).toBe("undetermined");
  });

  it("is a warning where one passive mode is lost to it, an error where all are", () => {
    const one = expectCauses(probeOf("203.0.113.5").passive("epsv", { reply: null, outcome: "closed" }).works("pasv"), [
      ID,
    ]);
    expect(findingOf(one, ID)).toMatchObject({
      severity: "warning",
      seen: ["EPSV: connection closed by the other side (11 ms)"],
    });
    expect(one.verdict).toBe("degraded");
    const both = expectCauses(
      probeOf("203.0.113.5")
        .passive("epsv", { reply: null, outcome: "closed" })
        .passive("pasv", { reply: null, outcome: "closed" }),
      [ID],
    );
    expect(findingOf(both, ID).severity).toBe("error");
    expect(both.verdict).toBe("broken");
  });

  it("tells the beginning of a reply that did come", () => {
    const probe = probeOf("203.0.113.5").passive("epsv", { reply: null, outcome: "closed" }).works("pasv");
    for (const record of probe.build().experiments) {
      if (record.experiment !== "passive" || record.mode !== "epsv" || record.offer === null) continue;
      record.offer.exchange.partial = { text: "22", quietMs: 0 };
    }
    const finding = findingOf(expectCauses(probe, [ID]), ID);
    expect(finding.summary).toBe(
      'The control connection to ftp.example.com was cut after EPSV, in the middle of the reply: no more of it came than "22".',
    );
    expect(finding.seen).toEqual(["EPSV: 22, then connection closed by the other side (11 ms)"]);
  });

  it("is a notice where it costs only an active mode that nobody asked for", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv", "pasv")
        .active("port", { transfer: { replies: ["150 Here it comes."], outcome: "closed", data: "ok" } }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("notice");
    expect(report.verdict).toBe("healthy");
  });

  it("explains that nobody called in active mode", () => {
    const transfer = { replies: [], outcome: "closed", data: null } as const;
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv", "pasv").active("port", { accept: "closed", transfer }),
      [ID],
    );
    expect(checkOf(report, "port-client-firewall").status).toBe("absent");
  });

  it("fires for a farewell that names no reason", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .unexpected("421 Server shutting down.")
        .passive("pasv", { reply: null, outcome: "closed" }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({
      at: "server-host",
      summary: "ftp.example.com ended the session after PASV: 421 Server shutting down.",
    });
  });

  it("does not fire for an end that was announced, or for the step of a run that was stopped", () => {
    expectCauses(
      probeOf("203.0.113.5").login("rejected", "530 Non-anonymous sessions must use encryption.", null, null),
      ["auth-tls-required"],
    );
    expectCauses(
      probeOf("203.0.113.5").works("epsv").unexpected("500 OOPS: child died").passive("pasv", {
        reply: null,
        outcome: "closed",
      }),
      ["srv-session-crash"],
    );
    const stopped = expectCauses(
      probeOf("203.0.113.5").interrupted().login("failed", "331 Password?", null, null, { outcome: "cancelled" }),
      [],
    );
    expect(checkOf(stopped, ID).status).toBe("undetermined");
  });

  it("leaves a reset at PASV to the rule that knows more", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv").passive("pasv", { reply: null, outcome: "reset" }),
      ["pasv-alg-reset"],
    );
    expect(checkOf(report, ID).note).toBe("covered by pasv-alg-reset");
  });

  it("cannot tell where no command was sent", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "refused" }), ["ctl-refused"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });
});
