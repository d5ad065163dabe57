import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "list-command-unsupported";

describe(ID, () => {
  it.each(["500 Unknown command.", "501 Syntax error", "502 LIST not implemented", "504 Not with this parameter"])(
    "is an error where no listing is accepted: %s",
    (reply) => {
      const transfer = { replies: [reply], data: "closed", bytes: 0 } as const;
      const report = expectCauses(probeOf("203.0.113.5").passive("epsv", { transfer }).passive("pasv", { transfer }), [
        ID,
      ]);
      expect(findingOf(report, ID)).toMatchObject({
        severity: "error",
        confidence: "certain",
        seen: [`LIST: ${reply}`],
      });
      expect(report.verdict).toBe("broken");
    },
  );

  it("is a warning where another mode's listing works", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .passive("pasv", { transfer: { replies: ["502 Not implemented."], data: "closed" } }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("warning");
  });

  it("does not fire for a crash, or where the code speaks of the data connection", () => {
    for (const [reply, causes] of [
      ["500 OOPS: child died", ["srv-session-crash"]],
      ["504 PROT P required", ["mode-unexplained"]],
    ] as const) {
      const report = expectCauses(
        probeOf("203.0.113.5")
          .works("epsv")
          .passive("pasv", { transfer: { replies: [reply], data: "closed" } }),
        [...causes],
      );
      expect(checkOf(report, ID).status).toBe("absent");
    }
  });

  it("cannot tell where no listing was asked for, or none was answered", () => {
    const filtered = expectCauses(probeOf("203.0.113.5").passive("epsv", { dial: "timed-out" }), [
      "pasv-ports-filtered",
    ]);
    expect(checkOf(filtered, ID).status).toBe("undetermined");
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control().login(), []), ID).status).toBe("undetermined");
  });
});
