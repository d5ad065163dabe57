import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "auth-chroot-writable-root";
const REFUSAL = "500 OOPS: vsftpd: refusing to run with writable root inside chroot()";

describe(ID, () => {
  it("is critical, and neither a wrong password nor a mere crash", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .policy({ credentials: "given" })
        .target({ user: "web1" })
        .login("rejected", "331 Please specify the password.", REFUSAL)
        .unexpected("500 OOPS: priv_sock_get_cmd"),
      [ID],
    );
    expect(report.verdict).toBe("broken");
    expect(findingOf(report, ID)).toMatchObject({ severity: "critical", confidence: "certain", at: "server-config" });
    expect(JSON.stringify(findingOf(report, ID).remedies)).toContain("allow_writeable_chroot=YES");
    expect(checkOf(report, "srv-session-crash").status).toBe("absent");
  });

  it("is broken for an anonymous visitor too", () => {
    expect(expectCauses(probeOf("203.0.113.5").login("rejected", REFUSAL), [ID]).verdict).toBe("broken");
  });

  it("does not fire for another of vsftpd's ends", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").login("rejected", "331 Password?", "500 OOPS: cannot locate user entry:ftp"),
      ["srv-session-crash"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("cannot tell where the server said nothing", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "timed-out" }), ["ctl-timeout"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });
});
