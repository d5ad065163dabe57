import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import type { OffersRecord } from "../../../src/model/evidence.ts";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "srv-stalled-accept";
const PEER = "203.0.113.5";

/** Offers one by one, each dialled at its time; `x` refuses. The numbers tell nothing. */
function inTime(turns: readonly (readonly [atMs: number, sign: "x" | "."])[]) {
  const ports = [40_500, 40_100, 40_400, 40_200, 40_300, 40_150, 40_450, 40_250];
  const evidence = probeOf(PEER)
    .passive("epsv", { names: `${PEER}:40120` })
    .offers(
      "epsv",
      "one-by-one",
      turns.map(([, sign], index) => ({
        names: `${PEER}:${ports[index]}`,
        dial: sign === "x" ? "refused" : "connected",
      })),
    )
    .build();
  const offers = evidence.experiments.find((record): record is OffersRecord => record.experiment === "offers");
  offers?.samples.forEach(({ dialled }, index) => {
    for (const dial of dialled) dial.startedMs = turns[index]?.[0] ?? 0;
  });
  return diagnose(evidence);
}

describe(ID, () => {
  it("fires where what follows at once fails, and what follows after a pause works", () => {
    const report = inTime([
      [5000, "."],
      [5100, "x"],
      [9000, "."],
      [9100, "x"],
      [13_000, "."],
      [13_100, "x"],
    ]);
    expect(report.findings.map(({ id }) => id)).toEqual([ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "likely", at: "server-host" });
  });

  it("does not fire where one works at once, or one fails after a pause", () => {
    for (const turn of [
      [13_100, "."],
      [16_000, "x"],
    ] as const) {
      const report = inTime([[5000, "."], [5100, "x"], [9000, "."], [9100, "x"], [13_000, "."], turn]);
      expect(report.findings.map(({ id }) => id)).toEqual(["pasv-lb-other-backend"]);
    }
  });

  it("cannot tell where no port was dialled", () => {
    expect(checkOf(expectCauses(probeOf(PEER).control(), []), ID).status).toBe("undetermined");
  });
});
