import { describe, expect, test } from "vitest";
import { diagnose, type ProbeOptions } from "../../src/index.ts";
import type { HandshakeRecord } from "../../src/model/evidence.ts";
import type { ControlSummary } from "../../src/model/report.ts";
import { controlLines } from "../../src/reporters/control-lines.ts";
import { reporters } from "../../src/reporters/index.ts";
import { credentials, recordsOf, stage } from "../experiments/stage.ts";
import { runOf } from "../support/report.ts";
import { identity, ROOTS } from "../support/tls-fixtures.ts";

/** The lines of TLS for a run against the simulator. */
async function lines(fault: string[], certificate: string | null, width = 80, more: Partial<ProbeOptions> = {}) {
  const { probe, simulator } = stage();
  await simulator(fault, certificate === null ? {} : { tls: identity(certificate) });
  const evidence = await probe({ extraRoots: ROOTS, modes: ["epsv"], ...more });
  // What took time differs from run to run.
  for (const record of recordsOf(evidence, "secure")) if (record.handshake !== null) record.handshake.ms = 12;
  const report = diagnose(evidence);
  const entries: ControlSummary[] = report.control;
  expect(entries).toHaveLength(1);
  return controlLines(report, width).join("\n");
}

describe("TLS of the control connection", () => {
  test.each<[string, string[], string | null, RegExp]>([
    [
      "that is verified",
      [],
      "server",
      /explicit, TLS 1\.3 in 12 ms {3}TLS_AES_\w+\nCert {6}ftp\.example\.com and 4 more {3}issued by ftp-doctor test intermediate\n {10}\d+ days left {3}verified with Node's roots and --ca-file$/,
    ],
    ["with a certificate that expired", [], "expired", /expired on 2021-01-01\s+not verified with .*: expired$/s],
    [
      "with a certificate of the future",
      [],
      "not-yet",
      /valid only from 2100-01-01\s+not verified with .*: not yet valid$/s,
    ],
    ["with a certificate for another name", [], "wrong-name", /other\.example\.net and 1 more .*: for another name$/s],
    ["with a certificate of its own", [], "self-signed", /self-signed .*: signed by itself$/s],
    ["without the intermediate certificate", [], "without-chain", /: its issuer is unknown$/],
    ["where PROT P is refused", ["tls-prot-refused"], "server", /PROT P refused \(536\)/],
    [
      "where the handshake gets no answer",
      ["tls-stall"],
      null,
      /^TLS {7}explicit, the handshake failed: no answer in 12 ms$/m,
    ],
    ["where it is hung up on", ["tls-closed"], null, /^TLS {7}explicit, the handshake failed: (?!no answer|clear)\S+/m],
    [
      "where clear text comes",
      ["tls-clear-handshake"],
      null,
      /clear text came: "500 OOPS: SSL:\s+cannot load RSA\s+certificate"$/,
    ],
    ["where AUTH is refused", ["auth-listed-only"], null, /^TLS {7}AUTH refused: "500 AUTH not understood"$/m],
  ])("%s", async (_name, fault, certificate, shown) => {
    expect(await lines(fault, certificate)).toMatch(shown);
  });

  test("is the one that came about, where the kind asked for did not", async () => {
    const shown = await lines([], "server", 80, { security: "implicit" });
    expect(shown).toMatch(/^TLS {7}explicit, TLS 1\.3/m);
    expect(shown).toMatch(/^Cert/m);
  });

  test("is left out where the server has none", async () => {
    expect(await lines([], null)).not.toMatch(/^TLS/m);
  });

  test("keeps to the width", async () => {
    for (const line of (await lines([], "hostile", 60)).split("\n")) expect(line.length).toBeLessThanOrEqual(60);
  });
});

test("--verbose shows every certificate with key, signature, dates and fingerprint, and other ones on data connections", async () => {
  const { probe, simulator } = stage();
  await simulator([], { tls: identity("server") });
  const evidence = await probe({ extraRoots: ROOTS, modes: ["epsv"], security: "explicit" });
  const text = () => controlLines(diagnose(evidence), 200, true).join("\n");
  const print = "SHA-256 (?:[0-9A-F]{2}:){31}[0-9A-F]{2}";
  expect(text()).toMatch(
    /^Chain {5}1\. CN=ftp\.example\.com {3}EC key \(prime256v1\) {3}signed with ecdsa-with-SHA256 {3}2020-/m,
  );
  expect(text().match(new RegExp(print, "g"))).toHaveLength(2);
  expect(text()).not.toContain("Data cert");
  expect(controlLines(diagnose(evidence), 200).join()).not.toContain("SHA-256 ");
  for (const { transfer } of recordsOf(evidence, "passive")) {
    const agreed = transfer?.tls?.handshake.agreed;
    if (transfer?.tls == null || agreed == null) continue;
    const [own] = recordsOf(evidence, "secure").flatMap(({ handshake }) => handshake?.agreed?.certificates ?? []);
    transfer.tls.sameCertificate = false;
    agreed.certificates =
      own === undefined ? [] : [{ ...own, subject: "CN=other.example.com", fingerprint256: "AA:02" }];
  }
  expect(text()).toMatch(
    /^Data cert another one: CN=other\.example\.com {3}EC key \(prime256v1\) {3}signed with ecdsa-with-SHA256 {3}SHA-256 AA:02$/m,
  );
});

test.each([
  ["UNSPECIFIED", 512, "refuses it for a reason that has no name here (its key has 512 bits)"],
  ["UNSPECIFIED", null, "refuses it for a reason that has no name here"],
  ["EE_KEY_TOO_SMALL", 512, "its key is too short"],
] as const)("what Node calls %s of a key of %s bits is said in words", async (code, keyBits, words) => {
  const { probe, simulator } = stage();
  await simulator([], { tls: identity("server") });
  const evidence = await probe({ extraRoots: ROOTS, modes: ["epsv"] });
  for (const { handshake } of recordsOf(evidence, "secure")) {
    handshake?.agreed?.problems.push({ code, text: null });
    for (const each of handshake?.agreed?.certificates ?? []) each.keyBits = keyBits;
  }
  const text = controlLines(diagnose(evidence), 80).join(" ").replace(/\s+/g, " ");
  expect(text).toContain(words);
  expect(text).not.toContain(code);
});

test("a signature that is too weak is called so", async () => {
  const { probe, simulator } = stage();
  await simulator([], { tls: identity("server") });
  const evidence = await probe({ extraRoots: ROOTS, modes: ["epsv"] });
  for (const { handshake } of recordsOf(evidence, "secure")) {
    handshake?.agreed?.problems.push({ code: "UNSPECIFIED", text: null });
    for (const each of handshake?.agreed?.certificates ?? []) each.signature = "sha1WithRSAEncryption";
  }
  expect(controlLines(diagnose(evidence), 200).join("\n")).toContain("its signature (SHA-1) is too weak");
});

test("of what came in place of a handshake the first line is shown, and no failure is explained by itself", async () => {
  const { probe, simulator } = stage();
  await simulator(["tls-clear-handshake"], {});
  const evidence = await probe({ modes: ["epsv"] });
  const shown = (change: Partial<HandshakeRecord>) => {
    for (const { handshake } of recordsOf(evidence, "secure")) if (handshake !== null) Object.assign(handshake, change);
    return reporters.table.render(runOf(diagnose(evidence)), {
      color: false,
      width: 200,
      verbose: false,
      quiet: false,
      clients: false,
    });
  };
  expect(shown({ foreign: "421 TLS handshake failed\r\n530 More\r\n" })).toMatch(
    /clear text came: "421 TLS handshake failed"$/m,
  );
  const broken = { foreign: null, alert: null, outcome: "tls-failed" } as const;
  expect(shown({ ...broken, code: "ERR_SSL_BAD_LENGTH" })).toMatch(
    /the handshake failed: this side's TLS library gave up \(ERR_SSL_BAD_LENGTH\)$/m,
  );
  expect(shown({ ...broken, code: null })).not.toContain("TLS failed");
});

test("a certificate whose end cannot be read is said to have such an end", async () => {
  const { probe, simulator } = stage();
  await simulator([], { tls: identity("server") });
  const evidence = await probe({ extraRoots: ROOTS, modes: ["epsv"] });
  for (const { handshake } of recordsOf(evidence, "secure")) {
    for (const each of handshake?.agreed?.certificates ?? []) each.notAfter = "no date";
  }
  const text = controlLines(diagnose(evidence), 80).join("\n");
  expect(text).toContain("its end is not readable");
  expect(text).not.toContain("NaN");
});

describe("a login and data in clear, below a session under TLS", () => {
  async function table(more: Partial<ProbeOptions>) {
    const { probe, simulator } = stage();
    await simulator([], { tls: identity("self-signed") });
    const report = diagnose(await probe({ modes: ["epsv"], ...credentials(), ...more }));
    return reporters.table.render(runOf(report), {
      color: false,
      width: 80,
      verbose: false,
      quiet: false,
      clients: false,
    });
  }

  test("are said to be in clear", async () => {
    const text = await table({ allowCleartext: true });
    expect(text).toMatch(/^TLS {7}explicit, TLS 1\.3/m);
    expect(text.replace(/\s+/g, " ")).toMatch(/logged in as \S+, in clear/);
    expect(text).toMatch(/^Mode +Data +Result/m);
    expect(text).toMatch(/^EPSV +clear +works/m);
  });

  test("are told from those under TLS, of which nothing is said", async () => {
    const text = await table({ insecure: true });
    expect(text).toContain("logged in as");
    expect(text).not.toContain("in clear");
    expect(text).not.toMatch(/^Mode +Data/m);
  });
});
