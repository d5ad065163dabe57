import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "auth-anonymous-tls";

describe(ID, () => {
  it("is a notice that asks for --user, and the verdict is undetermined", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").login("rejected", "530 This is a private system - No anonymous login"),
      [ID],
    );
    expect(report.verdict).toBe("undetermined");
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "certain" });
    expect(findingOf(report, ID).summary).toContain("--user");
    expect(checkOf(report, "auth-rejected").note).toBe(`covered by ${ID}`);
  });

  it.each([
    ["530 Anonymous sessions may not use encryption.", "only without TLS"],
    ["530 Anonymous sessions must use encryption.", "only over TLS"],
  ])("says how anonymous visitors are let in: %s", (reply, words) => {
    const report = expectCauses(probeOf("203.0.113.5").login("rejected", "331 Password?", reply), [ID]);
    expect(findingOf(report, ID).summary).toContain(words);
  });

  it("does not fire for a server of anonymous visitors alone, nor for a demand for TLS", () => {
    const given = () => probeOf("203.0.113.5").policy({ credentials: "given" }).target({ user: "web1" });
    expectCauses(given().login("rejected", "530 This FTP server is anonymous only."), ["auth-rejected"]);
    const tls = expectCauses(given().login("rejected", "530 Non-anonymous sessions must use encryption."), [
      "auth-tls-required",
    ]);
    expect(checkOf(tls, ID).status).toBe("absent");
  });

  it("cannot tell where the server said nothing", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "timed-out" }), ["ctl-timeout"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });
});
