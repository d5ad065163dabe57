import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "srv-session-crash";

describe(ID, () => {
  it("is critical where the session dies at the login, also for an anonymous visitor", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").login("rejected", "331 Please specify the password.", "500 OOPS: child died"),
      [ID],
    );
    expect(report.verdict).toBe("broken");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "critical",
      confidence: "certain",
      at: "server-host",
      seen: ["PASS: 500 OOPS: child died"],
    });
    expect(checkOf(report, "auth-rejected").note).toBe(`covered by ${ID}`);
  });

  it("is critical in place of a greeting", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ greeting: "500 OOPS: munmap" }), [ID]);
    expect(report.verdict).toBe("broken");
  });

  it("is an error where every passive mode is lost to it", () => {
    const transfer = {
      replies: ["500 OOPS: failed to open xferlog log file:/var/log/vsftpd.log"],
      data: "closed",
    } as const;
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", { transfer }).passive("pasv", { transfer }), [
      ID,
    ]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", args: { modes: ["epsv", "pasv"] } });
    expect(checkOf(report, "list-command-unsupported").status).toBe("absent");
  });

  it("proposes to switch the sandbox off only where the text points there", () => {
    const remedies = (text: string): string =>
      JSON.stringify(findingOf(expectCauses(probeOf("203.0.113.5").control({ greeting: text }), [ID]), ID).remedies);
    expect(remedies("500 OOPS: priv_sock_get_cmd")).toContain("seccomp_sandbox=NO");
    expect(remedies("500 OOPS: bad bool value in config file for: listen")).not.toContain("seccomp_sandbox");
  });

  it.each([
    ["PASV", "500 OOPS: invalid pasv_address", "pasv-address-unparsable"],
    ["PASS", "500 OOPS: vsftpd: refusing to run with writable root inside chroot()", "auth-chroot-writable-root"],
    ["PASS", "500 OOPS: cannot change directory:/home/web1", "auth-home-inaccessible"],
  ])("leaves what is special to the rule that knows it: %s %s", (place, reply, id) => {
    const probe = probeOf("203.0.113.5");
    if (place === "PASV") probe.works("epsv").passive("pasv", { reply });
    else probe.login("rejected", "331 Password?", reply);
    const report = expectCauses(probe, [id]);
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("does not fire for an ordinary 500", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").identify(null).login().works("epsv").passive("pasv", { reply: "500 Unknown command." }),
      ["pasv-disabled"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("cannot tell where the server said nothing", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "refused" }), ["ctl-refused"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });
});
