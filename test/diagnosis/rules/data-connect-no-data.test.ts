import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "data-connect-no-data";
const silence = {
  transfer: { replies: ["150 Here it comes."], outcome: "timed-out", data: "timed-out", bytes: 0 },
} as const;
const nothing = { transfer: { replies: [], outcome: "timed-out", data: "timed-out", bytes: 0 } } as const;

describe(ID, () => {
  it("is likely after a 150, and an error where all passive modes are so", () => {
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", silence).passive("pasv", silence), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "likely", at: "server-host" });
    expect(findingOf(report, ID).rivals.length).toBeGreaterThan(1);
    expect(report.verdict).toBe("broken");
  });

  it("is only possible where the server does not even begin", () => {
    const report = expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", nothing), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "possible", at: "unknown" });
  });

  it("does not fire for an empty listing that ends in order", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .passive("epsv", { transfer: { bytes: 0 } })
        .passive("pasv", { transfer: { bytes: 0 } }),
      [],
    );
    expect(report.verdict).toBe("healthy");
  });

  it("does not take a listing without end for silence", () => {
    const cut = ["150 Here it comes.", "426 Failure writing network stream."];
    const endless = { transfer: { replies: cut, data: "protocol-error", bytes: 8_388_608 } } as const;
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", endless).passive("pasv", endless), []);
    expect(checkOf(report, ID).status).toBe("absent");
    expect(report.verdict).toBe("healthy");
  });

  it("does not fire where the run was stopped", () => {
    const stopped = { transfer: { replies: [], outcome: "cancelled", data: "cancelled", bytes: 0 } } as const;
    expectCauses(probeOf("203.0.113.5").interrupted().works("epsv").passive("pasv", stopped), []);
  });

  it("cannot tell where no data connection was made", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });

  it("suspects no other machine where the server itself made the connection", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").passive("epsv", nothing).passive("pasv", nothing).active("port", nothing),
      [ID],
    );
    const causes = findingOf(report, ID).rivals.map(({ cause }) => cause);
    expect(causes.some((cause) => /lb-other-backend|tarpit/.test(cause))).toBe(false);
  });
});
