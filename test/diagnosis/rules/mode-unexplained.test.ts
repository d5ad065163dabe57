import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "mode-unexplained";

describe(ID, () => {
  it("says what was seen where a mode fails and no rule knows why", () => {
    const odd = { transfer: { replies: ["530 Please log in."], data: "closed", bytes: 0 } } as const;
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", odd).passive("pasv", odd), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      severity: "error",
      confidence: "possible",
      at: "unknown",
      summary: "EPSV and PASV fail on ftp.example.com in a way that fits no fault known to ftp-doctor.",
      seen: [
        "EPSV, LIST: 530 Please log in.; data connection: 0 bytes, ended",
        "PASV, LIST: 530 Please log in.; data connection: 0 bytes, ended",
      ],
    });
    expect(report.next.length).toBeGreaterThan(0);
  });

  it("is a notice where nobody asked for the mode", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv", "pasv").active("eprt", { reply: null }).active("port", { reply: null }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", args: { modes: ["eprt", "port"] } });
    expect(report.verdict).toBe("healthy");
  });

  it("speaks only of what no other finding speaks of", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").passive("epsv", { dial: "timed-out" }).passive("pasv", { dial: "reset" }),
      ["pasv-ports-filtered", ID],
    );
    expect(findingOf(report, ID).args["modes"]).toEqual(["pasv"]);
  });

  it("cannot tell where no mode was tried", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });

  it("is a notice where a transfer stalled once and works each time it is repeated", () => {
    const stall = (bytes: number) => ({
      transfer: { replies: ["150 Go."], outcome: "timed-out", data: "timed-out", bytes } as const,
    });
    for (const bytes of [0, 128]) {
      const report = expectCauses(
        probeOf("203.0.113.5")
          .works("epsv")
          .passive("pasv", stall(bytes))
          .offers("pasv", "with-transfer", [{}, {}, {}])
          .offers("epsv", "with-transfer", [{}, {}, {}]),
        [ID],
      );
      expect(findingOf(report, ID).severity).toBe("notice");
      expect(findingOf(report, ID).summary).toContain("PASV stalled once");
      expect(report.verdict).toBe("healthy");
    }
    expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .passive("pasv", stall(0))
        .offers("pasv", "with-transfer", [{}, stall(0), {}])
        .offers("epsv", "with-transfer", [{}, {}, {}]),
      ["pasv-lb-other-backend"],
    );
  });
});
