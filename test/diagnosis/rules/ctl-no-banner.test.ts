import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-no-banner";

describe(ID, () => {
  it("is certain where the whole patience of 30 s passed", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").control({ greeting: null, greetingOutcome: "timed-out", greetingMs: 30_000 }),
      [ID],
    );
    expect(report.verdict).toBe("broken");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "critical",
      confidence: "certain",
      at: "server-host",
      seen: ["203.0.113.5:21 connected, then 0 bytes in 30 s"],
    });
    expect(report.next[0]?.command).toBe("openssl s_client -connect 203.0.113.5:21");
  });

  it("is likely where a shorter limit was set, and names the delay as a rival", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").control({
        greeting: null,
        greetingOutcome: "timed-out",
        greetingMs: 2000,
        greetingLimitMs: 2000,
      }),
      [ID],
    );
    expect(findingOf(report, ID).confidence).toBe("likely");
    expect(findingOf(report, ID).rivals.map(({ cause }) => cause)).toContain("ctl-banner-delay");
  });

  it("is a warning beside an address that greets", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv").at("203.0.113.6").control({ greeting: null, greetingOutcome: "timed-out" }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("warning");
    expect(report.verdict).toBe("degraded");
  });

  it("does not fire where something was said, or the connection ended", () => {
    for (const [sketch, id] of [
      [{ greeting: null, greetingOutcome: "timed-out", firstBytes: "SSH-2.0-x\r\n" }, "ctl-wrong-service"],
      [{ greeting: null, greetingOutcome: "timed-out", firstBytes: "220 ftp-doc" }, "ctl-protocol-violation"],
      [{ greeting: null, greetingOutcome: "closed" }, "ctl-accepted-then-closed"],
    ] as const) {
      expect(checkOf(expectCauses(probeOf("203.0.113.5").control(sketch), [id]), ID).status).toBe("absent");
    }
  });

  it("cannot tell where nothing connected, or where the wait was cut short", () => {
    const refused = expectCauses(probeOf("203.0.113.5").control({ connect: "refused" }), ["ctl-refused"]);
    expect(checkOf(refused, ID).status).toBe("undetermined");
    const stopped = expectCauses(
      probeOf("203.0.113.5").interrupted().control({ greeting: null, greetingOutcome: "cancelled" }),
      [],
    );
    expect(checkOf(stopped, ID).status).toBe("undetermined");
  });

  it("tells a web server apart by a command that speaks first", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ greeting: null, greetingOutcome: "timed-out" }), [ID]);
    expect(
      findingOf(report, ID).rivals.some(({ toTellApart }) => toTellApart.includes("curl -v http://203.0.113.5:21/")),
    ).toBe(true);
  });
});
