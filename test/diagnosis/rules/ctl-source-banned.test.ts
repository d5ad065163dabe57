import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-source-banned";

describe(ID, () => {
  it("is critical where the greeting says so", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").control({ greeting: "550 No connections allowed from your IP" }),
      [ID],
    );
    expect(report.verdict).toBe("broken");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "critical",
      confidence: "likely",
      at: "server-firewall",
      seen: ["550 No connections allowed from your IP"],
    });
    expect(checkOf(report, "ctl-accepted-then-closed").status).toBe("absent");
  });

  it("gives the address to unban only where no NAT can lie between", () => {
    const remedies = (local: string): string =>
      JSON.stringify(
        findingOf(
          expectCauses(probeOf("203.0.113.5").control({ greeting: "550 No connections allowed from your IP", local }), [
            ID,
          ]),
          ID,
        ).remedies,
      );
    expect(remedies("198.51.100.10")).toContain("198.51.100.10");
    expect(remedies("192.168.1.10")).not.toContain("192.168.1.10");
  });

  it("covers the refused login that says it", () => {
    const report = expectCauses(probeOf("203.0.113.5").login("rejected", "530 Your IP address is blocked."), [ID]);
    expect(checkOf(report, "auth-rejected").note).toBe(`covered by ${ID}`);
    expect(report.verdict).toBe("broken");
  });

  it("does not fire where an account is blocked, or where nothing answers at all", () => {
    expectCauses(probeOf("203.0.113.5").login("rejected", "331 Password?", "530 Account blocked."), ["auth-rejected"]);
    const silent = expectCauses(probeOf("203.0.113.5").control({ connect: "timed-out" }), ["ctl-timeout"]);
    expect(findingOf(silent, "ctl-timeout").rivals.map(({ cause }) => cause)).toContain(ID);
    expect(checkOf(silent, ID).status).toBe("undetermined");
  });
});
