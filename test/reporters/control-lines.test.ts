import { describe, expect, it } from "vitest";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import type { ControlSummary } from "../../src/model/report.ts";
import { controlLines } from "../../src/reporters/control-lines.ts";
import { type EvidenceBuilder, probeOf } from "../support/evidence.ts";
import { sampleReport } from "../support/report.ts";

const READY: ControlSummary = {
  address: "203.0.113.5",
  family: "ipv4",
  port: 21,
  outcome: "ready",
  connectMs: 12,
  greetingMs: 14,
  protection: "clear",
  login: null,
  product: null,
};

describe("the control line", () => {
  const line = (changes: Partial<ControlSummary>) =>
    controlLines(sampleReport("healthy", { control: [{ ...READY, ...changes }] }), 80).join("\n");

  it.each<[Partial<ControlSummary>, string]>([
    [{}, "Control   203.0.113.5:21   connected in 12 ms"],
    [{ greetingMs: 5200 }, "connected in 12 ms, greeting after 5.2 s"],
    [{ outcome: "refused", connectMs: null }, "connection refused"],
    [{ outcome: "timed-out", connectMs: null, address: "203.0.113.9" }, "203.0.113.9:21   no answer"],
    [{ outcome: "unreachable", connectMs: null }, "no route, or rejected on the way"],
    [{ outcome: "silent" }, "connected in 12 ms, then no greeting"],
    [{ outcome: "not-ftp" }, "connected in 12 ms, but what answers is not FTP"],
    [{ outcome: "closed" }, "connected in 12 ms, then closed without a greeting"],
    [{ outcome: "reset" }, "connected in 12 ms, then reset without a greeting"],
    [{ outcome: "rejected" }, "connected in 12 ms, turned away"],
    [{ outcome: "cancelled", connectMs: null }, "stopped before an answer came"],
    [{ login: "logged-in" }, "logged in anonymously"],
    [{ login: "rejected" }, "anonymous login refused"],
    [{ login: "failed" }, "login got no answer"],
    [{ login: "withheld" }, "login not sent"],
    [{ product: { name: "Pure-FTPd", version: null, confidence: "likely" } }, "Pure-FTPd (likely)"],
    [{ address: "2001:db8::5", family: "ipv6" }, "[2001:db8::5]:21"],
  ])("for %j says %s", (changes, words) => expect(line(changes)).toContain(words));

  it("does not call what began as a greeting something that is not FTP", () => {
    const shown = (greetingOutcome: "timed-out" | "protocol-error", firstBytes: string) =>
      controlLines(
        diagnose(probeOf("203.0.113.5").control({ greeting: null, greetingOutcome, firstBytes }).build()),
        200,
      ).join("\n");
    expect(shown("timed-out", "220 h")).toContain("then no whole greeting in 12 ms");
    expect(shown("protocol-error", `220-${"A".repeat(250)}`)).toContain("then a greeting without end");
    expect(shown("protocol-error", "Hello there")).toContain("but what answers is not FTP");
  });

  it("does not call a greeting in place of a handshake something that is not FTP, logged in or not", () => {
    const greeted = (foreign: string) =>
      probeOf("203.0.113.5")
        .target({ security: "implicit", port: 990 })
        .secure({ how: "implicit", outcome: "protocol-error", foreign });
    const shown = (probe: EvidenceBuilder) => controlLines(diagnose(probe.build()), 200).join("\n");
    expect(shown(greeted("220 Welcome\r\n"))).toContain("greeted in clear text in place of TLS");
    const inside = greeted("220 Welcome\r\n").control({ protection: "clear" }).login().works("epsv");
    expect(shown(inside)).toContain("greeted in clear text in place of TLS   logged in anonymously");
    expect(diagnose(inside.build()).control[0]?.outcome).toBe("ready");
    const secured = probeOf("203.0.113.5")
      .target({ security: "implicit", port: 990 })
      .secure({
        how: "implicit",
        said: { greeting: "220 Welcome", greetingOutcome: "ok", firstBytes: "220 Welcome\r\n" },
      })
      .login();
    expect(shown(secured)).not.toContain("in clear text");
    expect(shown(greeted("SSH-2.0-OpenSSH_9.6\r\n"))).toContain("what answers is not FTP");
    expect(shown(greeted("220 mx ESMTP Postfix\r\n"))).toContain("what answers is not FTP");
  });
});
