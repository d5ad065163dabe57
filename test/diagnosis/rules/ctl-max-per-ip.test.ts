import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-max-per-ip";
const REFUSAL = "421 There are too many connections from your internet address.";

describe(ID, () => {
  it("is critical where the first connection is refused", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ greeting: REFUSAL }), [ID]);
    expect(report.verdict).toBe("broken");
    expect(findingOf(report, ID)).toMatchObject({ severity: "critical", confidence: "certain", seen: [REFUSAL] });
  });

  it("is a notice where only a second session is refused and the first was enough for every mode", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").control().login().works("epsv", "pasv", "eprt", "port").control({ greeting: REFUSAL }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", evidence: ["control-2"] });
    expect(report.verdict).toBe("healthy");
  });

  it("is a warning where modes stayed untried for want of a second session", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .control()
        .login()
        .works("epsv", "pasv")
        .active("eprt", { status: "skipped", note: "no session could be had" })
        .active("port", { status: "skipped", note: "no session could be had" })
        .control({ greeting: REFUSAL }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", evidence: ["control-2"] });
    expect(findingOf(report, ID).summary).toContain("fewer sessions at once");
    expect(report.verdict).toBe("degraded");
    expect(report.meanwhile.join()).toContain("one connection at a time");
  });

  it("covers the login that is refused with it", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").login(
        "rejected",
        "331 Password?",
        "530 Sorry, the maximum number of allowed clients (2) from your host are connected.",
      ),
      [ID],
    );
    expect(checkOf(report, "auth-rejected").note).toBe(`covered by ${ID}`);
    expect(report.verdict).toBe("broken");
  });

  it("does not hide that the first session is cut for another reason", () => {
    expectCauses(
      probeOf("203.0.113.5")
        .control()
        .login()
        .works("pasv")
        .passive("epsv", { reply: null, outcome: "closed" })
        .control({ greeting: REFUSAL }),
      [ID, "ctl-closed-mid-session"],
    );
  });

  it("does not fire for a full server", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").control({ greeting: "421 50 users (the maximum) are already logged in, sorry" }),
      ["ctl-max-clients"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("cannot tell where the server said nothing", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "timed-out" }), ["ctl-timeout"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });

  it.each([
    "421 Too many connections from your address.",
    "421 Too many connections from your IP",
    "421 Too many connections from your host",
    "421 Too many connections for your IP.",
    "421 Too many simultaneous sessions for this address",
  ])("fires for %s", (greeting) => {
    expectCauses(probeOf("203.0.113.5").control({ greeting }), [ID]);
  });

  it("sees a firewall's limit where a second connection is turned away beside the first", () => {
    for (const connect of ["refused", "timed-out"] as const) {
      const report = expectCauses(
        probeOf("203.0.113.5").control().control({ connect }).works("epsv", "pasv", "eprt", "port"),
        [ID],
      );
      expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "likely", at: "server-firewall" });
      expect(report.verdict).toBe("healthy");
    }
  });
});
