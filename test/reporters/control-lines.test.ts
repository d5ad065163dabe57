import { describe, expect, it } from "vitest";
import type { ControlSummary } from "../../src/model/report.ts";
import { controlLines } from "../../src/reporters/control-lines.ts";
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
});
