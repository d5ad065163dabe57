import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-idle-timeout";

describe(ID, () => {
  it("fires where a session is ended as idle between the commands, and is no cut then", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .unexpected("421 Timeout.")
        .passive("pasv", { reply: null, outcome: "closed" }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "certain",
      seen: ["unasked: 421 Timeout."],
      // The attempt that was under way belongs to it.
      evidence: ["control-1", "passive-2"],
    });
    expect(checkOf(report, "ctl-closed-mid-session").status).toBe("absent");
    expect(report.verdict).toBe("degraded");
  });

  it("is critical where it ends the login", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").login("rejected", "421 Login timeout (300 seconds): closing control connection"),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("critical");
    expect(report.verdict).toBe("broken");
  });

  it("is only a consequence where nobody called in active mode, or nothing came over the data connection", () => {
    const active = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv", "pasv")
        .active("port", {
          accept: "timed-out",
          transfer: { replies: ["421 Active data channel timed out."], data: null },
        }),
      ["port-client-firewall"],
    );
    expect(findingOf(active, ID).role).toBe("consequence");
    expect(active.verdict).toBe("healthy");
    const passive = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .passive("pasv", {
          transfer: { replies: ["421 Passive data channel timed out."], data: "closed", bytes: 0 },
        }),
      ["data-connect-no-data"],
    );
    expect(findingOf(passive, ID).role).toBe("consequence");
  });

  it("is nothing of its own behind a refused login", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").login("rejected", "331 Password?", "530 Login incorrect.").unexpected("421 Timeout."),
      ["auth-rejected"],
    );
    expect(report.verdict).toBe("undetermined");
  });

  it("does not fire for a 421 of another kind", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ greeting: "421 Service not available." }), [
      "ctl-accepted-then-closed",
    ]);
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("cannot tell where the server said nothing", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "timed-out" }), ["ctl-timeout"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });
});
