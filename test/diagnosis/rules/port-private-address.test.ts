import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "port-private-address";
const inside = () =>
  probeOf("203.0.113.5")
    .client({ addresses: ["192.168.1.10"] })
    .works("epsv", "pasv");

describe(ID, () => {
  it.each([
    "500 Illegal PORT command.",
    "500 I won't open a connection to 192.168.1.10 (only to 198.51.100.10)",
    "501 Rejected data connection to foreign address 192.168.1.10:50321.",
    "501 Server cannot accept argument.",
    "500 The given address is not yours",
  ])("fires where an inside address is refused: %s", (reply) => {
    const report = expectCauses(inside().active("port", { reply }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "certain", at: "client-nat" });
    expect(report.verdict).toBe("healthy");
  });

  it("says from which address the server sees us where it tells", () => {
    const report = expectCauses(
      inside().active("port", { reply: "500 I won't open a connection to 192.168.1.10 (only to 198.51.100.10)" }),
      [ID],
    );
    expect(findingOf(report, ID).args["seenAs"]).toBe("198.51.100.10");
    expect(findingOf(report, ID).explanation).toContain("198.51.100.10");
  });

  it("is likely where an inside address is accepted and nobody calls, in place of the firewall", () => {
    const report = expectCauses(
      inside().active("port", { accept: "timed-out" }).active("eprt", { accept: "timed-out" }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "likely" });
    expect(findingOf(report, ID).rivals.map(({ cause }) => cause)).toEqual([
      "port-client-firewall",
      "port-server-egress-blocked",
    ]);
  });

  it("is an error where active mode is required", () => {
    const report = expectCauses(
      inside()
        .policy({ required: ["active"] })
        .active("port", { reply: "500 Illegal PORT command." }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("error");
    expect(report.verdict).toBe("broken");
  });

  it("does not fire where both sides are inside and active mode works", () => {
    expectCauses(
      probeOf("192.168.1.1")
        .client({ addresses: ["192.168.1.10"] })
        .works("epsv", "port"),
      [],
    );
  });

  it("does not fire where our own public address is refused: the server cannot know it for ours", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv", "pasv")
        .active("port", { reply: "500 I won't open a connection to 198.51.100.10 (only to 172.17.0.1)" }),
      ["mode-unexplained"],
    );
    expect(report.verdict).toBe("healthy");
    expectCauses(probeOf("203.0.113.5").works("epsv", "pasv").active("port", { reply: "500 Illegal PORT command." }), [
      "mode-unexplained",
    ]);
  });

  it("does not fire where active mode is switched off", () => {
    const report = expectCauses(inside().active("port", { reply: "550 Permission denied." }), ["port-disabled"]);
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("cannot tell where active mode was not tried, and does not apply where it was not to be", () => {
    expect(checkOf(expectCauses(inside(), []), ID).status).toBe("undetermined");
    expect(checkOf(expectCauses(inside().policy({ modes: ["epsv", "pasv"] }), []), ID).status).toBe("not-applicable");
  });
});
