import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { runMain } from "./run-cli.ts";

const folder = mkdtempSync(join(tmpdir(), "ftp-doctor-ca-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ROOT = readFileSync("fixtures/tls/root.pem", "utf8");
const KEY = readFileSync("fixtures/tls/server.key", "utf8");
const der = Buffer.from(ROOT.replace(/-----[^-]+-----|\s/g, ""), "base64");
const labelled = (label: string) => `-----BEGIN ${label}-----\nc2VjcmV0IHN0dWZm\n-----END ${label}-----\n`;

describe("--ca-file that holds", () => {
  it.each([
    ["a private key", KEY, /holds a private key and no certificate/],
    ["an enciphered private key", labelled("ENCRYPTED PRIVATE KEY"), /holds a private key and no certificate/],
    ["a request", labelled("CERTIFICATE REQUEST"), /holds a certificate request and no certificate/],
    ["PKCS #7", labelled("PKCS7"), /PKCS #7; openssl pkcs7/],
    ["a public key", labelled("PUBLIC KEY"), /holds a public key/],
    ["a label that nobody knows", labelled("SECRET STUFF"), /holds no certificate; give a file in PEM/],
    ["nothing", " \n", /is empty/],
    ["DER", der, /binary data \(DER or PKCS #12\)/],
    ["a certificate that is cut off", `${ROOT}-----BEGIN CERTIFICATE-----\nMIIB\n`, /certificate 2 in it is cut off/],
    ["a broken one among good ones", `${ROOT}${labelled("CERTIFICATE")}${ROOT}`, /certificate 2 in it cannot be read/],
  ])("%s is refused in one line that repeats nothing of it", async (name, content, message) => {
    const file = join(folder, `${name.replace(/\W/g, "-")}.pem`);
    writeFileSync(file, content);
    const { code, stdout, stderr } = await runMain(["127.0.0.1:1", "--ca-file", file]);
    expect(code).toBe(3);
    expect(stdout).toBe("");
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(message);
    const lines = content.toString("latin1").split(/\r?\n/);
    for (const line of lines) if (/^[\w+/=]{8,}$/.test(line)) expect(stderr).not.toContain(line);
    expect(stderr).not.toContain("SECRET STUFF");
  });
});
