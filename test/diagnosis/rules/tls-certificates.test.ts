import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import type { EvidenceBuilder, SecureSketch } from "../../support/evidence.ts";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

/** A server that works in every way, with this certificate; built evidence is of 2026-01-02. */
function shows(sketch: SecureSketch): EvidenceBuilder {
  return probeOf("203.0.113.5").identify(["AUTH TLS"]).secure(sketch).login().works("epsv", "pasv");
}

/** The same, and real credentials that were therefore not sent. */
function withholds(sketch: SecureSketch): EvidenceBuilder {
  return probeOf("203.0.113.5")
    .policy({ credentials: "given" })
    .target({ user: "web1" })
    .identify(["AUTH TLS"])
    .secure(sketch)
    .login("withheld", null, null, "the certificate could not be verified");
}

const SELF_SIGNED: SecureSketch = {
  problems: ["DEPTH_ZERO_SELF_SIGNED_CERT"],
  certificates: [{ issuer: "CN=ftp.example.com", selfSigned: true }],
};
const WRONG_NAME: SecureSketch = {
  problems: ["ERR_TLS_CERT_ALTNAME_INVALID"],
  certificates: [{ names: ["*.hosting.example", "node7.hosting.example"] }],
};
const EXPIRED: SecureSketch = { problems: ["CERT_HAS_EXPIRED"], certificates: [{ notAfter: "2025-12-30T00:00:00Z" }] };

it("a good certificate is no finding", () => {
  const report = expectCauses(shows({}), []);
  expect(report.verdict).toBe("healthy");
  for (const id of ["tls-cert-untrusted", "tls-cert-name", "tls-cert-expired", "tls-cipher-mismatch"]) {
    expect(checkOf(report, id).status).toBe("absent");
  }
});

describe.each([
  ["tls-cert-untrusted", SELF_SIGNED],
  ["tls-cert-name", WRONG_NAME],
  ["tls-cert-expired", EXPIRED],
] as [string, SecureSketch][])("%s", (id, sketch) => {
  it("is a warning where everything works for who does not look", () => {
    const report = expectCauses(shows(sketch), [id]);
    expect(findingOf(report, id)).toMatchObject({ severity: "warning", confidence: "certain", at: "tls" });
    expect(report.verdict).toBe("degraded");
    expect(findingOf(report, id).remedies.length).toBeGreaterThan(0);
  });

  it("is the cause where a password was withheld, and the verdict is open", () => {
    const report = expectCauses(withholds(sketch), [id]);
    expect(findingOf(report, id).severity).toBe("error");
    expect(findingOf(report, id).explanation).toContain("--insecure");
    expect(report.verdict).toBe("undetermined");
    expect(report.next[0]?.command).toContain("--insecure");
    // An authority of one's own mends neither dates nor names.
    expect(report.next[0]?.tells.includes("--ca-file")).toBe(id === "tls-cert-untrusted");
  });

  it("does not arise without TLS, and is open where the handshake failed", () => {
    const clear = expectCauses(probeOf("203.0.113.5").identify(["SIZE"]).works("epsv"), []);
    expect(checkOf(clear, id).status).toBe("not-applicable");
    const failed = expectCauses(probeOf("203.0.113.5").secure({ outcome: "timed-out" }).control().works("epsv"), [
      "tls-handshake-stall",
    ]);
    expect(checkOf(failed, id).status).toBe("undetermined");
    expect(checkOf(expectCauses(probeOf("203.0.113.5").works("epsv"), []), id).status).toBe("undetermined");
  });
});

describe("tls-cert-untrusted", () => {
  it.each([
    ["signed it itself", SELF_SIGNED],
    ["private one", { problems: ["SELF_SIGNED_CERT_IN_CHAIN"], certificates: [{}, { selfSigned: true }] }],
    ["missing from the chain", { problems: ["UNABLE_TO_VERIFY_LEAF_SIGNATURE"] }],
    ["could not be traced", { problems: ["CERT_REVOKED"] }],
  ] as const)("says why: %s", (words, sketch) => {
    expect(findingOf(expectCauses(shows(sketch), ["tls-cert-untrusted"]), "tls-cert-untrusted").summary).toContain(
      words,
    );
  });

  it.each([
    ["its own", SELF_SIGNED, "SHA-256 of the certificate: AA:01"],
    [
      "its authority's, where the server sent that",
      { problems: ["SELF_SIGNED_CERT_IN_CHAIN"], certificates: [{}, { selfSigned: true, fingerprint256: "AA:02" }] },
      "SHA-256 of its authority's certificate: AA:02",
    ],
  ] as [string, SecureSketch, string][])("shows a fingerprint to compare: %s", (_name, sketch, line) => {
    const [own, ...more] = sketch.certificates ?? [];
    const certificates = [{ ...own, fingerprint256: "AA:01" }, ...more];
    const report = expectCauses(shows({ ...sketch, certificates }), ["tls-cert-untrusted"]);
    expect(findingOf(report, "tls-cert-untrusted").seen).toContain(line);
  });

  it("names the roots it was checked against", () => {
    const of = (store: "bundled" | "bundled+ca-file") =>
      findingOf(
        expectCauses(shows({ problems: ["UNABLE_TO_GET_ISSUER_CERT_LOCALLY"], store }), ["tls-cert-untrusted"]),
        "tls-cert-untrusted",
      ).explanation;
    expect(of("bundled")).toContain("come with Node.js, not against this machine's own store");
    expect(of("bundled+ca-file")).toContain("those of --ca-file");
  });

  it("is seen beside a date that hides it from OpenSSL", () => {
    const report = expectCauses(
      shows({
        problems: ["CERT_HAS_EXPIRED"],
        certificates: [{ ...SELF_SIGNED.certificates?.[0], notAfter: "2025-12-30T00:00:00Z" }],
      }),
      ["tls-cert-untrusted", "tls-cert-expired"],
    );
    // The date is the other finding's matter.
    const { seen } = findingOf(report, "tls-cert-untrusted");
    expect(seen.join()).not.toContain("EXPIRED");
    expect(seen).toContain("the chain has no other certificate than this one");
  });
});

describe("tls-cert-untrusted", () => {
  it("gives clients the authority's certificate as well, but not where nobody knows what is amiss", () => {
    const told = (problem: string) => {
      const report = expectCauses(shows({ problems: [problem] }), ["tls-cert-untrusted"]);
      return findingOf(report, "tls-cert-untrusted").remedies.some(({ who }) => who === "client-user");
    };
    expect(told("DEPTH_ZERO_SELF_SIGNED_CERT")).toBe(true);
    expect(told("UNABLE_TO_VERIFY_LEAF_SIGNATURE")).toBe(true);
    expect(told("INVALID_CA")).toBe(false);
  });
});

describe("tls-cert-name", () => {
  it("names the certificate's names and one to try, never a wildcard", () => {
    const report = expectCauses(shows(WRONG_NAME), ["tls-cert-name"]);
    expect(findingOf(report, "tls-cert-name").summary).toBe(
      "The certificate that ftp.example.com shows is for *.hosting.example and node7.hosting.example, not for ftp.example.com.",
    );
    expect(report.next.map(({ command }) => command)).toEqual(["ftp-doctor node7.hosting.example"]);
  });

  it("gives no command made of a name that is none", () => {
    const report = expectCauses(
      shows({ problems: ["ERR_TLS_CERT_ALTNAME_INVALID"], certificates: [{ names: ["x; rm -rf /", "10.0.0.1"] }] }),
      ["tls-cert-name"],
    );
    expect(report.next).toEqual([]);
  });

  it("speaks of the address where one was asked for", () => {
    const report = expectCauses(shows(WRONG_NAME).target({ host: "203.0.113.5" }), ["tls-cert-name"]);
    expect(findingOf(report, "tls-cert-name").explanation).toContain("by its address");
  });

  it("fires where the server refuses the name itself", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").secure({ outcome: "tls-failed", alert: "unrecognized_name" }).control().works("epsv"),
      ["tls-cert-name"],
    );
    expect(findingOf(report, "tls-cert-name").summary).toContain("does not know the name");
  });
});

describe("tls-cert-expired", () => {
  const dated = (notBefore: string, notAfter: string) => shows({ certificates: [{ notBefore, notAfter }] });

  it.each([
    ["2025-11-01", "2026-01-10", "warning", "expires on 2026-01-10, in 7 days"],
    ["2025-11-01", "2026-01-25", "notice", "in 22 days"],
    ["2026-01-02T12:00", "2026-11-01", "warning", "is not valid before 2026-01-02 (in less than a day)"],
  ])("from %s to %s is a %s", (from, to, severity, words) => {
    const report = expectCauses(dated(new Date(`${from}Z`).toISOString(), new Date(`${to}Z`).toISOString()), [
      "tls-cert-expired",
    ]);
    expect(findingOf(report, "tls-cert-expired")).toMatchObject({ severity });
    expect(findingOf(report, "tls-cert-expired").summary).toContain(words);
    expect(report.verdict).toBe(severity === "notice" ? "healthy" : "degraded");
  });

  it("leaves a certificate alone that lives for days only and is in the middle of its life", () => {
    expectCauses(dated("2025-12-31T00:00:00Z", "2026-01-06T00:00:00Z"), []);
    expectCauses(dated("2025-11-01T00:00:00Z", "2026-02-10T00:00:00Z"), []);
  });

  it("speaks of the chain where an authority has expired, and only then", () => {
    const chain = [{}, { subject: "CN=Old CA", notAfter: "2025-06-01T00:00:00Z" }];
    const report = expectCauses(shows({ problems: ["CERT_HAS_EXPIRED"], certificates: chain }), ["tls-cert-expired"]);
    expect(findingOf(report, "tls-cert-expired").summary).toContain("A certificate in the chain");
    expectCauses(shows({ certificates: chain }), []);
  });
});

describe("tls-cipher-mismatch", () => {
  const ID = "tls-cipher-mismatch";

  it.each([
    ["a key of only 1024 bits (RSA)", { certificates: [{ keyType: "rsa", keyBits: 1024, curve: null }] }],
    ["signed with SHA-1", { certificates: [{ signature: "sha1WithRSAEncryption" }] }],
    ["TLS 1.0 as its protocol", { version: "TLSv1" }],
    ["TLS_RSA_WITH_3DES_EDE_CBC_SHA", { version: "TLSv1.2", cipher: "TLS_RSA_WITH_3DES_EDE_CBC_SHA" }],
  ] as const)("warns of %s", (words, sketch) => {
    const report = expectCauses(shows(sketch), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning" });
    expect(findingOf(report, ID).summary).toContain(words);
  });

  it.each([
    ["EE_KEY_TOO_SMALL", { keyType: "rsa", keyBits: 512, curve: null }],
    ["UNSPECIFIED", { signature: "sha1WithRSAEncryption" }],
  ])(
    "is the cause where a password was withheld for it (%s), and says what the next certificate needs",
    (code, own) => {
      const report = expectCauses(withholds({ problems: [code], certificates: [own] }), [ID]);
      const finding = findingOf(report, ID);
      expect(finding.severity).toBe("error");
      expect(finding.explanation).toContain("--insecure");
      expect(finding.explanation).toContain("2048 bits or more");
      expect(report.verdict).toBe("undetermined");
    },
  );

  it.each([
    ["signed with SHA-1", { signature: "ecdsa-with-SHA1" }],
    ["with a key of only 1024 bits (RSA)", { keyType: "rsa", keyBits: 1024, curve: null }],
  ])("knows an authority's certificate %s for the reason, where verification minds", (words, authority) => {
    const certificates = [{}, { subject: "CN=Middle", ...authority }];
    const report = expectCauses(withholds({ problems: ["UNSPECIFIED"], certificates }), [ID]);
    expect(findingOf(report, ID).summary).toContain(`an authority's certificate ${words}`);
    expect(findingOf(report, ID).seen.join()).toContain("its authority's (CN=Middle): ");
    expectCauses(shows({ certificates }), []);
    expectCauses(withholds({ problems: ["UNSPECIFIED"], certificates: [{}, { ...authority, selfSigned: true }] }), [
      "tls-cert-untrusted",
    ]);
  });

  it("is no cause of a password that was withheld for another reason", () => {
    const report = diagnose(
      withholds({
        ...WRONG_NAME,
        certificates: [{ names: ["a.example"], signature: "sha1WithRSAEncryption" }],
      }).build(),
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning" });
    expect(findingOf(report, ID).explanation).not.toContain("--insecure");
  });

  it("leaves strong ones alone", () => {
    expectCauses(
      shows({
        version: "TLSv1.2",
        cipher: "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
        certificates: [{ keyType: "rsa", keyBits: 2048, curve: null, signature: "sha256WithRSAEncryption" }],
      }),
      [],
    );
  });

  it("is the cause where our own side refuses the server's parameters", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .secure({ outcome: "tls-failed", code: "ERR_SSL_DH_KEY_TOO_SMALL" })
        .control()
        .works("epsv"),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "certain" });
    expect(findingOf(report, ID).summary).toContain("Diffie-Hellman");
  });
});

describe("several certificates at one address", () => {
  it.each([
    ["tls-cert-untrusted", SELF_SIGNED],
    ["tls-cert-name", WRONG_NAME],
    ["tls-cert-expired", EXPIRED],
  ] as const)("%s finds the bad one behind a good one, and says that it is one of several", (id, bad) => {
    const other = { ...bad, certificates: [{ ...bad.certificates?.[0], fingerprint256: "BB:BB" }] };
    const finding = findingOf(expectCauses(shows({}).control().secure(other).login().works("epsv"), [id]), id);
    expect(finding.explanation).toContain("several machines answer there");
    expect(finding.args).toMatchObject({ sometimes: true, addresses: ["203.0.113.5"] });
    // Shown every time, it is the one that there is.
    const always = findingOf(expectCauses(shows(bad).control().secure(bad).login().works("epsv"), [id]), id);
    expect(always.explanation).not.toContain("several machines");
    expect(always.summary).toBe(finding.summary);
  });

  it("are no fault where each of them is good and everything works", () => {
    const other = { certificates: [{ fingerprint256: "BB:BB" }] };
    expectCauses(shows({}).control().secure(other).login().works("epsv"), []);
  });
});

describe.each([
  ["tls-cert-name", WRONG_NAME, "is for *.hosting.example and node7.hosting.example, not for"],
  ["tls-cert-expired", EXPIRED, "has expired or is not valid yet (CN=ftp.example.com)"],
  ["tls-cert-untrusted", SELF_SIGNED, "is not trusted (CN=ftp.example.com)"],
] as const)("%s on data connections alone", (id, { problems = [], certificates = [] }, words) => {
  const data = (sameCertificate: boolean, found = problems) => ({
    transfer: { tls: { resumed: false, sameCertificate, problems: found, certificates } },
  });
  const probe = (sketch: SecureSketch = {}) => probeOf("203.0.113.5").identify(["AUTH TLS"]).secure(sketch).login();

  it("is a warning: clients that verify move no file, although login works", () => {
    const report = expectCauses(probe().passive("epsv", data(false)).passive("pasv", data(false)), [id]);
    expect(report.verdict).toBe("degraded");
    const finding = findingOf(report, id);
    expect(finding).toMatchObject({ severity: "warning", confidence: "certain", args: { modes: ["epsv", "pasv"] } });
    expect(finding.summary).toContain(words);
    expect(finding.title).toContain("on data connections");
    expect(finding.rivals.map(({ cause }) => cause)).toContain("pasv-lb-other-backend");
    expect(checkOf(report, "pasv-lb-other-backend").note).toBe(`covered by ${id}`);
  });

  it("is the other finding where the certificate is the same, or nothing is wrong with it", () => {
    expectCauses(probe().passive("epsv", data(true)).works("pasv"), []);
    expectCauses(probe().passive("epsv", data(false, [])).works("pasv"), ["pasv-lb-other-backend"]);
  });

  it("is the control connection's where that one has it too", () => {
    const both = probe({ problems, certificates }).passive("epsv", data(false)).passive("pasv", data(false));
    const report = expectCauses(both, [id, "pasv-lb-other-backend"]);
    expect(findingOf(report, id).title).not.toContain("on data connections");
  });
});

it("a certificate that expired on data connections counts for more than one that expires soon on the control connection", () => {
  const soon = probeOf("203.0.113.5")
    .identify(["AUTH TLS"])
    .secure({ certificates: [{ notAfter: "2026-01-20T00:00:00Z" }] })
    .login();
  const data = { transfer: { tls: { resumed: false, sameCertificate: false, ...EXPIRED } } };
  const report = expectCauses(soon.passive("epsv", data).passive("pasv", data), ["tls-cert-expired"]);
  expect(findingOf(report, "tls-cert-expired")).toMatchObject({ severity: "warning", args: { onData: true } });
});

describe("the authority that the user named", () => {
  const CA_FILE = "/etc/my roots.pem";
  /** A server of which only EPSV works under TLS, to a run with this policy. */
  const toldOf = (sketch: SecureSketch, caFile: string | null) => {
    const built = probeOf("203.0.113.5")
      .policy({ caFile })
      .target({ security: "explicit" })
      .identify(["AUTH TLS"])
      .secure({ store: "bundled+ca-file", ...sketch })
      .login()
      .works("epsv")
      .passive("pasv", { dial: "timed-out" });
    return diagnose(built.build()).meanwhile.join(" ");
  };

  it.each([
    ["vouches for the server: clients need it too", { root: "ca-file" }, CA_FILE, true],
    ["was not told apart by an older version: they most likely need it", {}, CA_FILE, true],
    ["is not what vouches for the server", { root: "bundled" }, CA_FILE, false],
    ["does not vouch for it either", { problems: ["SELF_SIGNED_CERT_IN_CHAIN"] }, CA_FILE, false],
    ["vouches for one of another name", { root: "ca-file", problems: ["ERR_TLS_CERT_ALTNAME_INVALID"] }, CA_FILE, true],
    ["was not named", {}, null, false],
  ] as [string, SecureSketch, string | null, boolean][])("%s", (_, sketch, caFile, told) => {
    const advice = toldOf(sketch, caFile);
    expect(advice).toContain("curl: uses EPSV first");
    expect(advice.includes("--cacert '/etc/my roots.pem'")).toBe(told);
  });
});
