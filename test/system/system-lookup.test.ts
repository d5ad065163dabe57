import { describe, expect, it } from "vitest";
import { systemLookup } from "../../src/system/system-lookup.ts";

const never = new AbortController().signal;

describe("the system's own lookup", () => {
  it("gives the addresses of the family asked for", async () => {
    expect(await systemLookup("127.0.0.1", "ipv4", never)).toEqual(["127.0.0.1"]);
    expect(await systemLookup("::1", "ipv6", never)).toEqual(["::1"]);
  });

  it("rejects where there is none, and takes no name for an option", async () => {
    await expect(systemLookup("--version", "ipv4", never)).rejects.toThrow();
  });

  it("ends with the signal", async () => {
    const stop = new AbortController();
    const answer = systemLookup("127.0.0.1", "ipv4", stop.signal);
    stop.abort("user");
    await expect(answer).rejects.toThrow();
  });
});
