import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-disabled";

describe(ID, () => {
  it.each(["550 Permission denied.", "502 Command not implemented.", "500 'PASV' not understood"])(
    "is an error where both are refused: %s",
    (reply) => {
      const report = expectCauses(
        probeOf("203.0.113.5").passive("epsv", { reply }).passive("pasv", { reply }).works("eprt", "port"),
        [ID],
      );
      expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "certain", at: "server-config" });
      expect(checkOf(report, "epsv-rejected").note).toBe(`covered by ${ID}`);
      expect(report.verdict).toBe("broken");
    },
  );

  it("is a notice where EPSV works", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv").passive("pasv", { reply: "550 Permission denied." }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("notice");
    expect(report.verdict).toBe("healthy");
  });

  it("is a notice where only active mode is required", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .policy({ required: ["active"] })
        .passive("epsv", { reply: "550 No." })
        .passive("pasv", { reply: "550 No." })
        .works("port"),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("notice");
    expect(report.verdict).toBe("healthy");
  });

  it("does not fire where the server fails to open a port, or where the port is filtered", () => {
    const reply = "425 Cannot open data connection.";
    expectCauses(probeOf("203.0.113.5").passive("epsv", { reply }).passive("pasv", { reply }), [
      "pasv-server-listen-failed",
    ]);
    expectCauses(probeOf("203.0.113.5").passive("epsv", { dial: "timed-out" }).passive("pasv", { dial: "timed-out" }), [
      "pasv-ports-filtered",
    ]);
  });

  it("cannot tell where PASV was not asked for", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").works("epsv"), []), ID).status).toBe("undetermined");
  });

  it("says in its title what is refused", () => {
    const one = expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", { reply: "502 No." }), [ID]);
    expect(findingOf(one, ID).title).toBe("PASV is refused");
    const no = { reply: "550 Permission denied." };
    const both = expectCauses(probeOf("203.0.113.5").passive("epsv", no).passive("pasv", no), [ID]);
    expect(findingOf(both, ID).title).toBe("Passive mode is switched off");
  });

  it("is only possible for a 530 behind a login that was accepted", () => {
    const report = expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", { reply: "530 Log in first." }), [
      ID,
    ]);
    expect(findingOf(report, ID)).toMatchObject({ confidence: "possible", at: "unknown" });
    expect(findingOf(report, ID).rivals[0]?.cause).toContain("ctl-transparent-proxy");
  });
});
