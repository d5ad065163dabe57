import { describe, expect, test } from "vitest";
import type { Evidence, ExperimentRecord } from "../../src/model/evidence.ts";
import { identity, ROOTS } from "../support/tls-fixtures.ts";
import { saying } from "./scripted-server.ts";
import { ACCOUNT, credentials, recordsOf, SERVER, sent, stage, worked } from "./stage.ts";

const VERIFIED = { extraRoots: ROOTS };

/** Modes that worked, by protection. */
function working(evidence: Evidence): { clear: string[]; tls: string[] } {
  const attempts = [...recordsOf(evidence, "passive"), ...recordsOf(evidence, "active")].filter(worked);
  const under = (protection: "clear" | "tls") =>
    attempts.filter((record) => record.protection === protection).map(({ mode }) => mode);
  return { clear: under("clear"), tls: under("tls") };
}

const ALL = ["epsv", "pasv", "eprt", "port"];
const logins = (lines: readonly { line: string }[]) => lines.filter(({ line }) => line.startsWith("USER")).length;

describe("a healthy server with TLS", () => {
  test("is measured anonymously in clear and under TLS, on two connections with two logins", async () => {
    const { probe, simulator } = stage();
    const server = await simulator([], { tls: identity("server") });
    const evidence = await probe(VERIFIED);
    expect(working(evidence)).toEqual({ clear: ALL, tls: ALL });
    expect(server.connections).toBe(2);
    expect(logins(server.log)).toBe(2);
    const [secure] = recordsOf(evidence, "secure");
    expect(secure).toMatchObject({
      how: "explicit",
      auth: [{ command: "AUTH TLS", outcome: "ok" }],
      handshake: {
        outcome: "ok",
        foreign: null,
        agreed: { problems: [], store: "bundled+ca-file", version: "TLSv1.3" },
      },
      pbsz: { command: "PBSZ 0", outcome: "ok" },
      prot: { command: "PROT P", outcome: "ok" },
    });
    // Asked under TLS and in clear, where a device on the way could change the answers.
    expect(
      recordsOf(evidence, "identify").map((each) => [each.protection, each.feat?.outcome, each.syst?.outcome]),
    ).toEqual([
      ["clear", "ok", "ok"],
      ["tls", "ok", undefined],
      ["clear", "ok", "ok"],
    ]);
    const handshakes = transfers(evidence).flatMap(({ tls }) => tls ?? []);
    expect(handshakes).toHaveLength(4);
    for (const tls of handshakes) {
      expect(tls).toMatchObject({ closeNotify: true, handshake: { outcome: "ok", agreed: { resumed: true } } });
    }
  });

  test("is measured under TLS alone with real credentials, which never go in clear", async () => {
    const { probe, simulator } = stage();
    const server = await simulator([], { tls: identity("server") });
    const evidence = await probe({ ...credentials(), ...VERIFIED });
    expect(working(evidence)).toEqual({ clear: [], tls: ALL });
    expect(recordsOf(evidence, "identify")).toHaveLength(1);
    expect(server.connections).toBeLessThanOrEqual(2);
    expect(logins(server.log)).toBeLessThanOrEqual(2);
    expectSecretUnderTls(evidence);
  });

  test("is asked for nothing in clear with --security explicit, and for no TLS with none", async () => {
    const { probe, simulator } = stage();
    await simulator([], { tls: identity("server") });
    expect(working(await probe({ ...VERIFIED, security: "explicit" }))).toEqual({ clear: [], tls: ALL });
    const plain = await probe({ ...VERIFIED, security: "none" });
    expect(working(plain)).toEqual({ clear: ALL, tls: [] });
    expect(sent(plain)).not.toContain("AUTH TLS");
  });

  test("compares both with real credentials only with --allow-cleartext", async () => {
    const { probe, simulator } = stage();
    await simulator([], { tls: identity("server") });
    const evidence = await probe({ ...credentials(), ...VERIFIED, allowCleartext: true });
    expect(working(evidence)).toEqual({ clear: ALL, tls: ALL });
  });

  test("may require that data connections resume the control connection's session", async () => {
    const { probe, simulator } = stage();
    await simulator("tls-reuse-required", { tls: identity("server") });
    expect(working(await probe({ ...VERIFIED, security: "explicit" })).tls).toEqual(ALL);
  });

  test("may speak TLS from the first byte: AUTH is not asked, PBSZ and PROT are", async () => {
    const { probe, simulator } = stage();
    const server = await simulator("tls-implicit", { tls: identity("server") });
    const evidence = await probe({ ...credentials(), ...VERIFIED }, {}, `ftps://${SERVER}:21`);
    expect(working(evidence)).toEqual({ clear: [], tls: ALL });
    expect(server.log.map(({ line }) => line)).not.toContain("AUTH TLS");
    expect(recordsOf(evidence, "secure")[0]).toMatchObject({ how: "implicit", auth: [], handshake: { outcome: "ok" } });
    expectSecretUnderTls(evidence);
  });

  test("may refuse FEAT before the login: TLS is had all the same", async () => {
    const { probe, simulator } = stage();
    await simulator("feat-refused", { tls: identity("server") });
    expect(working(await probe({ ...credentials(), ...VERIFIED })).tls).toEqual(ALL);
  });
});

describe("real credentials stay here", () => {
  test.each([
    ["self-signed", VERIFIED],
    ["expired", VERIFIED],
    ["not-yet", VERIFIED],
    ["wrong-name", VERIFIED],
    ["nameless", VERIFIED],
    ["without-chain", VERIFIED],
    ["server", {}],
  ])("where the certificate is %s", async (name, roots) => {
    const { probe, simulator } = stage();
    const server = await simulator([], { tls: identity(name) });
    const evidence = await probe({ ...credentials(), ...roots });
    expect(logins(server.log)).toBe(0);
    expect(recordsOf(evidence, "secure")[0]?.handshake?.agreed?.problems).not.toEqual([]);
    const [login] = recordsOf(evidence, "login");
    expect(login).toMatchObject({ protection: "tls", result: "withheld", exchanges: [] });
    expect(login?.note).toContain("--insecure");
    const insecure = await probe({ ...credentials(), ...roots, insecure: true });
    expect(working(insecure)).toEqual({ clear: [], tls: ALL });
    expectSecretUnderTls(insecure);
  });

  test.each(["tls-stall", "tls-closed", "tls-clear-handshake", "auth-listed-only"])(
    "with the fault %s",
    async (fault) => {
      const { probe, simulator } = stage();
      const server = await simulator(fault, { tls: identity("server") });
      const evidence = await probe({ ...credentials(), ...VERIFIED });
      expect(logins(server.log)).toBe(0);
      expect(evidence.durationMs).toBeLessThan(40_000);
    },
  );

  test("where AUTH is answered with a stray 234 by a server that goes on in clear", async () => {
    const { probe, scripted } = stage();
    const server = await scripted({ AUTH: saying("234 Yes"), FEAT: saying("211-F:", " AUTH TLS", "211 End") });
    await probe(credentials());
    expect(server.commands.flat().filter((line) => /^(?:USER|PASS)/.test(line))).toEqual([]);
  });
});

describe("an anonymous login", () => {
  test("goes over TLS that cannot be verified, and that is told", async () => {
    const { probe, simulator } = stage();
    await simulator([], { tls: identity("self-signed") });
    const evidence = await probe();
    expect(working(evidence)).toEqual({ clear: ALL, tls: ALL });
    expect(recordsOf(evidence, "secure")[0]?.handshake?.agreed).toMatchObject({
      store: "bundled",
      problems: [{ code: "DEPTH_ZERO_SELF_SIGNED_CERT" }],
    });
  });

  test.each([
    ["tls-stall", { outcome: "timed-out", foreign: null }],
    ["tls-closed", { outcome: "closed", foreign: null }],
    ["tls-clear-handshake", { outcome: "protocol-error", foreign: expect.stringContaining("500 OOPS") }],
  ])("is measured in clear where the handshake fails (%s)", async (fault, handshake) => {
    const { probe, simulator } = stage();
    await simulator(fault);
    const evidence = await probe();
    expect(recordsOf(evidence, "secure")[0]?.handshake).toMatchObject(handshake);
    expect(working(evidence).clear).toEqual(ALL);
  });
});

describe("data connections under TLS", () => {
  test("that answer nothing to the handshake are given up within a step", async () => {
    const { probe, simulator } = stage();
    await simulator("tls-data-stall", { tls: identity("server") });
    const evidence = await probe({
      ...VERIFIED,
      modes: ["epsv"],
      security: "explicit",
      timeoutMs: 3_000,
      timeoutGiven: true,
    });
    const [first] = recordsOf(evidence, "passive");
    expect(first?.transfer).toMatchObject({ dataOutcome: "tls-failed", tls: { handshake: { outcome: "timed-out" } } });
  });

  test("on which clear text comes are told from silence", async () => {
    const { probe, simulator } = stage();
    await simulator("tls-data-clear", { tls: identity("server") });
    const evidence = await probe({ ...VERIFIED, modes: ["pasv"], security: "explicit" });
    const [first] = recordsOf(evidence, "passive");
    expect(first?.transfer?.tls?.handshake).toMatchObject({
      outcome: "protocol-error",
      foreign: expect.stringContaining("-r"),
    });
  });

  test("that end without close_notify are noticed", async () => {
    const { probe, simulator } = stage();
    await simulator("tls-silent-end", { tls: identity("server") });
    const evidence = await probe({ ...VERIFIED, modes: ["epsv"], security: "explicit" });
    expect(recordsOf(evidence, "passive")[0]?.transfer).toMatchObject({
      dataOutcome: "ok",
      tls: { closeNotify: false },
    });
  });

  test("are not tried where PROT P is refused: no listing goes in clear unasked", async () => {
    const { probe, simulator } = stage();
    const server = await simulator("tls-prot-refused", { tls: identity("server") });
    const evidence = await probe({ ...credentials(), ...VERIFIED, modes: ["epsv", "pasv"] });
    expect(recordsOf(evidence, "passive").every(({ status }) => status === "skipped")).toBe(true);
    // Only the matrix, on a session of its own, looks at what the server does then.
    const lines = server.log.filter(({ connection }) => connection === 1).map(({ line }) => line);
    expect(lines).not.toContain("LIST");
  });
});

test("clear text in the middle of TLS is kept apart from replies", async () => {
  const { probe, simulator } = stage();
  await simulator("tls-clear-text", { tls: identity("server") });
  const evidence = await probe({ ...VERIFIED, modes: ["epsv"], security: "explicit" });
  expect(evidence.sessions[0]).toMatchObject({ protection: "tls", foreign: expect.stringContaining("500 OOPS") });
});

function transfers(evidence: Evidence) {
  return [...recordsOf(evidence, "passive"), ...recordsOf(evidence, "active")].flatMap(
    ({ transfer }) => transfer ?? [],
  );
}

/** USER and PASS only behind a handshake, in every session. */
function expectSecretUnderTls(evidence: Evidence): void {
  const secured = evidence.experiments.filter(
    (record: ExperimentRecord) => record.experiment === "secure" && record.handshake?.outcome === "ok",
  );
  for (const [index, session] of evidence.sessions.entries()) {
    const lines = sent(evidence, index);
    const user = lines.findIndex((line) => line.startsWith("USER"));
    if (user < 0) continue;
    expect(lines[user]).toBe(`USER ${ACCOUNT.user}`);
    expect(session.protection).toBe("tls");
    expect(secured.some((record) => "session" in record && record.session === session.id)).toBe(true);
  }
}
