import { describe, expect, test } from "vitest";
import type { Evidence, MatrixTrial, RecordOf } from "../../src/model/evidence.ts";
import { credentials, eachOf, recordsOf } from "./stage.ts";
import { probeTls, tlsServer } from "./tls-server.ts";

/** What became of the trials of one record. */
function results({ trials }: Pick<RecordOf<"tls-matrix">, "trials">): Record<string, string> {
  return Object.fromEntries(trials.map((trial) => [trial.what, resultOf(trial)]));
}

function resultOf({ transfer, prot }: MatrixTrial): string {
  const code = transfer?.exchange.replies.at(-1)?.code ?? prot?.replies.at(-1)?.code;
  if (transfer?.dataOutcome !== "ok" || code !== 226) return `refused ${code}`;
  return transfer.tls == null ? "in clear" : transfer.tls.handshake.agreed?.resumed ? "resumed" : "full";
}

describe("a healthy server under TLS", () => {
  test("is asked nothing further", async () => {
    const server = await tlsServer();
    const evidence = await probeTls(server);
    expect(recordsOf(evidence, "passive").map(({ transfer }) => transfer?.dataOutcome)).toEqual(["ok", "ok"]);
    expect(recordsOf(evidence, "tls-matrix")).toEqual([]);
    expect(recordsOf(evidence, "tls-versions")).toEqual([]);
    expect(server.connections).toBe(2);
  });

  test("is asked everything with --tls-matrix", async () => {
    const evidence = await probeTls(await tlsServer(), { tlsMatrix: true });
    const all = {
      "resume-1": "resumed",
      "resume-2": "resumed",
      "resume-3": "resumed",
      "same-ticket": "resumed",
      "after-preliminary": "resumed",
      "prot-c": "in clear",
      "no-resume": "full",
    };
    const matrix = recordsOf(evidence, "tls-matrix");
    expect(matrix.map(({ version }) => version)).toEqual(["TLSv1.3", "TLSv1.2"]);
    expect(matrix.map(results)).toEqual([all, all]);
    const [versions] = recordsOf(evidence, "tls-versions");
    expect(versions?.trials.map(({ versions: each, handshake }) => [each?.to ?? null, handshake?.outcome])).toEqual(
      expect.arrayContaining([
        ["TLSv1.2", "ok"],
        ["TLSv1.3", "ok"],
      ]),
    );
    // Neither sessions nor keys: nothing that could be resumed stands in the evidence.
    expect(JSON.stringify(evidence)).not.toMatch(/PRIVATE KEY|"session":\{|"data":\[/);
  });
});

describe("AUTH SSL", () => {
  const tried = (evidence: Evidence) =>
    recordsOf(evidence, "secure").map(({ auth, handshake }) => [
      auth.map(({ command }) => command),
      handshake?.outcome,
    ]);
  const both = [["AUTH TLS", "AUTH SSL"], "ok"];

  test.each(["500 Unknown AUTH type", "502 Not implemented", "504 Not this one"])(
    "is the way where FEAT lists nothing else, whatever AUTH TLS is answered (%s), on every session",
    async (refusesMechanism) => {
      const server = await tlsServer({ authLine: " AUTH SSL\r\n", refusesMechanism });
      const evidence = await probeTls(server, { security: "explicit", modes: ["epsv", "eprt"] });
      expect(tried(evidence).length).toBeGreaterThan(1);
      for (const each of tried(evidence)) expect(each).toEqual(both);
    },
  );

  test("is not asked for where the server lists TLS and refuses it", async () => {
    const server = await tlsServer({ refusesMechanism: "500 Unknown AUTH type" });
    expect(tried(await probeTls(server))).toEqual([[["AUTH TLS"], undefined]]);
  });
});

describe("a password", () => {
  const account = { ...credentials(), insecure: true };

  test("goes under TLS also where a device took AUTH out of the features", async () => {
    const server = await tlsServer({ authLine: "" });
    const evidence = await probeTls(server, account);
    expect(recordsOf(evidence, "passive").map(({ protection }) => protection)).toEqual(["tls"]);
    expect(recordsOf(evidence, "identify")[0]).toMatchObject({ authOffered: true, features: ["EPSV", "PBSZ", "PROT"] });
  });

  test("stays here where AUTH is neither listed nor answered", async () => {
    const server = await tlsServer({ authLine: "", inPlaceOfTls: null });
    const evidence = await probeTls(server, { ...account, timeoutMs: 500 });
    expect(recordsOf(evidence, "login").filter(({ result }) => result === "logged-in")).toEqual([]);
    expect(server.commands.some((line) => /^(USER|PASS)/.test(line))).toBe(false);
  });
});

describe("data connections that fail under TLS", () => {
  test("are compared with and without resumption where the server demands it", async () => {
    const server = await tlsServer({ requiresReuse: true });
    const evidence = await probeTls(server, { tlsMatrix: true });
    for (const record of eachOf(evidence, "tls-matrix")) {
      expect(results(record)).toMatchObject({ "resume-1": "resumed", "no-resume": "refused 522" });
    }
  });

  test("are pursued where TLS alone fails: without tickets nothing can be resumed", async () => {
    // Without tickets and without a cache of sessions no client can resume anything.
    const { SSL_OP_NO_TICKET } = (await import("node:constants")).default;
    const server = await tlsServer({
      requiresReuse: true,
      control: { secureOptions: SSL_OP_NO_TICKET, maxVersion: "TLSv1.2" },
    });
    const evidence = await probeTls(server);
    const [clear, tls] = ["clear", "tls"].map((protection) =>
      recordsOf(evidence, "passive").find((record) => record.protection === protection),
    );
    expect(clear?.transfer?.dataOutcome).toBe("ok");
    expect(tls?.transfer?.dataOutcome).not.toBe("ok");
    const [record] = recordsOf(evidence, "tls-matrix");
    expect(record).toMatchObject({ protection: "tls", versions: null, version: "TLSv1.2" });
    expect(results(record ?? { trials: [] })).toMatchObject({ "no-resume": "refused 522", "prot-c": "in clear" });
    expect(server.connections).toBeLessThanOrEqual(6);
  });

  test("PROT P refused: one listing in clear shows whether the session is of use", async () => {
    const server = await tlsServer({ refusesPrivacy: true });
    const evidence = await probeTls(server);
    const [record, ...others] = recordsOf(evidence, "tls-matrix");
    expect(others).toEqual([]);
    expect(results(record ?? { trials: [] })).toEqual({ "prot-c": "in clear" });
    // Clear is the default (RFC 4217 section 9), and a refusal changes nothing: nobody needs to ask for it, and a
    // server may refuse that too.
    expect(server.commands).toContain("PROT P");
    expect(server.commands).not.toContain("PROT C");
  });

  test("clear text inside TLS is survived and kept", async () => {
    const evidence = await probeTls(await tlsServer({ clearTextAtList: "500 OOPS: child died\r\n" }), {
      security: "explicit",
    });
    expect(evidence.sessions.some(({ foreign }) => foreign?.startsWith("500 OOPS: child died"))).toBe(true);
  });
});

describe("a handshake of the control connection that fails", () => {
  test("is followed by handshakes of one version each, without a login", async () => {
    const server = await tlsServer({
      control: { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" },
    });
    const evidence = await probeTls(server);
    const [record] = recordsOf(evidence, "tls-versions");
    const speaks = record?.trials.filter(({ handshake }) => handshake?.outcome === "ok");
    expect(speaks?.map(({ versions }) => versions?.to)).toEqual(["TLSv1.1", "TLSv1"]);
    expect(record?.trials).toHaveLength(4);
    // The clear lane's own login is the only one.
    expect(server.commands.filter((line) => line.startsWith("PASS"))).toHaveLength(1);
    expect(server.connections).toBeLessThanOrEqual(6);
  });

  test("is not followed where clear text came in its place: no version would help", async () => {
    const evidence = await probeTls(await tlsServer({ inPlaceOfTls: "500 OOPS: no certificate\r\n" }));
    expect(recordsOf(evidence, "secure")[0]?.handshake?.foreign).toMatch(/^500 OOPS/);
    expect(recordsOf(evidence, "tls-versions")).toEqual([]);
  });

  test("silence is bounded by the step's limit", async () => {
    const evidence = await probeTls(await tlsServer({ inPlaceOfTls: null }), { timeoutMs: 300, timeoutGiven: true });
    expect(recordsOf(evidence, "secure")[0]?.handshake).toMatchObject({ outcome: "timed-out", limitMs: 300 });
    expect(evidence.durationMs).toBeLessThan(6_000);
  });

  test("the deadline cancels it", async () => {
    const evidence = await probeTls(await tlsServer({ inPlaceOfTls: null }), { deadlineMs: 300 });
    expect(evidence.complete).toBe(false);
    expect(recordsOf(evidence, "secure")[0]?.handshake?.outcome).toBe("cancelled");
    expect(evidence.durationMs).toBeLessThan(3_000);
  });
});

describe("the other kind of TLS", () => {
  test("a port that keeps silent gets a handshake after three seconds, and the run goes on under TLS", async () => {
    const server = await tlsServer({ implicit: true });
    const evidence = await probeTls(server);
    expect(recordsOf(evidence, "control")).toMatchObject([
      { protection: "clear", greeting: { outcome: "timed-out", firstBytes: "" } },
      { protection: "tls", greeting: { outcome: "ok" } },
    ]);
    expect(recordsOf(evidence, "secure")).toMatchObject([
      { how: "implicit", knock: true, handshake: { outcome: "ok" } },
    ]);
    expect(recordsOf(evidence, "passive")).toMatchObject([{ protection: "tls", transfer: { dataOutcome: "ok" } }]);
  });

  test("a greeting in clear where TLS was told is measured in clear by an anonymous visitor", async () => {
    const evidence = await probeTls(await tlsServer(), { security: "implicit" });
    expect(recordsOf(evidence, "secure")[0]?.handshake?.foreign).toMatch(/^220 ready/);
    expect(
      recordsOf(evidence, "passive")
        .map(({ protection }) => protection)
        .sort(),
    ).toEqual(["clear", "tls"]);
  });

  test("credentials never go there", async () => {
    const server = await tlsServer();
    await probeTls(server, { security: "implicit", user: "kunde7", allowCleartext: true });
    expect(server.commands.filter((line) => /^(?:USER|PASS)/.test(line))).toEqual([]);
  });
});

describe("what comes in one packet with the answer to AUTH and the end", () => {
  test.each([
    ["an alert", "\x15\x03\x03\x00\x02\x02\x28", { alert: "handshake_failure", foreign: null }],
    ["a reply", "500 OOPS: no certificate\r\n", { alert: null, foreign: "500 OOPS: no certificate\r\n" }],
    [
      "what is no FTP",
      "HTTP/1.1 400 Bad Request\r\n\r\n",
      { alert: null, foreign: "HTTP/1.1 400 Bad Request\r\n\r\n" },
    ],
  ])("is kept as the server's word: %s", async (_, behindAuth, said) => {
    const evidence = await probeTls(await tlsServer({ behindAuth }), { security: "explicit" });
    expect(recordsOf(evidence, "secure")[0]?.handshake).toMatchObject(said);
  });
});

describe("PROT P or PBSZ without an answer", () => {
  test.each(["deafToPrivacy", "deafToBufferSize", "endsAtPrivacy"])("is not asked again: %s", async (setting) => {
    const server = await tlsServer({ [setting]: true });
    const evidence = await probeTls(server, {
      security: "explicit",
      timeoutMs: 200,
      timeoutGiven: true,
      modes: ["epsv", "pasv", "port"],
    });
    const asked = server.commands.filter((line) => /^(?:PBSZ|PROT)/.test(line));
    expect(asked).toEqual(setting === "deafToBufferSize" ? ["PBSZ 0"] : ["PBSZ 0", "PROT P"]);
    expect(server.commands.filter((line) => line.startsWith("PASS"))).toHaveLength(2);
    expect(server.connections).toBe(2);
    const attempts = [...recordsOf(evidence, "passive"), ...recordsOf(evidence, "active")];
    expect(attempts).toHaveLength(3);
    for (const { status, note } of attempts) {
      expect(status).toBe("skipped");
      expect(note).toContain("did not answer");
    }
    // The other session shows that nothing but this is in the way.
    const [record] = eachOf(evidence, "tls-matrix");
    expect(results(record ?? { trials: [] })).toEqual({ "prot-c": "in clear" });
  });
});

describe("CCC", () => {
  test("is sent only where the user asks for it, and a refusal leaves the session under TLS", async () => {
    const silent = await tlsServer();
    await probeTls(silent);
    expect(silent.commands).not.toContain("CCC");
    const evidence = await probeTls(await tlsServer(), { ccc: true });
    const [record, ...others] = recordsOf(evidence, "ccc");
    expect(others).toEqual([]);
    expect(record).toMatchObject({ left: null, offer: null, transfer: null });
    expect(record?.exchange?.replies.at(-1)?.code).toBe(500);
    expect(evidence.sessions.find(({ id }) => id === record?.session)?.protection).toBe("tls");
  });
});
