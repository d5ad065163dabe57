import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-max-clients";

describe(ID, () => {
  it("is critical where the greeting says so", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").control({ greeting: "421 There are too many connected users, please try later." }),
      [ID],
    );
    expect(report.verdict).toBe("broken");
    expect(report.control[0]?.outcome).toBe("rejected");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "critical",
      confidence: "certain",
      at: "server-config",
      summary: "ftp.example.com is full: it refuses more sessions than its limit allows.",
    });
  });

  it("is broken also for an anonymous visitor whose login is refused with it", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").login(
        "rejected",
        "331 Password?",
        "530 Sorry, the maximum number of allowed clients (10) are already connected.",
      ),
      [ID],
    );
    expect(report.verdict).toBe("broken");
    expect(checkOf(report, "auth-rejected").note).toBe(`covered by ${ID}`);
  });

  it("is a warning where only a further connection is refused", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .control()
        .login()
        .works("epsv")
        .control({ greeting: "421 There are too many connected users, please try later." }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("warning");
    expect(report.verdict).toBe("degraded");
  });

  it("does not fire for the limit of one address", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").control({ greeting: "421 Too many connections (8) from this IP" }),
      ["ctl-max-per-ip"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("cannot tell where the server said nothing", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "timed-out" }), ["ctl-timeout"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });

  it("is only likely where a further session alone is refused: the limit may be one per address", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .control()
        .login()
        .works("epsv", "pasv")
        .control()
        .login("rejected", "331 Password?", "530 Too many logins."),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "likely", rivals: [{ cause: "ctl-max-per-ip" }] });
  });
});
