import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-alg-drops-227";

describe(ID, () => {
  it("fires where PASV gets no reply and EPSV works", () => {
    const report = expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", { reply: null }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "likely", at: "middlebox" });
    expect(report.verdict).toBe("degraded");
  });

  it("is only possible where neither is answered: then the server itself may hang", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").passive("epsv", { reply: null }).passive("pasv", { reply: null }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({
      severity: "error",
      confidence: "possible",
      at: "unknown",
      summary: "EPSV and PASV get no reply, though the login was answered.",
    });
    expect(report.verdict).toBe("broken");
  });

  it("is only possible where the other one was answered with a refusal", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").passive("epsv", { reply: "502 No." }).passive("pasv", { reply: null }),
      [ID, "epsv-rejected"],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "possible", at: "unknown" });
  });

  it("quotes half a reply", () => {
    const half = { reply: "229 Entering Ext", names: null, outcome: "timed-out" } as const;
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", half).works("pasv"), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      confidence: "possible",
      summary: expect.stringContaining("half a reply and no more (229 Entering Ext), while PASV is answered"),
      seen: ["EPSV: 229 Entering Ext, then no answer (10 s)"],
    });
  });

  it("quotes half a line that is no reply, and leaves one that was still arriving to ctl-banner-delay", () => {
    const cut = (quietMs: number) => {
      const probe = probeOf("203.0.113.5").passive("epsv", { reply: null }).works("pasv");
      for (const record of probe.build().experiments) {
        if (record.experiment !== "passive" || record.mode !== "epsv" || record.offer === null) continue;
        record.offer.exchange.partial = { text: "22", quietMs };
      }
      return probe;
    };
    const report = expectCauses(cut(9_000), [ID]);
    expect(findingOf(report, ID).summary).toContain("half a reply and no more (22), while PASV is answered");
    expectCauses(cut(200), ["ctl-banner-delay"]);
  });

  it("blames no firewall on the way to this machine's own address", () => {
    const report = expectCauses(probeOf("127.0.0.1").passive("epsv", { reply: null }).works("pasv"), [ID]);
    const finding = findingOf(report, ID);
    expect(finding).toMatchObject({ at: "unknown", summary: "EPSV gets no reply, while PASV is answered." });
    expect(finding.explanation).toContain("no firewall lies on the way");
    const neither = expectCauses(probeOf("::1").passive("epsv", { reply: null }), [ID]);
    expect(findingOf(neither, ID).explanation).toContain("no firewall lies on the way");
  });

  it("does not take a cancelled command for silence", () => {
    expectCauses(
      probeOf("203.0.113.5").interrupted().works("epsv").passive("pasv", { reply: null, outcome: "cancelled" }),
      [],
    );
  });

  it("cannot tell where nothing was asked", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });
});

describe(`${ID} beside TLS`, () => {
  const unanswered = { reply: null, outcome: "timed-out" } as const;

  it("is certain where the same mode is answered under TLS", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .login()
        .works("epsv")
        .passive("pasv", unanswered)
        .control()
        .secure()
        .login()
        .works("epsv", "pasv"),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "certain", at: "middlebox", rivals: [] });
  });

  it("is no more than possible where it is silent under TLS too, which nobody can read", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .login()
        .works("epsv")
        .passive("pasv", unanswered)
        .control()
        .secure()
        .login()
        .works("epsv")
        .passive("pasv", unanswered),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "possible", at: "unknown" });
  });
});
