import { describe, expect, it } from "vitest";
import { deriveFacts } from "../../../src/diagnosis/facts/facts.ts";
import { severityOf } from "../../../src/diagnosis/verdict/severity.ts";
import { diagnose, exitCode } from "../../../src/index.ts";
import type { SweptState } from "../../../src/model/evidence.ts";
import type { Report } from "../../../src/model/report.ts";
import { type EvidenceBuilder, probeOf } from "../../support/evidence.ts";

const PEER = "203.0.113.5";
const PLAN = { range: null, rate: 180, concurrency: null };
const opens = { dial: "connected" } as const;

type Runs = readonly `${string} ${SweptState}`[];

function survey(): EvidenceBuilder {
  return probeOf(PEER).policy({ modes: ["epsv", "pasv"], ports: PLAN });
}

/** A sweep beside which an offer opened, or not where nothing can be reached. */
function swept(runs: Runs, elsewhere: Record<number, SweptState> = { 2222: "filtered" }): Report {
  const reached = runs.find((run) => /open|closed/.test(run));
  const asked = survey();
  if (reached !== undefined) {
    asked.offers("epsv", "one-by-one", [{ ...opens, names: `${PEER}:${Number.parseInt(reached, 10)}` }]);
  }
  return diagnose(asked.sweep(runs, elsewhere).build());
}

/** The exit code of `ports`, as its verdict gives it. */
function code({ verdict }: Report): number {
  return exitCode(verdict, { failOn: "degraded", interrupted: false });
}

describe("a survey of ports", () => {
  it.each<[Runs, number]>([
    [["40000-40050 closed"], 0],
    [["40000-40006 closed", "40007 open", "40008-40050 closed"], 0],
    [["40000-40025 closed", "40026-40050 filtered"], 1],
    [["40000-40049 closed", "40050 rejected"], 1],
    [["40000 open", "40001-40050 filtered"], 1],
    [["40000-40050 filtered"], 2],
    [["40000-40050 rejected"], 2],
    [["40000-40025 filtered", "40026-40050 rejected"], 2],
    [["40000-40025 closed", "40026-40050 untried"], 3],
    [["40000-40025 filtered", "40026-40050 untried"], 3],
    [["40000-40010 closed", "40011-40020 filtered", "40021-40050 untried"], 1],
    [["40000-40050 untried"], 3],
  ])("%j ends with %i", (runs, expected) => {
    expect(code(swept(runs))).toBe(expected);
  });

  it.each<[Runs, number, number]>([
    [["40000-40050 filtered"], 51, 3],
    [["40000-40009 closed", "40010-40030 filtered", "40031-40040 untried", "40041-40050 filtered"], 41, 3],
    [["40000-40020 filtered", "40021-40050 rejected"], 21, 1],
  ])(
    "does not believe the silence of %j where offers opened there that needed a third SYN",
    (runs, untried, expected) => {
      const slow = { ...opens, names: `${PEER}:40012`, dialMs: 2_008 };
      const report = diagnose(survey().control().offers("epsv", "one-by-one", [slow]).sweep(runs).build());
      expect(report.ports.swept).toMatchObject({ untried, counts: { filtered: 0 }, stopped: "offers-slow" });
      expect(code(report)).toBe(expected);
      expect(report.summary).not.toMatch(/reads the offer|nothing answers/);
      expect(/opened only after their first packets had been lost/.test(report.summary)).toBe(expected === 3);
    },
  );

  it("does not believe a host that accepts connections on every port, and names what does so", () => {
    const report = swept(["40000-40050 open"], { 1871: "open", 23411: "open", 61234: "open" });
    expect(code(report)).toBe(3);
    expect(report.summary).toMatch(/something before it answers in its place/);
    expect(report.findings.map(({ id }) => id)).toEqual(["ctl-tarpit"]);
    expect(report.ports.swept).toMatchObject({ believed: false, taken: [] });
  });

  it("believes a range that is open as a whole where ports elsewhere are not", () => {
    const report = swept(["40000-40050 open"], { 1871: "open", 23411: "closed" });
    expect(code(report)).toBe(0);
    expect(report.ports.swept).toMatchObject({ believed: true, taken: [{ from: 40001, to: 40050 }] });
  });

  it.each<[string, readonly number[], Runs, number]>([
    ["a part of them", [40001, 40002, 40026, 40030, 40040], ["40000-40025 closed", "40026-40050 open"], 1],
    ["all of them", [40001, 40002, 40026, 40030, 40040], ["40000-40050 open"], 3],
    ["two, as chance may have it", [40001, 40002, 40026, 40030], ["40000-40025 closed", "40026-40050 open"], 0],
  ])("takes offers for no proof where the port accepts without one: %s", (_, ports, runs, expected) => {
    const offers = ports.map((port) => ({ ...opens, names: `${PEER}:${port}` }));
    const asked = survey().offers("epsv", "one-by-one", offers);
    const report = diagnose(asked.sweep(runs, { 2222: "closed" }).build());
    expect(code(report)).toBe(expected);
    expect(report.findings.map(({ id }) => id)).toEqual(expected === 1 ? ["pasv-range-partly-open"] : []);
    if (expected !== 0) expect(report.summary).not.toContain("can be reached");
    // Where all are answered so, it may be a forwarder, and no service stands in the way.
    expect(report.ports.swept?.answeredAnyway).toBe(expected === 3);
    if (expected === 3) expect(report.ports.swept?.taken).toEqual([]);
    if (expected === 1) {
      expect(report.ports.swept?.taken).toEqual([{ from: 40026, to: 40050 }]);
      expect(report.summary).toContain("40026-40050 accept connections even while the server does not offer them");
    }
  });

  it("does not take the control port or an offered port for another service", () => {
    const report = diagnose(
      survey()
        .target({ port: 40003 })
        .offers("epsv", "one-by-one", [{ ...opens, names: `${PEER}:40001` }])
        .sweep(["40000 closed", "40001-40003 open", "40004 closed"], { 2222: "closed" })
        .build(),
    );
    expect(report.ports.swept?.taken).toEqual([{ from: 40002, to: 40002 }]);
    expect(report.summary).toContain("Another service listens on 40002");
  });

  it("names the border in words", () => {
    expect(swept(["49152-50000 closed", "50001-65534 filtered"]).summary).toContain(
      "49152-50000 answer, above nothing does",
    );
    expect(swept(["40000-40009 filtered", "40010-40050 closed"]).summary).toContain(
      "40010-40050 answer, below nothing does",
    );
    expect(swept(["40000-40009 rejected", "40010-40020 closed", "40021-40050 rejected"]).summary).toContain(
      "40010-40020 answer, below and above a firewall rejects",
    );
    expect(swept(["40000-40009 closed", "40010 filtered", "40011-40050 closed"]).summary).toContain(
      "40010 does not answer, all the others do",
    );
  });

  it("counts in JSON what the bar shows, and leaves out what was not tried", () => {
    const report = swept(["40000-40009 closed", "40010-40019 filtered", "40020-40029 untried", "40030 rejected"]);
    expect(report.ports.swept).toMatchObject({
      from: 40000,
      to: 40030,
      counts: { open: 0, closed: 10, filtered: 10, rejected: 1 },
      untried: 10,
      intervals: [
        { from: 40000, to: 40009, state: "closed" },
        { from: 40010, to: 40019, state: "filtered" },
        { from: 40030, to: 40030, state: "rejected" },
      ],
      unreachable: [
        { from: 40010, to: 40019 },
        { from: 40030, to: 40030 },
      ],
    });
  });

  it("without a range goes by the offers, and gives the command that sweeps", () => {
    const drawn = [40_017, 40_093, 40_041, 40_002, 40_078, 40_055, 40_029, 40_066, 40_011, 40_084, 40_037, 40_098];
    const offers = drawn.map((port) => ({ ...opens, names: `${PEER}:${port}` }));
    const open = diagnose(survey().offers("epsv", "one-by-one", offers).build());
    expect(code(open)).toBe(0);
    expect(open.next[0]?.command).toBe("ftp-doctor ports ftp.example.com --range 40000-40100");
    const silent = { dial: "timed-out" } as const;
    expect(code(diagnose(survey().offers("epsv", "side-by-side", [silent, silent]).build()))).toBe(2);
    expect(code(diagnose(survey().build()))).toBe(3);
  });

  it("takes two offers for no range, and asks for the one of the server's configuration", () => {
    const report = diagnose(survey().offers("epsv", "one-by-one", [opens, opens]).build());
    expect(report.next[0]?.command).toBe("ftp-doctor ports ftp.example.com --range A-B");
    expect(report.next[0]?.tells).toContain("its configuration");
  });

  it("does not take what refuses over IPv6 for a sign that resets over IPv4 come from a firewall", () => {
    const probe = survey()
      .sweep(["40000-40050 closed"], { 2222: "closed" })
      .at("2001:db8::5")
      .control()
      .login("logged-in")
      .offers("epsv", "one-by-one", [{ names: "[2001:db8::5]:40001", dial: "refused" }]);
    expect(code(diagnose(probe.build()))).toBe(1);
  });

  it("has no fault to tell of ports where all can be reached", () => {
    const reached = deriveFacts(survey().sweep(["40000-40050 closed"], { 2222: "closed" }).build());
    expect(severityOf(reached, ["epsv", "pasv"])).toBe("notice");
    const part = deriveFacts(survey().sweep(["40000-40025 closed", "40026-40050 filtered"]).build());
    expect(severityOf(part, ["epsv", "pasv"])).toBe("warning");
    const none = deriveFacts(survey().sweep(["40000-40050 filtered"]).build());
    expect(severityOf(none, ["epsv", "pasv"])).toBe("error");
  });

  it("believes offers that refuse more than resets that come from a firewall", () => {
    const refusing = [{ dial: "refused" }, { dial: "refused" }] as const;
    const report = diagnose(
      survey().offers("epsv", "one-by-one", refusing).sweep(["40000-40050 closed"], { 2222: "closed" }).build(),
    );
    expect(code(report)).toBe(2);
  });

  it.each<[string, [number, "connected" | "refused"][], { from: number; to: number }[]]>([
    [
      "all",
      [
        [40003, "refused"],
        [40030, "refused"],
      ],
      [{ from: 40000, to: 40050 }],
    ],
    [
      "the upper part",
      [
        [40003, "connected"],
        [40030, "refused"],
        [40040, "refused"],
      ],
      [{ from: 40030, to: 40050 }],
    ],
    [
      "no block",
      [
        [40003, "refused"],
        [40010, "connected"],
        [40020, "refused"],
        [40030, "connected"],
        [40040, "refused"],
      ],
      [],
    ],
  ])("tells which closed ports are no answer of the server's own: %s", (_, ports, refusedAnyway) => {
    const offers = ports.map(([port, dial]) => ({ dial, names: `${PEER}:${port}` }));
    const asked = survey().offers("epsv", "one-by-one", offers);
    const report = diagnose(asked.sweep(["40000-40050 closed"], { 2222: "closed" }).build());
    expect(report.ports.swept?.refusedAnyway).toEqual(refusedAnyway);
    expect(report.summary.includes("a reset answers there even while the server offers the port")).toBe(
      refusedAnyway.length > 0,
    );
  });

  it("believes no offers of a host that accepts on unlikely ports, where no range was swept", () => {
    const asked = (outcome: "connected" | "refused" | "timed-out") =>
      survey()
        .offers("epsv", "one-by-one", [opens, opens, opens])
        .otherPorts("tarpit-control", { 1871: "connected", 23411: "connected", 61234: outcome })
        .build();
    const report = diagnose(asked("connected"));
    expect(code(report)).toBe(3);
    expect(report.summary).toMatch(/something before it answers in its place/);
    expect(report.findings.map(({ id }) => id)).toEqual(["ctl-tarpit"]);
    expect(code(diagnose(asked("refused")))).toBe(0);
    expect(code(diagnose(asked("timed-out")))).toBe(0);
  });

  it("counts ports, not offers, and watches the whole range that was swept", () => {
    const silent = (port: number) => ({ dial: "timed-out", names: `${PEER}:${port}` }) as const;
    const offers = [silent(40001), silent(40002), silent(40001), silent(40002), silent(40003)];
    const asked = survey().offers("epsv", "one-by-one", offers);
    const report = diagnose(asked.sweep(["40000-40010 filtered"], { 2222: "closed" }).build());
    expect(report.summary).toContain("The 3 ports offered, from 40001 to 40003, did not open.");
    expect(report.next.map(({ command }) => command)).toContain("tcpdump -ni any 'tcp portrange 40000-40010'");
  });

  it("puts the firewall's lines first where the server keeps to the range that was declared", () => {
    const remedies = (port: number) => {
      const asked = survey().offers("epsv", "one-by-one", [{ dial: "timed-out", names: `${PEER}:${port}` }]);
      const report = diagnose(asked.sweep(["40000-40010 filtered"], { 2222: "closed" }).build());
      return report.findings[0]?.remedies[0]?.who;
    };
    expect(remedies(40003)).toBe("firewall-admin");
    expect(remedies(30003)).toBe("server-admin");
  });

  it("calls ports never offered where chance hardly leaves the range so narrow", () => {
    const ports = [40018, 40003, 40044, 40030, 40011, 40037, 40025, 40008, 40048, 40020, 40033, 40006];
    const asked = () =>
      survey().offers(
        "epsv",
        "one-by-one",
        ports.map((port) => ({ ...opens, names: `${PEER}:${port}` })),
      );
    const never = (runs: Runs) => diagnose(asked().sweep(runs, { 2222: "closed" }).build()).ports.swept?.neverOffered;
    expect(never(["40000-40050 closed"])).toEqual([]);
    expect(never(["40000-41000 closed"])).toEqual([{ from: expect.any(Number), to: 41000 }]);
    expect(never(["20 closed", "21 open", "22-50 closed"])).toBeNull();
  });

  it("tells what is worth knowing of a declared range, once", () => {
    const remarks = (runs: Runs, offered: readonly number[] = []) => {
      const asked = survey();
      if (offered.length > 0) {
        asked.offers(
          "epsv",
          "one-by-one",
          offered.map((port) => ({ ...opens, names: `${PEER}:${port}` })),
        );
      }
      const { ports } = diagnose(asked.sweep(runs, { 2222: "closed" }).build());
      return {
        declared: ports.swept?.remarks?.map(({ kind, ports: named }) => [kind, ...named]),
        offered: ports.estimate?.remarks.map(({ kind }) => kind),
      };
    };
    expect(remarks(["5000-5100 closed"]).declared).toEqual([["taken-ports", 5060]]);
    expect(remarks(["40000-40003 closed"]).declared).toEqual([["few-ports"]]);
    expect(remarks(["1000-1030 closed"]).declared).toEqual([["privileged", 1000]]);
    for (const usual of ["40000-40050 closed", "49152-65534 closed", "40000 closed", "21 open"] as const) {
      expect(remarks([usual]).declared).toEqual([]);
    }
    // The offers hint at 3306 already, and not at 3389.
    const offered = [3302, 3311, 3300, 3307, 3304, 3312, 3301, 3309];
    expect(remarks(["3300-3400 closed"], offered)).toEqual({
      declared: [["taken-ports", 3389]],
      offered: ["taken-ports"],
    });
  });

  it("tells of a firewall that opens ports as it reads the offers", () => {
    const report = diagnose(
      survey()
        .offers("epsv", "one-by-one", [opens, opens])
        .sweep(["40000-40050 filtered"], { 2222: "filtered" })
        .build(),
    );
    expect(code(report)).toBe(1);
    expect(report.summary).toContain("only when it reads the offer");
  });

  it("without credentials sweeps all the same and says what it left out", () => {
    const report = diagnose(
      survey()
        .login("rejected", "530 Login incorrect.", null)
        .sweep(["40000-40050 closed"], { 2222: "closed" })
        .build(),
    );
    expect(code(report)).toBe(0);
    expect(report.summary).toContain("No offers were asked for: the login was refused.");
    expect(report.summary).toContain("not proven");
  });

  it.each<[string, (asked: EvidenceBuilder) => EvidenceBuilder]>([
    [
      "the password is wrong",
      (asked) => asked.policy({ credentials: "given" }).login("rejected", undefined, "530 Login incorrect."),
    ],
    ["nobody greets", (asked) => asked.control({ greeting: null, greetingOutcome: "timed-out" })],
    ["the server closes at once", (asked) => asked.control({ greeting: null, greetingOutcome: "closed" })],
    ["the server closes at USER", (asked) => asked.login("failed", null, null, null, { outcome: "closed" })],
    ["the server offers nothing", (asked) => asked.login()],
  ])("cannot tell from resets alone where %s", (_, make) => {
    const report = diagnose(make(survey()).sweep(["40000-40050 closed"], { 2222: "closed" }).build());
    expect(code(report)).toBe(3);
    expect(report.summary).not.toContain("can be reached");
    expect(report.ports.swept?.proven).toBe(false);
  });

  it("still tells of what is filtered where the password is wrong", () => {
    const refused = () =>
      survey().policy({ credentials: "given" }).login("rejected", undefined, "530 Login incorrect.");
    const ends = (runs: Runs) => code(diagnose(refused().sweep(runs, { 2222: "filtered" }).build()));
    expect(ends(["40000-40025 closed", "40026-40050 filtered"])).toBe(1);
    expect(ends(["40000-40050 filtered"])).toBe(2);
  });

  it("names a range that is used up, with the range and without", () => {
    const full = "500 OOPS: vsf_sysutil_bind";
    const asked = () => survey().offers("epsv", "one-by-one", [{ reply: full }]);
    const report = diagnose(asked().sweep(["40000-40002 open"], { 2222: "closed" }).build());
    expect(code(report)).toBe(2);
    expect(report.findings.map(({ id }) => id)).toEqual(["pasv-range-exhausted"]);
    expect(report.summary).toMatch(/^The server has no passive port left/);
    expect(report.summary).not.toContain("FTP cannot use");
    expect(code(diagnose(asked().build()))).toBe(2);
    const atTimes = survey().offers("epsv", "one-by-one", [opens, { reply: full }]);
    expect(code(diagnose(atTimes.sweep(["40000-40002 open"], { 2222: "closed" }).build()))).toBe(1);
  });

  it("stopped by the user judges no part as the whole", () => {
    const report = diagnose(survey().sweep(["40000-40025 closed", "40026-40050 untried"]).interrupted().build());
    expect(report).toMatchObject({ complete: false, verdict: "undetermined" });
    expect(report.summary).toContain("26 of the 51 ports");
  });

  it("weighs its findings as it judges", () => {
    const severities = (runs: Runs) => swept(runs).findings.map(({ severity }) => severity);
    expect(new Set(severities(["40000-40025 closed", "40026-40050 filtered"]))).toEqual(new Set(["warning"]));
    expect(new Set(severities(["40000-40050 filtered"]))).toEqual(new Set(["error"]));
  });
});
