import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-peer-ip-mismatch";
const told = (reply: string) => ({ transfer: { replies: [reply], data: "closed", bytes: 0 } }) as const;

describe(ID, () => {
  it.each([
    "425 Security: Bad IP connecting.",
    "425 Rejected data connection from foreign address 198.51.100.11:40000.",
    "550 data connection security requirements not met",
    "550 Remote addresses do not match",
  ])("is certain where the server says so each time: %s", (reply) => {
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", told(reply)).passive("pasv", told(reply)), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "certain", at: "server-nat" });
    expect(findingOf(report, ID).rivals.map(({ cause }) => cause)).toEqual(["client-nat-multi-egress"]);
    expect(checkOf(report, "data-connect-no-data").status).toBe("absent");
  });

  it("thinks of two lines, not of a pool, where it happens each time, many times over", () => {
    const bad = told("425 Security: Bad IP connecting.");
    const report = expectCauses(
      probeOf("203.0.113.5")
        .passive("epsv", bad)
        .passive("pasv", bad)
        .offers("epsv", "with-transfer", [bad, bad, bad, bad]),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "certain", args: { times: 6 } });
    expect(findingOf(report, ID).rivals[0]?.toTellApart).toContain("two lines");
  });

  it("leaves the field to the client's NAT where it happens now and then", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv").passive("pasv", told("425 Security: Bad IP connecting.")),
      ["client-nat-multi-egress"],
    );
    expect(checkOf(report, ID)).toMatchObject({ status: "absent", note: expect.stringContaining("now and then") });
  });

  it("is likely where Pure-FTPd hangs up without a word each time", () => {
    const silent = { transfer: { replies: [], outcome: "timed-out", data: "ok", bytes: 0 } } as const;
    const pure = probeOf("203.0.113.5")
      .control({
        greeting:
          "220---------- Welcome to Pure-FTPd [privsep] [TLS] ----------\n220 You will be disconnected after 15 minutes of inactivity.",
      })
      .login("logged-in", "331 User anonymous OK. Password required", "230 OK. Current directory is /");
    const report = expectCauses(pure.passive("epsv", silent).passive("pasv", silent), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "likely" });
  });

  it("does not fire on any other 425", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv").passive("pasv", told("425 Failed to establish connection.")),
      ["data-connect-no-data"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("cannot tell where no data connection was made", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").passive("epsv", { dial: "timed-out" }).passive("pasv", { dial: "timed-out" }),
      ["pasv-ports-filtered"],
    );
    expect(checkOf(report, ID).status).toBe("undetermined");
  });

  it("is refuted where active mode ends in the same way", () => {
    const refused = { transfer: { replies: ["425 No data connection"], data: "ok", bytes: 0 } } as const;
    const pure = probeOf("203.0.113.5").control({ greeting: "220---------- Welcome to Pure-FTPd ----------" });
    const report = expectCauses(pure.passive("epsv", refused).passive("pasv", refused).active("port", refused), [
      "data-connect-no-data",
    ]);
    expect(checkOf(report, ID).status).toBe("absent");
  });
});
