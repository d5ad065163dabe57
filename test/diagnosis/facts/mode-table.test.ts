import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { type EvidenceBuilder, type PassiveSketch, probeOf } from "../../support/evidence.ts";

const rowsOf = (probe: EvidenceBuilder) =>
  diagnose(probe.build()).modes.map(({ mode, result, stage }) => [mode, result, stage]);
const pasv = (sketch: PassiveSketch) => rowsOf(probeOf("203.0.113.5").passive("pasv", sketch))[0];
const port = (sketch: Parameters<EvidenceBuilder["active"]>[1]) =>
  rowsOf(probeOf("203.0.113.5").active("port", sketch))[0];

describe("the mode table", () => {
  it("tells what became of a passive attempt, and at which stage", () => {
    expect(pasv({})).toEqual(["pasv", "works", null]);
    expect(pasv({ transfer: { bytes: 0 } })).toEqual(["pasv", "works", null]);
    expect(pasv({ names: "10.0.0.2:4000", dial: "timed-out" })).toEqual(["pasv", "repaired", null]);
    expect(pasv({ dial: "timed-out" })).toEqual(["pasv", "blocked", "dial"]);
    expect(pasv({ dial: "cancelled" })).toEqual(["pasv", "inconclusive", "dial"]);
    expect(pasv({ reply: "502 No." })).toEqual(["pasv", "unsupported", "command"]);
    expect(pasv({ reply: "550 Permission denied." })).toEqual(["pasv", "refused", "command"]);
    expect(pasv({ reply: "500 OOPS: invalid pasv_address" })).toEqual(["pasv", "refused", "command"]);
    expect(pasv({ reply: null })).toEqual(["pasv", "blocked", "command"]);
    expect(pasv({ reply: "227 Passive.", names: null, problem: "no numbers" })).toEqual(["pasv", "blocked", "command"]);
    expect(pasv({ reply: null, outcome: "cancelled" })).toEqual(["pasv", "inconclusive", "command"]);
    expect(pasv({ transfer: { data: "reset", bytes: 3 } })).toEqual(["pasv", "blocked", "transfer"]);
    expect(pasv({ transfer: { data: "tls-failed", bytes: 0 } })).toEqual(["pasv", "blocked", "tls"]);
    expect(pasv({ status: "skipped", note: "no session could be had for it" })).toEqual(["pasv", "skipped", null]);
    expect(pasv({ status: "skipped", note: "not applicable: IPv6" })).toEqual(["pasv", "unsupported", "command"]);
    expect(pasv({ status: "crashed", note: "a bug" })).toEqual(["pasv", "inconclusive", "command"]);
  });

  it("tells what became of an active attempt, and at which stage", () => {
    expect(port({})).toEqual(["port", "works", null]);
    expect(port({ accept: "timed-out" })).toEqual(["port", "blocked", "accept"]);
    expect(port({ accept: "cancelled" })).toEqual(["port", "inconclusive", "accept"]);
    expect(port({ reply: "500 Illegal PORT command." })).toEqual(["port", "refused", "command"]);
    expect(port({ reply: "425 Can't open data connection." })).toEqual(["port", "blocked", "command"]);
    expect(port({ reply: "502 No." })).toEqual(["port", "unsupported", "command"]);
    expect(port({ accept: "closed", transfer: { replies: ["550 No such directory."], data: null } })).toEqual([
      "port",
      "blocked",
      "transfer",
    ]);
  });

  it("has one row per mode and address: the first attempt that came to a conclusion", () => {
    const again = probeOf("203.0.113.5")
      .passive("epsv", { reply: null, outcome: "cancelled" })
      .passive("epsv", { dial: "timed-out" })
      .passive("epsv", {});
    expect(rowsOf(again)).toEqual([["epsv", "blocked", "dial"]]);
  });

  it("goes by address, then by mode", () => {
    const report = diagnose(
      probeOf("203.0.113.5").works("port", "epsv").at("2001:db8::5").works("eprt", "epsv").build(),
    );
    expect(report.modes.map(({ address, mode }) => `${mode} ${address}`)).toEqual([
      "epsv 203.0.113.5",
      "port 203.0.113.5",
      "epsv 2001:db8::5",
      "eprt 2001:db8::5",
    ]);
    expect(report.modes[2]).toMatchObject({ family: "ipv6", advertised: "[2001:db8::5]:40001" });
    expect(report.modes[1]).toMatchObject({ offered: "198.51.100.10:50321", calledFrom: "203.0.113.5:20" });
  });
});
