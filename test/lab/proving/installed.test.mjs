import { describe, expect, it } from "vitest";
import { settingsOf } from "./installed.mjs";

describe("Pure-FTPd's flags", () => {
  it("are settings by name, with and without a value", () => {
    expect(settingsOf(["pure-ftpd", "-p", "40000:40050", "-H", "-e", "-C", "1"])).toEqual({
      PassivePortRange: "40000 40050",
      DontResolve: "yes",
      AnonymousOnly: "yes",
      MaxClientsPerIP: "1",
    });
  });

  it("may have a value that begins with a dash", () => {
    expect(settingsOf(["pure-ftpd", "-J", "-C:HIGH", "-H"])).toEqual({ TLSCipherSuite: "-C:HIGH", DontResolve: "yes" });
  });

  it("are told where no file has a name for them", () => {
    expect(() => settingsOf(["pure-ftpd", "-Z"])).toThrow("-Z");
  });
});
