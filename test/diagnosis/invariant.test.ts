import { describe, expect, it } from "vitest";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import type { Evidence, PolicyRecord } from "../../src/model/evidence.ts";
import type { Report } from "../../src/model/report.ts";
import type { ActiveSketch, PassiveSketch, TransferSketch } from "../support/attempts.ts";
import { probeOf } from "../support/evidence.ts";

const PEER = "203.0.113.5";
const OTHER = "203.0.113.6";

/** Ways in which a listing ends, well and badly. */
const TRANSFERS: readonly TransferSketch[] = [
  {},
  { bytes: 0 },
  { data: "timed-out", bytes: 0 },
  { data: "timed-out", bytes: 65 },
  { data: "reset", bytes: 0 },
  { data: "reset", bytes: 65 },
  { data: "closed", bytes: 0 },
  ...(["timed-out", "closed", "reset", "protocol-error"] as const).flatMap((outcome) =>
    (["ok", "timed-out", "reset", "closed"] as const).flatMap((data): TransferSketch[] =>
      [[], ["150 Go."]].flatMap((replies) => [0, 65].map((bytes) => ({ replies, outcome, data, bytes }))),
    ),
  ),
  ...[
    "421 Bye.",
    "425 Cannot.",
    "426 Aborted.",
    "450 Busy.",
    "451 Error.",
    "500 What?",
    "530 Login first.",
    "550 No.",
  ].flatMap((last) =>
    (["ok", "timed-out", "reset", "closed"] as const).flatMap((data): TransferSketch[] =>
      [[last], ["150 Go.", last]].map((replies) => ({ replies, data, bytes: 0 })),
    ),
  ),
];

const NEGATIVE = ["421 Bye.", "425 Cannot.", "500 What?", "502 No.", "522 Family.", "530 Login first.", "550 No."];

const PASSIVE: readonly PassiveSketch[] = [
  ...(["timed-out", "closed", "reset", "protocol-error"] as const).map((outcome) => ({ reply: null, outcome })),
  ...(["timed-out", "closed", "reset"] as const).map((outcome) => ({
    reply: "229 Entering Ext",
    names: null,
    outcome,
  })),
  ...NEGATIVE.map((reply) => ({ reply })),
  ...["120 Wait.", "331 Password?", "350 More."].map((reply) => ({ reply })),
  { reply: "227 Entering Passive Mode", names: null, problem: "no numbers" },
  ...(["timed-out", "refused", "unreachable", "reset", "closed", "local-error"] as const).map((dial) => ({ dial })),
  ...["10.0.0.2", "127.0.0.1", "0.0.0.0", "198.51.100.77", "172.17.0.2", "255.255.255.255", "224.0.0.1"].flatMap((to) =>
    (["timed-out", "connected"] as const).flatMap((dial) =>
      (["timed-out", "connected"] as const).map((peer) => ({ names: `${to}:40001`, dial, peer })),
    ),
  ),
  { names: `${PEER}:21`, transfer: { replies: [], outcome: "timed-out", data: "timed-out", bytes: 40 } },
  ...TRANSFERS.map((transfer) => ({ transfer })),
];

const ACTIVE: readonly ActiveSketch[] = [
  { reply: null },
  ...NEGATIVE.map((reply) => ({ reply })),
  ...["120 Wait.", "331 Password?"].map((reply) => ({ reply })),
  ...(["timed-out", "closed", "wrong-peer", "local-error"] as const).flatMap((accept): ActiveSketch[] =>
    TRANSFERS.map((transfer) => ({ accept, transfer: { ...transfer, data: null, bytes: 0 } })),
  ),
  ...TRANSFERS.map((transfer) => ({ transfer })),
];

const REQUIRED: readonly PolicyRecord["required"][] = [
  null,
  null,
  ["active"],
  ["epsv"],
  ["pasv"],
  ["port"],
  ["passive", "active"],
];

/** The same numbers in every run (mulberry32). */
function dice(seed: number): <T>(faces: readonly T[]) => T {
  let state = seed;
  return (faces) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return faces[((t ^ (t >>> 14)) >>> 0) % faces.length] as (typeof faces)[number];
  };
}

/** Half a reply is marked as what it is. */
function withHalves(evidence: Evidence): Evidence {
  for (const record of evidence.experiments) {
    if (record.experiment !== "passive" || record.offer === null || record.offer.exchange.outcome === "ok") continue;
    record.offer.exchange.replies.at(-1)?.oddities.push("unfinished");
  }
  return evidence;
}

/** What is wrong with the report as a whole; null where nothing is. */
function unfounded({ verdict, findings, checks }: Report): string | null {
  const crashed = checks.filter(({ status }) => status === "crashed");
  if (crashed.length > 0) return `crashed: ${crashed.map(({ id, note }) => `${id} (${note})`).join(", ")}`;
  const worst = findings.filter(({ role }) => role === "cause").map(({ severity }) => severity);
  if (verdict === "broken" && !worst.includes("critical") && !worst.includes("error")) return "broken without a cause";
  if (verdict === "degraded" && !worst.includes("warning")) return "degraded without a cause";
  return null;
}

describe("every verdict has a cause of its weight", () => {
  it.each([
    [
      "passive",
      PASSIVE.map((sketch) => [sketch, probeOf(PEER).passive("epsv", sketch).passive("pasv", sketch)] as const),
    ],
    [
      "EPSV beside a PASV that works",
      PASSIVE.map((sketch) => [sketch, probeOf(PEER).passive("epsv", sketch).works("pasv")] as const),
    ],
    [
      "PASV beside an EPSV that works",
      PASSIVE.map((sketch) => [sketch, probeOf(PEER).works("epsv").passive("pasv", sketch)] as const),
    ],
    [
      "active, where it is required",
      ACTIVE.map(
        (sketch) =>
          [
            sketch,
            probeOf(PEER)
              .policy({ required: ["active"] })
              .works("epsv", "pasv")
              .active("eprt", sketch)
              .active("port", sketch),
          ] as const,
      ),
    ],
    [
      "passive at one of two addresses",
      PASSIVE.map(
        (sketch) =>
          [
            sketch,
            probeOf(PEER).passive("epsv", sketch).passive("pasv", sketch).at(OTHER).works("epsv", "pasv"),
          ] as const,
      ),
    ],
    [
      "active at one of two addresses, where it is required",
      ACTIVE.map(
        (sketch) =>
          [
            sketch,
            probeOf(PEER)
              .policy({ required: ["active"] })
              .works("epsv", "pasv")
              .active("eprt", sketch)
              .active("port", sketch)
              .at(OTHER)
              .works("epsv", "pasv", "eprt", "port"),
          ] as const,
      ),
    ],
    [
      "over IPv6",
      PASSIVE.filter(({ names }) => names === undefined).map(
        (sketch) => [sketch, probeOf("2001:db8::5").passive("epsv", sketch)] as const,
      ),
    ],
    [
      "active over IPv6, where it is required",
      ACTIVE.map(
        (sketch) =>
          [
            sketch,
            probeOf("2001:db8::5")
              .policy({ required: ["active"] })
              .works("epsv")
              .active("eprt", sketch),
          ] as const,
      ),
    ],
  ])("%s, one outcome at a time", (_what, probes) => {
    const found = probes.flatMap(([sketch, probe]) => {
      const wrong = unfounded(diagnose(withHalves(probe.build())));
      return wrong === null ? [] : [`${wrong}: ${JSON.stringify(sketch)}`];
    });
    expect(found).toEqual([]);
  });

  it("in any combination of outcomes", () => {
    const roll = dice(20260102);
    const found = Array.from({ length: 1500 }, (_, number) => {
      const sketches = { epsv: roll(PASSIVE), pasv: roll(PASSIVE), eprt: roll(ACTIVE), port: roll(ACTIVE) };
      const required = roll(REQUIRED);
      const probe = probeOf(PEER)
        .policy({ required })
        .passive("epsv", sketches.epsv)
        .passive("pasv", sketches.pasv)
        .active("eprt", sketches.eprt)
        .active("port", sketches.port);
      // Another address of the name at which everything works.
      if (number % 2 === 1) probe.at(OTHER).works("epsv", "pasv", "eprt", "port");
      const wrong = unfounded(diagnose(withHalves(probe.build())));
      return wrong === null ? null : `${number} ${wrong}: ${JSON.stringify({ required, ...sketches })}`;
    }).filter((wrong) => wrong !== null);
    expect(found.slice(0, 3)).toEqual([]);
  });
});
