import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-port-out-of-range";
const PEER = "203.0.113.5";
const at = (ports: readonly number[], dial: "timed-out" | "connected") =>
  ports.map((port) => ({ names: `${PEER}:${port}`, dial }));

describe(ID, () => {
  it("fires where a few ports lie far from the range that opens", () => {
    const report = expectCauses(
      probeOf(PEER)
        .passive("epsv", { names: `${PEER}:34567`, dial: "timed-out" })
        .passive("pasv", { names: `${PEER}:50003` })
        .offers("epsv", "one-by-one", [...at([50001, 50004, 50002, 50005], "connected"), ...at([41234], "timed-out")]),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "likely",
      at: "server-config",
      args: { from: 50001, to: 50005, outside: [34567, 41234] },
    });
  });

  it("does not fire where the far ones are many, or not far", () => {
    for (const closed of [
      [50006, 50007],
      [34567, 41234, 45678, 38999, 47111],
    ]) {
      expectCauses(
        probeOf(PEER)
          .passive("epsv", { names: `${PEER}:${closed[0]}`, dial: "timed-out" })
          .offers("epsv", "one-by-one", [
            ...at([50001, 50004, 50002, 50005], "connected"),
            ...at(closed.slice(1), "timed-out"),
          ]),
        ["pasv-range-partly-open"],
      );
    }
  });

  it("stands beside closed ports from all over the system's range", () => {
    const report = expectCauses(
      probeOf(PEER)
        .passive("epsv", { names: `${PEER}:33001`, dial: "timed-out" })
        .passive("pasv", { names: `${PEER}:59877`, dial: "timed-out" }),
      ["pasv-ports-filtered"],
    );
    expect(findingOf(report, "pasv-ports-filtered").rivals.map(({ cause }) => cause)).toContain(ID);
  });

  it("fires where ports are offered beside the range that was named, and that range can be reached", () => {
    const report = expectCauses(
      probeOf(PEER)
        .passive("epsv", { names: `${PEER}:34567`, dial: "timed-out" })
        .passive("pasv", { names: `${PEER}:41234`, dial: "timed-out" })
        .sweep(["50000-50100 closed"]),
      [ID],
    );
    const finding = findingOf(report, ID);
    expect(finding).toMatchObject({ confidence: "likely", args: { declared: "50000-50100", outside: [34567, 41234] } });
    expect(finding.summary).toContain("34567 and 41234, and these do not open");
    expect(checkOf(report, "pasv-ports-filtered")).toMatchObject({ status: "absent" });
  });

  it("is a notice where those ports open", () => {
    const probe = probeOf(PEER)
      .passive("epsv", { names: `${PEER}:34567` })
      .passive("pasv", { names: `${PEER}:50007` })
      .sweep(["50000-50100 closed"]);
    expect(findingOf(expectCauses(probe, [ID]), ID)).toMatchObject({ severity: "notice", args: { outside: [34567] } });
  });

  it("leaves it to the closed range where that cannot be reached either, and to nobody where all offers lie in it", () => {
    const closed = probeOf(PEER)
      .passive("epsv", { names: `${PEER}:34567`, dial: "timed-out" })
      .passive("pasv", { names: `${PEER}:41234`, dial: "timed-out" })
      .sweep(["50000-50100 filtered"]);
    expectCauses(closed, ["pasv-ports-filtered"]);
    const inside = probeOf(PEER)
      .passive("epsv", { names: `${PEER}:50001` })
      .passive("pasv", { names: `${PEER}:50002` })
      .sweep(["50000-50100 closed"]);
    expectCauses(inside, []);
  });

  it("cannot tell where no port was dialled", () => {
    expect(checkOf(expectCauses(probeOf(PEER).control(), []), ID).status).toBe("undetermined");
  });
});
