import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "auth-home-inaccessible";

describe(ID, () => {
  it("is critical, and no fault of the credentials", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .policy({ credentials: "given" })
        .target({ user: "web1" })
        .login("rejected", "331 Password required", "530 User cannot log in, home directory inaccessible."),
      [ID],
    );
    expect(report.verdict).toBe("broken");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "critical",
      confidence: "certain",
      at: "server-config",
      seen: ["PASS: 530 User cannot log in, home directory inaccessible."],
    });
    expect(checkOf(report, "auth-rejected").note).toBe(`covered by ${ID}`);
  });

  it("is broken for an anonymous visitor too: the server is badly set up, whoever asks", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").login("rejected", "331 Password?", "500 OOPS: cannot change directory:/srv/ftp"),
      [ID],
    );
    expect(report.verdict).toBe("broken");
    expect(checkOf(report, "srv-session-crash").status).toBe("absent");
  });

  it("does not fire for a plain refusal, nor for a directory that cannot be entered later", () => {
    expectCauses(probeOf("203.0.113.5").login("rejected", "331 Password?", "530 User cannot log in."), [
      "auth-rejected",
    ]);
    const later = expectCauses(
      probeOf("203.0.113.5")
        .target({ path: "/home" })
        .login()
        .directory("550 Failed to change directory.")
        .works("epsv"),
      ["path-or-permission"],
    );
    expect(checkOf(later, ID).status).toBe("absent");
  });

  it("cannot tell where the server said nothing", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "timed-out" }), ["ctl-timeout"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });
});
