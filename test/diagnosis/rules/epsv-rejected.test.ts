import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "epsv-rejected";

describe(ID, () => {
  it.each(["500 Unknown command.", "502 Command not implemented.", "522 Network protocol not supported."])(
    "is a notice beside a PASV that works: %s",
    (reply) => {
      const report = expectCauses(probeOf("203.0.113.5").passive("epsv", { reply }).works("pasv"), [ID]);
      expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "certain", at: "server-config" });
      expect(report.verdict).toBe("healthy");
    },
  );

  it("is an error where EPSV is required", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .policy({ required: ["epsv"] })
        .passive("epsv", { reply: "502 No." })
        .works("pasv"),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("error");
    expect(report.verdict).toBe("broken");
  });

  it("stays a notice where PASV fails for a reason of its own", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").passive("epsv", { reply: "502 No." }).passive("pasv", { dial: "timed-out" }),
      ["pasv-ports-filtered", ID],
    );
    expect(findingOf(report, ID).severity).toBe("notice");
    expect(report.verdict).toBe("broken");
  });

  it("leaves it to alg-filters-commands where FEAT lists it and the command is unknown, and suspects the same of another refusal", () => {
    const eaten = expectCauses(
      probeOf("203.0.113.5").identify(["EPSV", "EPRT"]).passive("epsv", { reply: "500 No." }).works("pasv"),
      ["alg-filters-commands"],
    );
    expect(checkOf(eaten, ID)).toMatchObject({ status: "absent", note: "covered by alg-filters-commands" });
    const report = expectCauses(
      probeOf("203.0.113.5").identify(["EPSV", "EPRT"]).passive("epsv", { reply: "550 No." }).works("pasv"),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ at: "middlebox", rivals: [{ cause: "alg-filters-commands" }] });
  });

  it("does not fire where EPSV is accepted and its port fails, or where it is refused for now", () => {
    expectCauses(probeOf("203.0.113.5").passive("epsv", { dial: "refused" }).passive("pasv", { dial: "refused" }), [
      "pasv-ports-refused",
    ]);
    const busy = expectCauses(
      probeOf("203.0.113.5").passive("epsv", { reply: "425 Cannot open data connection." }).works("pasv"),
      ["pasv-server-listen-failed"],
    );
    expect(checkOf(busy, ID).status).toBe("absent");
  });

  it("cannot tell where EPSV was not asked for", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").works("pasv"), []), ID).status).toBe("undetermined");
  });
});
