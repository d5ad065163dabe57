import { describe, expect, test } from "vitest";
import type { ProbeOptions } from "../../src/engine/options.ts";
import { type FollowUp, followUps } from "../../src/experiments/follow-up.ts";
import { type EvidenceBuilder, probeOf } from "../support/evidence.ts";

const SERVER = "203.0.113.5";
const NOTHING_ASKED: Pick<ProbeOptions, "samples" | "writeDirectory" | "tlsMatrix"> = {
  samples: null,
  writeDirectory: null,
  tlsMatrix: false,
};

/** The open questions, each in a few words. */
function open(evidence: EvidenceBuilder, asked: Partial<typeof NOTHING_ASKED> = {}): string[] {
  return followUps(evidence.build().experiments, { ...NOTHING_ASKED, ...asked }).map(inWords);
}

function inWords(question: FollowUp): string {
  switch (question.kind) {
    case "offers":
      return `${question.order} ${question.modes.map(({ mode }) => mode).join("+")} x${question.perMode} ${question.patience}${question.rested ? " rested" : ""}`;
    case "near-offer":
      return `near-offer ${question.mode.mode}`;
    case "download":
      return `download ${question.mode.mode}`;
    case "upload":
      return `upload ${question.mode?.mode}`;
    case "tarpit-control":
      return question.kind;
  }
}

const probe = () => probeOf(SERVER);
const silent = { dial: "timed-out" } as const;
const refused = { dial: "refused" } as const;
const rejected = { dial: "unreachable" } as const;
const unserved = { transfer: { replies: ["425 Security: Bad IP connecting."], data: "ok", bytes: 0 } } as const;
const stalled = {
  transfer: { replies: ["150 Here it comes"], outcome: "timed-out", data: "timed-out", bytes: 0 },
} as const;

describe("nothing is asked further", () => {
  test("of a healthy server", () => {
    expect(open(probe().works("epsv", "pasv", "eprt", "port"))).toEqual([]);
  });

  test("where the mode itself was refused, or the listing", () => {
    expect(open(probe().passive("epsv", { reply: "502 No" }).works("pasv"))).toEqual([]);
    const noList = { transfer: { replies: ["550 Permission denied."], data: "ok", bytes: 0 } } as const;
    expect(open(probe().passive("epsv", noList).works("pasv"))).toEqual([]);
  });

  test("where a private address was repaired", () => {
    expect(open(probe().works("epsv").passive("pasv", { names: "10.0.0.2:40000", dial: "timed-out" }))).toEqual([]);
  });

  test("where nothing is known of the data connection", () => {
    expect(open(probe().passive("epsv", { status: "skipped" }).passive("pasv", { dial: "cancelled" }))).toEqual([]);
  });
});

describe("repeated offers", () => {
  test("of silent modes are dialled side by side, and briefly where there are two", () => {
    expect(open(probe().passive("epsv", silent).passive("pasv", silent))).toEqual(["side-by-side epsv+pasv x10 brief"]);
    expect(open(probe().passive("epsv", silent))).toEqual(["side-by-side epsv x10 full"]);
  });

  test("compare the mode that fails with the one that works", () => {
    expect(open(probe().passive("epsv", silent).works("pasv"))).toEqual([
      "one-by-one pasv x5 full",
      "side-by-side epsv+pasv x5 full",
    ]);
    expect(open(probe().passive("epsv", refused).works("pasv"))).toEqual([
      "one-by-one epsv+pasv x5 full",
      "near-offer epsv",
      "one-by-one epsv x4 full rested",
    ]);
  });

  test("of refused modes are dialled while the listener stands, and their neighbours behind them", () => {
    expect(open(probe().passive("epsv", refused).passive("pasv", refused))).toEqual([
      "one-by-one epsv+pasv x10 full",
      "near-offer epsv",
      "one-by-one epsv x4 full rested",
    ]);
  });

  test("are few where an ICMP error answered", () => {
    expect(open(probe().passive("epsv", rejected).passive("pasv", rejected))).toEqual([
      "side-by-side epsv+pasv x2 full",
    ]);
  });

  test("follow the peer where another address was named and both failed", () => {
    const both = { names: "10.0.0.2:40000", dial: "timed-out", peer: "refused" } as const;
    expect(open(probe().passive("pasv", both))).toEqual([
      "one-by-one pasv x10 full",
      "near-offer pasv",
      "one-by-one pasv x4 full rested",
    ]);
  });

  test("have a transfer each where the connection came and nothing over it, beside unlikely ports", () => {
    expect(open(probe().passive("epsv", unserved).passive("pasv", unserved))).toEqual([
      "tarpit-control",
      "with-transfer epsv+pasv x3 full",
    ]);
    expect(open(probe().passive("epsv", stalled))).toEqual([
      "tarpit-control",
      "download epsv",
      "with-transfer epsv x6 full",
    ]);
  });

  test("are made of a healthy server where the user asks for them", () => {
    expect(open(probe().works("epsv", "pasv"), { samples: 50 })).toEqual([
      "one-by-one epsv+pasv x50 full",
      "side-by-side epsv+pasv x50 full",
    ]);
    expect(open(probe().passive("epsv", silent).passive("pasv", silent), { samples: 3 })).toEqual([
      "side-by-side epsv+pasv x3 full",
    ]);
  });
});

describe("transfers of growing size", () => {
  test("follow a listing that stopped midway, where bytes had come no tarpit is suspected", () => {
    const cut = { transfer: { replies: ["150 Here"], outcome: "timed-out", data: "timed-out", bytes: 900 } } as const;
    expect(open(probe().works("epsv").passive("pasv", cut))).toEqual([
      "download pasv",
      "with-transfer pasv+epsv x3 full",
    ]);
  });

  test("go up only where the user names a directory, over a mode that works, and then on a healthy server too", () => {
    const write = { writeDirectory: "/incoming" };
    expect(open(probe().works("epsv", "pasv"), write)).toEqual(["upload epsv"]);
    expect(open(probe().passive("epsv", silent).works("pasv"), write).at(-1)).toBe("upload pasv");
    expect(open(probe().passive("epsv", silent), write).at(-1)).toBe("upload undefined");
  });
});

test.each(["timed-out", "closed", "reset"] as const)(
  "unlikely ports are tried where nobody greeted: %s",
  (greetingOutcome) => {
    expect(open(probe().control({ greeting: null, greetingOutcome, firstBytes: "" }))).toEqual(["tarpit-control"]);
  },
);

test("they are not where another service did", () => {
  const ssh = { greeting: null, greetingOutcome: "protocol-error", firstBytes: "SSH-2.0-OpenSSH_9.6\r\n" } as const;
  expect(open(probe().control(ssh))).toEqual([]);
});
