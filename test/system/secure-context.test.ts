import { rootCertificates, type SecureContextOptions } from "node:tls";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { secureContext } from "../../src/system/secure-context.ts";

const asked = vi.hoisted(() => ({ options: [] as SecureContextOptions[] }));
vi.mock("node:tls", async (original) => {
  const tls = await original<typeof import("node:tls")>();
  const createSecureContext = (options: SecureContextOptions) => {
    asked.options.push(options);
    return tls.createSecureContext(options);
  };
  return { ...tls, createSecureContext };
});

const BOTH = { from: "TLSv1.2", to: "TLSv1.3" } as const;
const OLD = { from: "TLSv1", to: "TLSv1" } as const;
const terms = { versions: null, weak: false, extraRoots: null };

// Whoever runs the tests may have set them.
beforeEach(() => {
  for (const name of ["NODE_EXTRA_CA_CERTS", "NODE_USE_SYSTEM_CA", "NODE_OPTIONS"]) vi.stubEnv(name, "");
});
afterEach(() => {
  vi.unstubAllEnvs();
  asked.options.splice(0);
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
    expect(asked.options).toHaveLength(4);
    expect(asked.options[1]).toMatchObject({ ciphers: "DEFAULT:@SECLEVEL=0", minVersion: "TLSv1.2" });
  });

  // Each with versions of its own, for what is known is not made anew.
  test.each([
    ["NODE_EXTRA_CA_CERTS", "/somewhere/roots.pem", "TLSv1.1"],
    ["NODE_USE_SYSTEM_CA", "1", "TLSv1.2"],
    ["NODE_OPTIONS", "--max-old-space-size=100 --use-openssl-ca", "TLSv1.3"],
  ] as const)("name Node's own roots one by one where %s adds others", (name, value, only) => {
    vi.stubEnv(name, value);
    secureContext({ ...terms, versions: { from: only, to: only } });
    expect(asked.options.map(({ ca }) => ca)).toEqual([rootCertificates]);
  });

  test("leave Node's own roots to Node where nothing adds to them", () => {
    secureContext({ ...terms, versions: { from: "TLSv1.1", to: "TLSv1.3" } });
    expect(asked.options).toHaveLength(1);
    expect(asked.options[0]).not.toHaveProperty("ca");
  });
});
