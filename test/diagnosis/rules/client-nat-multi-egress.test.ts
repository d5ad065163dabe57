import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "client-nat-multi-egress";
const PEER = "203.0.113.5";
const bad = { transfer: { replies: ["425 Security: Bad IP connecting."], data: "closed", bytes: 0 } } as const;

describe(ID, () => {
  it("fires where the server minds the address now and then", () => {
    const report = expectCauses(
      probeOf(PEER).passive("epsv", bad).works("pasv").offers("epsv", "with-transfer", [{}, bad, bad, {}, bad, {}]),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "likely",
      at: "client-nat",
      args: { failed: 4, of: 8 },
    });
    expect(findingOf(report, ID).rivals.map(({ cause }) => cause)).toEqual(["pasv-peer-ip-mismatch"]);
  });

  it("is certain where the server names two addresses of ours", () => {
    const from = (address: string) => ({ reply: `500 I won't open a connection to 10.0.0.9 (only to ${address})` });
    const report = expectCauses(
      probeOf(PEER)
        .policy({ required: ["passive"] })
        .passive("epsv", bad)
        .works("pasv")
        .active("eprt", from("198.51.100.7"))
        .active("port", from("198.51.100.8")),
      [ID, "port-private-address"],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "certain", rivals: [] });
    expect(findingOf(report, ID).explanation).toContain("198.51.100.7, 198.51.100.8");
  });

  it("does not fire where the 227 leads to another address: connections there may well come from elsewhere", () => {
    expectCauses(
      probeOf(PEER)
        .works("epsv")
        .passive("pasv", { ...bad, names: "10.0.0.2:40100" })
        .offers("epsv", "with-transfer", [{}, {}, {}]),
      ["pasv-private-address"],
    );
  });

  it("does not fire where it happens each time, or never", () => {
    expectCauses(probeOf(PEER).passive("epsv", bad).passive("pasv", bad), ["pasv-peer-ip-mismatch"]);
    expectCauses(probeOf(PEER).works("epsv", "pasv"), []);
  });

  it("cannot tell where no data connection was made", () => {
    const report = expectCauses(probeOf(PEER).passive("epsv", { dial: "timed-out" }), ["pasv-ports-filtered"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });
});
