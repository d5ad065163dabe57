import { describe, expect, it } from "vitest";
import { exchangeAt } from "../../support/attempts.ts";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const works = () => probeOf("203.0.113.5").works("epsv", "pasv");

describe("port-low-port-refused", () => {
  const ID = "port-low-port-refused";

  it.each(["501 Sorry, but I won't connect to ports < 1024", "500 Illegal PORT command."])("fires at %s", (reply) => {
    const report = expectCauses(works().active("port", { offers: "198.51.100.10:900", reply }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "certain", at: "client" });
    expect(findingOf(report, ID).summary).toContain("port 900");
  });

  it("does not fire for a high port, and cannot tell untried", () => {
    const inside = works().client({ addresses: ["192.168.1.10"] });
    expectCauses(inside.active("port", { reply: "500 Illegal PORT command." }), ["port-private-address"]);
    expect(checkOf(expectCauses(works(), []), ID).status).toBe("undetermined");
  });
});

describe("port-alg-reset", () => {
  const ID = "port-alg-reset";
  const reset = (outcome: "reset" | "closed") => {
    const built = works().active("port").build();
    for (const record of built.experiments) {
      if (record.experiment !== "active") continue;
      record.exchange = exchangeAt(0, "PORT 198,51,100,10,196,145", [], outcome);
      record.accept = null;
      record.transfer = null;
    }
    return { build: () => built } as ReturnType<typeof works>;
  };

  it("fires where the control connection is reset at PORT, in place of the cut", () => {
    const report = expectCauses(reset("reset"), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "likely", at: "middlebox" });
    expect(checkOf(report, "ctl-closed-mid-session").note).toBe(`covered by ${ID}`);
  });

  it("leaves an end in order to ctl-closed-mid-session, and cannot tell untried", () => {
    expect(checkOf(expectCauses(reset("closed"), ["ctl-closed-mid-session"]), ID).status).toBe("absent");
    expect(checkOf(expectCauses(works(), []), ID).status).toBe("undetermined");
  });
});

describe("port-server-egress-blocked", () => {
  const ID = "port-server-egress-blocked";
  const excused = (text: string, offers = "198.51.100.10:50321") =>
    works().active("port", { offers, accept: "closed", transfer: { replies: [text], data: null, bytes: 0 } });

  it("fires where the server's own system forbids the call", () => {
    const report = expectCauses(excused("425 Unable to build data connection: Operation not permitted"), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "likely", at: "server-firewall" });
  });

  it("does not fire for a time-out, a refusal, or an inside address of ours", () => {
    expectCauses(excused("425 Could not open data connection to port 50321: Connection timed out"), [
      "port-client-firewall",
    ]);
    expectCauses(excused("425 Could not open data connection to port 50321: Connection refused"), [
      "port-client-firewall",
    ]);
    expectCauses(excused("425 Network is unreachable", "10.1.2.3:50321"), ["port-private-address"]);
    expect(checkOf(expectCauses(works(), []), ID).status).toBe("undetermined");
  });
});
