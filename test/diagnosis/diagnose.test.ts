import { describe, expect, it } from "vitest";
import { defineRule, type Judgement, type Rule } from "../../src/diagnosis/define-rule.ts";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import { ruleById, rules } from "../../src/diagnosis/rules/index.ts";
import type { Confidence, Severity } from "../../src/model/report.ts";
import { type EvidenceBuilder, probeOf } from "../support/evidence.ts";

const evidence = () => probeOf("203.0.113.5").works("epsv", "pasv").at("203.0.113.6").works("epsv", "pasv").build();

describe("diagnose", () => {
  it("has every rule answer, and says why it could not", () => {
    const report = diagnose(evidence(), [
      rule("is", present("passive-1")),
      rule("is-not", { kind: "absent", note: "looked" }),
      rule("untold", { kind: "undetermined", missing: "a reply" }),
      rule("unasked", { kind: "not-applicable", reason: "no IPv6" }),
    ]);
    expect(report.checks).toEqual([
      { id: "is", status: "present", note: null },
      { id: "is-not", status: "absent", note: "looked" },
      { id: "untold", status: "undetermined", note: "a reply" },
      { id: "unasked", status: "not-applicable", note: "no IPv6" },
    ]);
  });

  it("lets no rule claim the absence of what was not looked at", () => {
    const probe = () => probeOf("203.0.113.5").works("epsv");
    const checkOf = (builder: EvidenceBuilder, judgement: Judgement) =>
      diagnose(builder.build(), [rule("asked", judgement)]).checks[0];
    const crashed = () => probe().passive("pasv", { status: "crashed", note: "boom" });
    const cancelled = () => probe().interrupted().passive("pasv", { status: "cancelled" });
    expect(checkOf(crashed(), { kind: "absent" })).toEqual({
      id: "asked",
      status: "undetermined",
      note: "not seen to its end: passive-2 (crashed)",
    });
    expect(checkOf(cancelled(), { kind: "absent" })?.note).toBe("not seen to its end: passive-2 (cancelled)");
    expect(checkOf(probeOf("203.0.113.5").interrupted().control(), { kind: "absent" })?.note).toBe(
      "not seen to its end: passive (not begun)",
    );
    // What was seen stays seen, and a crash elsewhere or a mode that was left out does not matter.
    expect(checkOf(crashed(), present("passive-1"))?.status).toBe("present");
    const elsewhere = probe().active("port", { status: "crashed" }).passive("pasv", { status: "skipped" });
    expect(checkOf(elsewhere, { kind: "absent" })?.status).toBe("absent");
  });

  it("goes on where a rule has a bug, in its judgement or in its words", () => {
    const report = diagnose(evidence(), [
      { ...rule("thrower", { kind: "absent" }), judge: () => fail("boom") },
      { ...rule("mumbler", present("passive-1")), describe: () => fail("no words") },
      rule("good", present("passive-1")),
    ]);
    expect(report.checks.map(({ status, note }) => [status, note])).toEqual([
      ["crashed", "boom"],
      ["crashed", "no words"],
      ["present", null],
    ]);
    expect(report.findings.map(({ id }) => id)).toEqual(["good"]);
  });

  it("lets a special finding cover the general one that speaks of the same addresses", () => {
    const report = diagnose(evidence(), [
      rule("general", present("passive-1")),
      { ...rule("special", present("passive-2")), replaces: ["general"] },
    ]);
    expect(report.findings.map(({ id }) => id)).toEqual(["special"]);
    expect(report.checks[0]).toEqual({ id: "general", status: "absent", note: "covered by special" });
  });

  it("keeps the general one where it also speaks of another address", () => {
    const report = diagnose(evidence(), [
      rule("general", present("passive-1", "passive-3")),
      { ...rule("special", present("passive-1")), replaces: ["general"] },
    ]);
    expect(report.findings.map(({ id }) => id)).toEqual(["general", "special"]);
  });

  it("makes what a cause explains its consequence, and puts it last", () => {
    const report = diagnose(evidence(), [
      { ...rule("echo", present("passive-1")), severity: () => "critical" },
      { ...rule("root", present("passive-1")), explains: ["echo"] },
    ]);
    expect(report.findings.map(({ id, role }) => [id, role])).toEqual([
      ["root", "cause"],
      ["echo", "consequence"],
    ]);
    expect(report.verdict).not.toBe("broken");
  });

  it("keeps both as causes where two explain each other", () => {
    const report = diagnose(evidence(), [
      { ...rule("one", present("passive-1")), explains: ["two"] },
      { ...rule("two", present("passive-1")), explains: ["one"] },
    ]);
    expect(report.findings.map(({ role }) => role)).toEqual(["cause", "cause"]);
  });

  it("sorts by severity, then by certainty, then by the order of the rules", () => {
    const ranked = (id: string, severity: Severity, confidence: Confidence): Rule => ({
      ...rule(id, { ...present("passive-1"), confidence }),
      severity: () => severity,
    });
    const report = diagnose(evidence(), [
      ranked("d", "notice", "certain"),
      ranked("c", "error", "possible"),
      ranked("b", "error", "certain"),
      ranked("b2", "error", "certain"),
      ranked("a", "critical", "possible"),
    ]);
    expect(report.findings.map(({ id }) => id)).toEqual(["a", "b", "b2", "c", "d"]);
  });

  it("puts what lets nothing passive through under a protection before what is as severe", () => {
    const heads = (...under: ("works" | "blocked")[]) => {
      const probe = probeOf("203.0.113.5").login().works("epsv", "pasv").control().secure().login();
      const [epsv, pasv] = under;
      probe.passive("epsv", epsv === "works" ? {} : { dial: "timed-out" });
      probe.passive("pasv", pasv === "works" ? {} : { dial: "timed-out" });
      const built = probe.build();
      const blocked = built.experiments.filter((each) => each.experiment === "passive" && each.protection === "tls");
      return diagnose(built, [
        rule("of-a-certificate", present("secure-1")),
        rule("of-data", present(...blocked.map(({ id }) => id))),
      ]).findings.map(({ id }) => id);
    };
    expect(heads("blocked", "blocked")).toEqual(["of-data", "of-a-certificate"]);
    // With another passive mode everybody can go on.
    expect(heads("works", "blocked")).toEqual(["of-a-certificate", "of-data"]);
  });

  it("shows the control connection, the mode table and the ports", () => {
    const report = diagnose(
      probeOf("203.0.113.5")
        .control({ greeting: "220 (vsFTPd 3.0.3)", greetingMs: 7 })
        .login("logged-in", "331 Please specify the password.", "230 Login successful.")
        .passive("epsv", { names: "203.0.113.5:40007" })
        .passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out" })
        .build(),
    );
    expect(report.control).toEqual([
      expect.objectContaining({
        address: "203.0.113.5",
        outcome: "ready",
        connectMs: 11,
        greetingMs: 7,
        login: "logged-in",
        product: expect.objectContaining({ name: "vsftpd", version: "3.0.3", confidence: "certain" }),
      }),
    ]);
    expect(report.ports).toEqual({
      offered: [
        { port: 40007, outcome: "connected" },
        { port: 40003, outcome: "connected" },
      ],
      observed: { min: 40003, max: 40007 },
      estimate: null,
      swept: null,
      sweeps: [],
    });
  });

  it("judges evidence that was saved in the same way", () => {
    const fresh = evidence();
    expect(diagnose(JSON.parse(JSON.stringify(fresh)))).toEqual(diagnose(fresh));
  });
});

describe("the rules", () => {
  it("have names of their own, words, and no reference to a rule that is not in the catalogue's form", () => {
    expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
    for (const { id, title, meaning, since, explains, replaces, needs } of rules) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)+$/);
      expect(title.length, id).toBeGreaterThan(10);
      expect(title.length, id).toBeLessThan(75);
      expect(meaning.length, id).toBeGreaterThan(100);
      expect(since, id).toBe("0.1.0");
      expect(needs.length, id).toBeGreaterThan(0);
      expect([...explains, ...replaces], id).not.toContain(id);
    }
  });

  it("are found by id", () => {
    expect(ruleById("pasv-private-address")?.id).toBe("pasv-private-address");
    expect(ruleById("no-such-rule")).toBeUndefined();
  });

  it("answer on evidence in which nothing was seen, without a finding and without a crash", () => {
    const report = diagnose({
      ...probeOf("203.0.113.5").build(),
      client: { platform: "linux", addresses: ["192.0.2.1"] },
    });
    expect(report.checks.filter(({ status }) => status === "crashed")).toEqual([]);
    expect(report.findings).toEqual([]);
    expect(report.verdict).toBe("undetermined");
  });
});

function fail(message: string): never {
  throw new Error(message);
}

function present(...because: string[]): Extract<Judgement, { kind: "present" }> {
  return { kind: "present", confidence: "certain", at: "unknown", args: {}, because, seen: [], rivals: [] };
}

function rule(id: string, judgement: Judgement): Rule {
  return defineRule({
    id,
    title: id,
    since: "0.1.0",
    needs: ["passive"],
    meaning: id,
    severity: () => "warning",
    judge: () => judgement,
    describe: () => ({ summary: `${id} is there.`, explanation: id, remedies: [] }),
  });
}
