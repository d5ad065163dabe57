import { X509Certificate } from "node:crypto";
import { describe, expect, test } from "vitest";
import { isCertificate, readChain } from "../../src/system/certificate.ts";
import { pem } from "../support/tls-fixtures.ts";

const own = (name: string) => readChain(new X509Certificate(pem(name)))[0];

describe("a certificate", () => {
  test("tells whom it is for, who issued it, and how long it is valid", () => {
    expect(own("server.pem")).toMatchObject({
      subject: "CN=ftp.example.com",
      issuer: "CN=ftp-doctor test intermediate",
      names: ["ftp.example.com", "localhost", "127.0.0.1", "0:0:0:0:0:0:0:1", "203.0.113.5"],
      notBefore: "2020-01-01T00:00:00Z",
      notAfter: "2119-12-31T23:59:59Z",
      keyType: "ec",
      keyBits: null,
      curve: "prime256v1",
      signature: "ecdsa-with-SHA256",
      selfSigned: false,
      fingerprint256: expect.stringMatching(/^(?:[\dA-F]{2}:){31}[\dA-F]{2}$/),
    });
  });

  test.each([
    ["self-signed.pem", { selfSigned: true, issuer: "CN=ftp.example.com" }],
    ["root.pem", { selfSigned: true, names: ["ftp-doctor test root"] }],
    ["expired.pem", { notBefore: "2020-01-01T00:00:00Z", notAfter: "2021-01-01T00:00:00Z" }],
    ["not-yet.pem", { notBefore: "2100-01-01T00:00:00Z" }],
    ["weak.pem", { keyType: "rsa", keyBits: 1024, curve: null, signature: "ecdsa-with-SHA1" }],
    ["nameless.pem", { names: ["ftp.example.com"] }],
    ["wrong-name.pem", { names: ["other.example.net", "*.example.net"] }],
    ["hostile.pem", { names: ["\x1b[31mred.example.com", "<script>alert(1)</script>"] }],
  ])("%s", (name, facts) => expect(own(name)).toMatchObject(facts));

  test("with a key of a kind that OpenSSL does not know is read all the same", () => {
    const der = Buffer.from(new X509Certificate(pem("root.pem")).raw);
    // id-ecPublicKey (RFC 5480), of which the last arc is made one that nobody has.
    der[der.indexOf(Buffer.from("06072a8648ce3d0201", "hex")) + 8] = 0x7f;
    expect(readChain(new X509Certificate(der))[0]).toMatchObject({
      subject: "CN=ftp-doctor test root",
      keyType: null,
      keyBits: null,
      curve: null,
    });
  });

  test("is told from what is none", () => {
    expect(isCertificate(pem("root.pem"))).toBe(true);
    expect(isCertificate(pem("server.key"))).toBe(false);
    expect(isCertificate("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")).toBe(false);
    expect(isCertificate("")).toBe(false);
  });

  test("that is missing is an empty chain", () => expect(readChain(undefined)).toEqual([]));
});
