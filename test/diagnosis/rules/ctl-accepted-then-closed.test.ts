import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-accepted-then-closed";

describe(ID, () => {
  it.each(["closed", "reset"] as const)("fires where the connection is %s without a byte", (greetingOutcome) => {
    const report = expectCauses(probeOf("203.0.113.5").control({ greeting: null, greetingOutcome, greetingMs: 2 }), [
      ID,
    ]);
    expect(report.verdict).toBe("broken");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "critical",
      confidence: "likely",
      at: "server-host",
      seen: [`203.0.113.5:21 accepted, then ${greetingOutcome} with 0 bytes after 2 ms`],
    });
  });

  it("does not lean on whether the reset came before or after the connect", () => {
    expectCauses(probeOf("203.0.113.5").control({ connect: "reset", code: "ECONNRESET" }), [ID]);
  });

  it("fires for a refusal that names no reason", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ greeting: "421 Service not available." }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "critical", seen: ["421 Service not available."] });
    expect(findingOf(report, ID).summary).toContain("turns it away: 421 Service not available.");
  });

  it("fires for a 421 at the login, where auth-rejected has nothing to say", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .policy({ credentials: "given" })
        .login("rejected", "331 Password?", "421 Service not available."),
      [ID],
    );
    expect(checkOf(report, "auth-rejected").status).toBe("undetermined");
    expect(report.verdict).toBe("broken");
  });

  it("is a warning where a further connection is turned away", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").control().login().works("epsv").control({ greeting: "421 Service not available." }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("warning");
    expect(report.verdict).toBe("degraded");
  });

  it("does not fire for a refusal whose words are known, silence, or half a greeting", () => {
    for (const [sketch, id] of [
      [{ greeting: "421 There are too many connected users, please try later." }, "ctl-max-clients"],
      [{ greeting: null, greetingOutcome: "timed-out" }, "ctl-no-banner"],
      [{ greeting: null, greetingOutcome: "closed", firstBytes: "220 ftp-doc" }, "ctl-protocol-violation"],
    ] as const) {
      expect(checkOf(expectCauses(probeOf("203.0.113.5").control(sketch), [id]), ID).status).toBe("absent");
    }
  });

  it("cannot tell where nothing connected", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "refused" }), ["ctl-refused"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });

  it("fires where FEAT is answered with 421 and it does not come to a login", () => {
    const report = expectCauses(probeOf("203.0.113.5").identify(null, null, "421 Bye."), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "critical", seen: ["FEAT: 421 Bye."] });
    expect(report.verdict).toBe("broken");
  });
});
