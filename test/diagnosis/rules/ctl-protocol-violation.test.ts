import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { probeOf, type SecureSketch } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-protocol-violation";

describe(ID, () => {
  it.each([
    ["binary garbage", "\xe9\xfa\x80\x8b\xc7", "protocol-error"],
    ["NUL bytes", "\0".repeat(256), "timed-out"],
    ["text without codes", "Hello there,\r\nthis is no reply.\r\n", "closed"],
    ["a line without end", `220 ${"x".repeat(252)}`, "protocol-error"],
  ] as const)("is certain for %s", (_what, firstBytes, greetingOutcome) => {
    const report = expectCauses(probeOf("203.0.113.5").control({ greeting: null, greetingOutcome, firstBytes }), [ID]);
    expect(report.verdict).toBe("broken");
    expect(report.control[0]?.outcome).toBe("not-ftp");
    expect(findingOf(report, ID)).toMatchObject({ severity: "critical", confidence: "certain", at: "server-host" });
  });

  it.each([
    ["220 ftp-doc", "timed-out"],
    ["220-Welcome\r\n220-to this server\r\n", "timed-out"],
    ["220 ftp-doc", "closed"],
    ["22", "reset"],
  ] as const)("says of half a greeting that it breaks off: %j, then %s", (firstBytes, greetingOutcome) => {
    const report = expectCauses(probeOf("203.0.113.5").control({ greeting: null, greetingOutcome, firstBytes }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      confidence: "likely",
      summary: "203.0.113.5:21 begins a greeting and never finishes it.",
    });
  });

  it.each([`220-${"A".repeat(252)}`, `220 ${"x".repeat(252)}`])(
    "says of a flood behind the code that it never ends",
    (firstBytes) => {
      const flood = { greeting: null, greetingOutcome: "protocol-error", firstBytes } as const;
      const finding = findingOf(expectCauses(probeOf("203.0.113.5").control(flood), [ID]), ID);
      expect(finding).toMatchObject({
        confidence: "certain",
        summary: "203.0.113.5:21 begins a greeting that never ends.",
      });
      expect(finding.explanation).not.toContain("cannot be read");
    },
  );

  it("knows of no end that is missing where a mail server greets in place of a handshake", () => {
    const greeted = { how: "implicit", outcome: "protocol-error", foreign: "220 Welcome\r\n" } as const;
    const report = diagnose(probeOf("203.0.113.5").target({ security: "implicit" }).secure(greeted).build());
    expect(JSON.stringify(report.findings)).not.toContain("never ends");
  });

  it("leaves a greeting of which bytes were still arriving to ctl-banner-delay, and no other half of one", () => {
    const cut = (quietMs: number) => {
      const probe = probeOf("203.0.113.5").control({
        greeting: null,
        greetingOutcome: "timed-out",
        greetingMs: 1_000,
        firstBytes: "220 h",
      });
      for (const record of probe.build().experiments) {
        if (record.experiment === "control" && record.greeting !== null)
          record.greeting.partial = { text: "220 h", quietMs };
      }
      return probe;
    };
    const slow = expectCauses(cut(200), ["ctl-banner-delay"]);
    expect(findingOf(slow, "ctl-banner-delay").summary).toBe(
      "ftp.example.com answers too slowly: bytes of its greeting were still arriving when the limit of 1 s passed.",
    );
    expectCauses(cut(900), [ID]);
  });

  it("fires for a greeting with a code of another kind", () => {
    expectCauses(probeOf("203.0.113.5").control({ greeting: "331 Password?" }), [ID]);
  });

  it("fires where a login is answered beyond the reader's limits, or by half a reply", () => {
    expectCauses(probeOf("203.0.113.5").login("failed", "331 Password?", null, null, { outcome: "protocol-error" }), [
      ID,
    ]);
    const half = probeOf("203.0.113.5").login("failed", "331 Password?", "230 Logg", null, {
      outcome: "timed-out",
      ms: 30_000,
    });
    const evidence = half.build();
    for (const record of evidence.experiments) {
      if (record.experiment === "login") record.exchanges.at(-1)?.replies[0]?.oddities.push("unfinished");
    }
    expect(expectCauses(half, [ID]).verdict).toBe("broken");
  });

  it("fires where the closing reply came and the data connection is never ended", () => {
    const endless = { transfer: { data: "timed-out", bytes: 65 } } as const;
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", endless).passive("pasv", endless), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      severity: "error",
      confidence: "likely",
      summary: "ftp.example.com says that the listing is complete, and never ends its data connection.",
    });
  });

  it("leaves a conversation that is out of step to reply-desync", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .control()
        .login()
        .works("epsv")
        .unexpected("226 Done.")
        .passive("pasv", { reply: null, outcome: "protocol-error" }),
      ["reply-desync"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("does not fire for another service, silence, or a refusal", () => {
    for (const [sketch, id] of [
      [{ greeting: null, greetingOutcome: "protocol-error", firstBytes: "SSH-2.0-x" }, "ctl-wrong-service"],
      [{ greeting: null, greetingOutcome: "timed-out" }, "ctl-no-banner"],
      [{ greeting: "421 Service not available." }, "ctl-accepted-then-closed"],
    ] as const) {
      expect(checkOf(expectCauses(probeOf("203.0.113.5").control(sketch), [id]), ID).status).toBe("absent");
    }
  });

  const knocked = (sketch: SecureSketch) =>
    probeOf("203.0.113.5")
      .control({ greeting: null, greetingOutcome: "timed-out" })
      .secure({ how: "implicit", knock: true, ...sketch });

  it.each(["500 What?\r\n", "Hello there,\r\nthis is no reply.\r\n", "220 Welcome"])(
    "does not judge what answers a handshake that nobody had asked for: %j",
    (foreign) => {
      const report = expectCauses(knocked({ outcome: "tls-failed", foreign }), ["ctl-no-banner"]);
      expect(checkOf(report, ID).status).toBe("absent");
    },
  );

  it("fires for garbage where TLS from the first byte was asked for", () => {
    const asked = probeOf("203.0.113.5").target({ security: "implicit" });
    const wrong = { how: "implicit", outcome: "tls-failed", foreign: "\xe9\xfa\x80\x8b\xc7" } as const;
    expectCauses(asked.secure(wrong), [ID]);
  });

  it("cannot tell where nothing was received", () => {
    const report = expectCauses(probeOf("203.0.113.5").control({ connect: "refused" }), ["ctl-refused"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
  });
});
