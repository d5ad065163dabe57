import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import type { Evidence } from "../../../src/model/evidence.ts";
import type { Report } from "../../../src/model/report.ts";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-max-per-ip";
const REFUSAL = "421 There are too many connections from your internet address.";

describe(ID, () => {
  it("is critical where the first connection is refused", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ greeting: REFUSAL }), [ID]);
    expect(report.verdict).toBe("broken");
    expect(findingOf(report, ID)).toMatchObject({ severity: "critical", confidence: "certain", seen: [REFUSAL] });
  });

  it("is a notice where only a second session is refused and the first was enough for every mode", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").control().login().works("epsv", "pasv", "eprt", "port").control({ greeting: REFUSAL }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", evidence: ["control-2"] });
    expect(report.verdict).toBe("healthy");
  });

  it("is a warning where modes stayed untried for want of a second session", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .control()
        .login()
        .works("epsv", "pasv")
        .active("eprt", { status: "skipped", note: "no session could be had" })
        .active("port", { status: "skipped", note: "no session could be had" })
        .control({ greeting: REFUSAL }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", evidence: ["control-2"] });
    expect(findingOf(report, ID).summary).toContain("fewer sessions at once");
    expect(report.verdict).toBe("degraded");
    expect(report.meanwhile.join()).toContain("one connection at a time");
  });

  it("covers the login that is refused with it", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").login(
        "rejected",
        "331 Password?",
        "530 Sorry, the maximum number of allowed clients (2) from your host are connected.",
      ),
      [ID],
    );
    expect(checkOf(report, "auth-rejected").note).toBe(`covered by ${ID}`);
    expect(report.verdict).toBe("broken");
  });

  it("does not hide that the first session is cut for another reason", () => {
    expectCauses(
      probeOf("203.0.113.5")
        .control()
        .login()
        .works("pasv")
        .passive("epsv", { reply: null, outcome: "closed" })
        .control({ greeting: REFUSAL }),
      [ID, "ctl-closed-mid-session"],
    );
  });

  it("does not fire for a full server", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").control({ greeting: "421 50 users (the maximum) are already logged in, sorry" }),
      ["ctl-max-clients"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("cannot tell where the server said nothing", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "timed-out" }), ["ctl-timeout"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });

  it.each([
    "421 Too many connections from your address.",
    "421 Too many connections from your IP",
    "421 Too many connections from your host",
    "421 Too many connections for your IP.",
    "421 Too many simultaneous sessions for this address",
  ])("fires for %s", (greeting) => {
    expectCauses(probeOf("203.0.113.5").control({ greeting }), [ID]);
  });

  it("sees a firewall's limit where a second connection is turned away beside the first", () => {
    for (const connect of ["refused", "timed-out"] as const) {
      const report = expectCauses(
        probeOf("203.0.113.5").control().control({ connect }).works("epsv", "pasv", "eprt", "port"),
        [ID],
      );
      expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "likely", at: "server-firewall" });
      expect(report.verdict).toBe("healthy");
    }
  });

  it("counts data connections where those made alone open, and others are refused", () => {
    const report = diagnose(rested("xx.x.xx.x", "...."));
    expect(causesOf(report)).toEqual([ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "likely", at: "server-firewall" });
    expect(findingOf(report, ID).summary).toContain("counts data connections among them");
    expect(checkOf(report, "pasv-lb-other-backend").note).toBe(`covered by ${ID}`);
  });

  it("does not where one made alone is refused too: that is chance", () => {
    expect(causesOf(diagnose(rested("xx.x.xx.x", "x..x")))).toEqual(["pasv-lb-other-backend"]);
  });
});

const causesOf = (report: Report) => report.findings.filter(({ role }) => role === "cause").map(({ id }) => id);

/** Offers at once behind two refused modes, then one every other second; `x` refuses. The numbers tell nothing. */
function rested(atOnce: string, alone: string): Evidence {
  const ports = [
    40_500, 40_100, 40_400, 40_200, 40_300, 40_150, 40_450, 40_250, 40_120, 40_430, 40_270, 40_180, 40_350,
  ];
  const signs = [...atOnce, ...alone];
  const evidence = probeOf("203.0.113.5")
    .passive("epsv", { names: "203.0.113.5:40510", dial: "refused" })
    .passive("pasv", { names: "203.0.113.5:40090", dial: "refused" })
    .offers(
      "epsv",
      "one-by-one",
      signs.map((sign, index) => ({
        names: `203.0.113.5:${ports[index]}`,
        dial: sign === "x" ? "refused" : "connected",
      })),
    )
    .build();
  for (const record of evidence.experiments) {
    if (record.experiment !== "offers") continue;
    record.samples.forEach(({ dialled }, index) => {
      const since = index - atOnce.length;
      for (const dial of dialled) dial.startedMs = 1_000 + 10 * index + (since < 0 ? 0 : 2_000 * (since + 1));
    });
  }
  return evidence;
}
