import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "auth-tls-required";

describe(ID, () => {
  it("is critical where given credentials are refused in clear", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .policy({ credentials: "given", allowCleartext: true })
        .target({ user: "web1" })
        .login("rejected", "530 Non-anonymous sessions must use encryption."),
      [ID],
    );
    expect(report.verdict).toBe("broken");
    expect(findingOf(report, ID)).toMatchObject({ severity: "critical", confidence: "certain", at: "client" });
    expect(report.meanwhile.join()).toContain("FTP over TLS");
  });

  it("is a notice for an anonymous visitor", () => {
    const report = expectCauses(probeOf("203.0.113.5").login("rejected", "534 Policy requires SSL."), [ID]);
    expect(findingOf(report, ID).severity).toBe("notice");
    expect(report.verdict).toBe("undetermined");
  });

  it("reads the demand already at FEAT, but believes a login that works", () => {
    const demand = "534 TLS required, configure with AUTH first.";
    expectCauses(probeOf("203.0.113.5").identify(null, null, demand).login("rejected", demand), [ID]);
    const works = expectCauses(probeOf("203.0.113.5").identify(null, null, demand).login().works("epsv"), []);
    expect(checkOf(works, ID).status).toBe("absent");
  });

  it("is a notice on a healthy server where the login over TLS works", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .identify(["AUTH TLS"])
        .secure()
        .login()
        .works("epsv", "pasv")
        .control()
        .login("rejected", "530 Non-anonymous sessions must use encryption."),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "certain" });
    expect(report.verdict).toBe("healthy");
    expect(report.summary).toBe("FTP over TLS to ftp.example.com works: EPSV and PASV.");
    expect(report.control[0]?.login).toBe("logged-in");
    expect(report.next).toEqual([]);
  });

  it("is read from the difference where the refusal in clear gives no reason", () => {
    const twice = (tls: "logged-in" | "rejected") =>
      probeOf("203.0.113.5")
        .secure()
        .login(tls, "331 Password?", tls === "logged-in" ? "230 In." : "530 Login incorrect.")
        .control()
        .login("rejected", "331 Password?", "530 Login incorrect.");
    const report = expectCauses(twice("logged-in").works(), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "likely" });
    expect(findingOf(report, ID).rivals.map(({ cause }) => cause)).toEqual(["ctl-max-per-ip"]);
    expectCauses(twice("rejected"), ["auth-rejected"]);
  });

  it("does not fire where only anonymous visitors are meant, nor for the data channel", () => {
    expectCauses(
      probeOf("203.0.113.5").login("rejected", "331 Password?", "530 Anonymous sessions must use encryption."),
      ["auth-anonymous-tls"],
    );
    const data = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .passive("pasv", { transfer: { replies: ["522 SSL required on the data channel"], data: "closed" } }),
      ["data-tls-prot-p-required"],
    );
    expect(checkOf(data, ID).status).toBe("absent");
  });

  it("cannot tell where the server said nothing", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "timed-out" }), ["ctl-timeout"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });

  it("quotes the server, advises no login in clear and says what can go on over TLS", () => {
    const report = expectCauses(probeOf("203.0.113.5").login("rejected", "534 Policy requires SSL."), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", at: "client" });
    expect(findingOf(report, ID).summary).toContain("534 Policy requires SSL.");
    expect(report.next.map(({ command }) => command)).toEqual(["ftp-doctor ftpes://ftp.example.com"]);
    expect(`${report.summary} ${findingOf(report, ID).explanation}`).toContain("No login over TLS came about");
    expect(JSON.stringify([report.summary, report.next, findingOf(report, ID).summary])).not.toContain("--user to");
    expect(report.verdict).toBe("undetermined");
  });
});
