import { rootCertificates } from "node:tls";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { secureContext, settingsOf } from "../../src/system/secure-context.ts";

const BOTH = { from: "TLSv1.2", to: "TLSv1.3" } as const;
const OLD = { from: "TLSv1", to: "TLSv1" } as const;
const terms = { versions: null, weak: false, extraRoots: null };

// Whoever runs the tests may have set them.
beforeEach(() => {
  for (const name of ["NODE_EXTRA_CA_CERTS", "NODE_USE_SYSTEM_CA", "NODE_OPTIONS"]) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe("the settings of a TLS connection", () => {
  test("are made once for the same terms, and anew for others", () => {
    const roots: string[] = [];
    const same = { versions: BOTH, weak: false, extraRoots: roots };
    const one = secureContext(same);
    expect(secureContext({ ...same })).toBe(one);
    expect(secureContext({ ...same, weak: true })).not.toBe(one);
    expect(secureContext({ ...same, versions: OLD })).not.toBe(one);
    expect(secureContext({ ...same, extraRoots: [] })).not.toBe(one);
  });

  test("allow what is weak where it is to be measured", () => {
    expect(settingsOf({ ...terms, versions: BOTH, weak: true })).toEqual({
      ciphers: "DEFAULT:@SECLEVEL=0",
      minVersion: "TLSv1.2",
      maxVersion: "TLSv1.3",
    });
  });

  test.each([
    ["NODE_EXTRA_CA_CERTS", "/somewhere/roots.pem"],
    ["NODE_USE_SYSTEM_CA", "1"],
    ["NODE_OPTIONS", "--max-old-space-size=100 --use-openssl-ca"],
  ] as const)("name Node's own roots one by one where %s adds others", (name, value) => {
    vi.stubEnv(name, value);
    expect(settingsOf(terms).ca).toEqual(rootCertificates);
  });

  test("leave Node's own roots to Node where nothing adds to them", () => {
    expect(settingsOf(terms)).toEqual({});
  });
});
