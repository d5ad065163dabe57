import { describe, expect, it } from "vitest";
import type { ActiveRecord, PassiveRecord } from "../../src/model/evidence.ts";
import { happened, said } from "../../src/reporters/attempt-words.ts";
import { probeOf } from "../support/evidence.ts";
import { modeRow } from "../support/report.ts";

const probe = () => probeOf("203.0.113.5");

function passive(sketch: Parameters<ReturnType<typeof probe>["passive"]>[1]): PassiveRecord {
  const { experiments } = probe().passive("pasv", sketch).build();
  return experiments.find((record) => record.experiment === "passive") as PassiveRecord;
}

function active(sketch: Parameters<ReturnType<typeof probe>["active"]>[1]): ActiveRecord {
  const { experiments } = probe().active("port", sketch).build();
  return experiments.find((record) => record.experiment === "active") as ActiveRecord;
}

const pasv = (changes: Parameters<typeof modeRow>[0]) => modeRow({ mode: "pasv", ...changes });
const port = (changes: Parameters<typeof modeRow>[0]) =>
  modeRow({ mode: "port", advertised: null, dialled: [], offered: "198.51.100.10:50321", ...changes });

describe("what the server said or we offered", () => {
  it("is a port for EPSV, an endpoint otherwise", () => {
    expect(said(modeRow())).toBe("port 40000");
    expect(said(modeRow({ advertised: "[2001:db8::5]:40000" }))).toBe("port 40000");
    expect(said(pasv({ advertised: "10.0.0.2:40003" }))).toBe("10.0.0.2:40003");
    expect(said(port({}))).toBe("198.51.100.10:50321");
    expect(said(modeRow({ advertised: null }))).toBe("-");
  });
});

describe("what happened", () => {
  it("works", () => {
    expect(happened(modeRow(), null)).toBe("65 bytes in 14 ms");
    expect(happened(modeRow({ bytes: 0 }), null)).toBe("empty listing in 14 ms");
    expect(happened(port({ calledFrom: "203.0.113.5:20" }), null)).toBe("called from port 20; 65 bytes in 14 ms");
    expect(happened(port({ calledFrom: "203.0.113.9:20" }), null)).toBe(
      "called from 203.0.113.9:20; 65 bytes in 14 ms",
    );
  });

  it("is repaired", () => {
    const dialled = [
      { endpoint: "10.0.0.2:40003", outcome: "timed-out" as const, ms: 3500 },
      { endpoint: "203.0.113.5:40003", outcome: "connected" as const, ms: 11 },
    ];
    expect(happened(pasv({ result: "repaired", advertised: "10.0.0.2:40003", dialled, ms: 3600 }), null)).toBe(
      "no answer there in 3.5 s; 203.0.113.5:40003 answered; 65 bytes in 3.6 s",
    );
  });

  it("is blocked at the dial", () => {
    const dialled = [{ endpoint: "203.0.113.5:40000", outcome: "refused" as const, ms: 12 }];
    expect(happened(modeRow({ result: "blocked", stage: "dial", dialled }), null)).toBe(
      "connection refused after 12 ms",
    );
  });

  it("is blocked because nobody called, or somebody else did", () => {
    const row = port({ result: "blocked", stage: "accept", bytes: 0 });
    expect(happened(row, active({ accept: "timed-out" }))).toBe("accepted (200), then nobody called in 3.5 s");
    expect(happened(row, active({ accept: "timed-out", strangers: ["198.51.100.77:1000"] }))).toBe(
      "accepted (200), called by 198.51.100.77, not by the server, then nobody called in 3.5 s",
    );
    const gaveUp = active({ accept: "closed", transfer: { replies: ["425 Nobody answered."], data: null, bytes: 0 } });
    expect(happened(row, gaveUp)).toBe('accepted (200), after 11 ms the server gave up: "425 Nobody answered."');
    expect(happened({ ...row, ms: 10_000 }, null)).toBe("accepted, then nobody called in 10 s");
  });

  it("is blocked at the command", () => {
    const row = pasv({ result: "blocked", stage: "command", advertised: null, dialled: [], bytes: 0 });
    expect(happened(row, passive({ reply: null }))).toBe("PASV: no answer in 10 s");
    expect(happened(row, passive({ reply: "227 Entering", problem: "no numbers", names: null }))).toBe(
      'server says "227 Entering", which names no usable endpoint: no numbers',
    );
  });

  it("is blocked in the transfer", () => {
    const row = pasv({ result: "blocked", stage: "transfer", bytes: 0 });
    const record = passive({ transfer: { replies: ["425 Bad IP connecting."], data: "reset", bytes: 0 } });
    expect(happened(row, record)).toBe(
      'connected, no data came; data connection: connection reset; the server said "425 Bad IP connecting."',
    );
    const silent = passive({ transfer: { replies: ["150 Here it comes."], outcome: "timed-out" } });
    expect(happened({ ...row, bytes: 65 }, silent)).toBe(
      "connected, 65 bytes came; no closing reply: no answer in 10 s",
    );
  });

  it("tells a listing that stood still from one that never ended", () => {
    const row = pasv({ result: "blocked", stage: "transfer", bytes: 512 });
    const still = passive({
      transfer: { replies: ["150 Here it comes."], outcome: "timed-out", data: "timed-out", bytes: 512 },
    });
    expect(happened(row, still)).toBe(
      "connected, 512 bytes came; data connection not ended; no closing reply: no answer in 10 s",
    );
    const endless = passive({ transfer: { data: "protocol-error", bytes: 8_388_608 } });
    expect(happened(pasv({ result: "works", bytes: 8_388_608, ms: 3000 }), endless)).toBe(
      "8.4 MB in 3 s; cut off while more came",
    );
  });

  it("is refused, unsupported or skipped", () => {
    expect(
      happened(port({ result: "refused", stage: "command" }), active({ reply: "500 Illegal PORT command." })),
    ).toBe('server says "500 Illegal PORT command."');
    const note = "not applicable: PORT can only name IPv4 addresses";
    const inapplicable = active({ status: "skipped", note });
    expect(happened(port({ result: "unsupported", stage: "command" }), inapplicable)).toBe(
      "PORT can only name IPv4 addresses",
    );
    expect(happened(port({ result: "skipped" }), active({ status: "skipped", note: "no session" }))).toBe("no session");
    expect(happened(port({ result: "skipped" }), null)).toBe("not tried");
  });

  it("tells the part of a reply that came", () => {
    const row = pasv({ result: "blocked", stage: "command" });
    const cut = (outcome: "closed" | "timed-out") => {
      const record = passive({ reply: null, outcome });
      if (record.offer !== null) record.offer.exchange.partial = { text: "22", quietMs: 0 };
      return happened(row, record);
    };
    expect(cut("closed")).toBe(
      'PASV: no more than "22" of a reply, then connection closed by the other side after 11 ms',
    );
    expect(cut("timed-out")).toMatch(/^PASV: no more than "22" of a reply in \d/);
  });

  it("is inconclusive", () => {
    const row = port({ result: "inconclusive", stage: "accept" });
    expect(happened(row, active({ status: "cancelled" }))).toBe("stopped before it could tell");
    expect(happened(row, active({ status: "cancelled", note: "the time for one address was used up" }))).toBe(
      "stopped before it could tell: the time for one address was used up",
    );
    expect(happened(row, active({ status: "crashed", note: "oops" }))).toBe("ftp-doctor itself failed here: oops");
    expect(happened(row, null)).toBe("could not be tried to the end");
  });

  it("shortens a server's long line and says so", () => {
    const text = happened(port({ result: "refused", stage: "command" }), active({ reply: `500 ${"x".repeat(300)}` }));
    expect(text.length).toBeLessThan(140);
    expect(text).toMatch(/x…"$/);
  });
});
