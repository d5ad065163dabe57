import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "data-from-other-address";
const works = () => probeOf("203.0.113.5").works("epsv", "pasv");

describe(ID, () => {
  it("is a notice where somebody else calls", () => {
    const report = expectCauses(works().active("port", { accept: "wrong-peer", strangers: ["203.0.113.6:20"] }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      severity: "notice",
      at: "server-nat",
      seen: ["PORT: called from 203.0.113.6:20, the server is 203.0.113.5"],
    });
    expect(report.verdict).toBe("healthy");
  });

  it("does not fire where nobody calls, or the server does", () => {
    expectCauses(works().active("port", { accept: "timed-out" }), ["port-client-firewall"]);
    expectCauses(works().works("port"), []);
  });

  it("cannot tell where active mode was not tried", () => {
    expect(checkOf(expectCauses(works(), []), ID).status).toBe("undetermined");
  });
});
