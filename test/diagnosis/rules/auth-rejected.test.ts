import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "auth-rejected";

const given = () => probeOf("203.0.113.5").policy({ credentials: "given" }).target({ user: "web1" });

describe(ID, () => {
  it("is critical where the credentials given are refused", () => {
    const report = expectCauses(given().login("rejected", "331 Password?", "530 Login incorrect."), [ID]);
    expect(report.verdict).toBe("broken");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "critical",
      confidence: "certain",
      at: "credentials",
      summary: "ftp.example.com refuses the login of web1.",
      seen: ["PASS [secret]: 530 Login incorrect."],
      evidence: ["login-1"],
    });
  });

  it("is a notice that asks for --user where no credentials were given", () => {
    const report = expectCauses(probeOf("203.0.113.5").login("rejected", "331 Password?", "530 Login incorrect."), [
      ID,
    ]);
    expect(report.verdict).toBe("undetermined");
    expect(findingOf(report, ID).severity).toBe("notice");
    expect(findingOf(report, ID).summary).toContain("--user");
  });

  it("says so where the name is refused before the password, or where more is asked for", () => {
    const atUser = findingOf(expectCauses(given().login("rejected", "530 Permission denied."), [ID]), ID);
    expect(atUser.explanation).toContain("before a password was asked for");
    const account = findingOf(
      expectCauses(given().login("rejected", "331 Password?", "332 Need account for login."), [ID]),
      ID,
    );
    expect(account.explanation).toContain("more than name and password");
    expect(account.confidence).toBe("certain");
  });

  it("is only likely for a code that does not speak of the login", () => {
    const report = expectCauses(given().login("rejected", "550 What?"), [ID]);
    expect(findingOf(report, ID).confidence).toBe("likely");
  });

  it("is a warning where an earlier session, or another address, was let in", () => {
    const second = expectCauses(
      probeOf("203.0.113.5")
        .control()
        .login()
        .works("epsv")
        .control()
        .login("rejected", "331 Password?", "530 Login incorrect."),
      [ID],
    );
    expect(findingOf(second, ID).severity).toBe("warning");
    expect(findingOf(second, ID).summary).toContain("lets the first session in");
    expect(second.verdict).toBe("degraded");
    const elsewhere = expectCauses(
      given().works("epsv").at("203.0.113.6").control().login("rejected", "331 Password?", "530 Login incorrect."),
      [ID],
    );
    expect(findingOf(elsewhere, ID).severity).toBe("warning");
    expect(elsewhere.verdict).toBe("degraded");
  });

  it("does not fire where the login works, or is refused for a reason that the server names", () => {
    expect(checkOf(expectCauses(given().works("epsv"), []), ID).status).toBe("absent");
    const tls = expectCauses(given().login("rejected", "530 Non-anonymous sessions must use encryption."), [
      "auth-tls-required",
    ]);
    expect(checkOf(tls, ID)).toMatchObject({ status: "absent", note: "covered by auth-tls-required" });
  });

  it("cannot tell where the login was withheld, not answered, or not reached", () => {
    for (const [probe, causes] of [
      [given().login("withheld", null, null, "the server offers TLS"), []],
      [given().login("failed", "331 Password?", null, null, { outcome: "closed" }), ["ctl-closed-mid-session"]],
      [given().control({ connect: "refused" }), ["ctl-refused"]],
    ] as const) {
      expect(checkOf(expectCauses(probe, [...causes]), ID).status).toBe("undetermined");
    }
  });

  it("quotes the server, and says where it wants an account", () => {
    const refused = expectCauses(probeOf("203.0.113.5").login("rejected", "331 Password?", "530 Members only."), [ID]);
    expect(findingOf(refused, ID).summary).toContain("530 Members only.");
    const account = expectCauses(probeOf("203.0.113.5").login("rejected", "331 Password?", "332 Need account."), [ID]);
    expect(findingOf(account, ID).summary).toContain("wants an account (ACCT)");
  });
});
