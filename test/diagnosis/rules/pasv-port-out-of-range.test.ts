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

  it("cannot tell where no port was dialled", () => {
    expect(checkOf(expectCauses(probeOf(PEER).control(), []), ID).status).toBe("undetermined");
  });
});
