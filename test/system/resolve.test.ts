import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Family } from "../../src/model/endpoint.ts";
import { createResolve, type LookupSources } from "../../src/system/resolve.ts";

const NEVER = new AbortController().signal;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "resolve-"));
  await writeFile(join(folder, "hosts"), "192.0.2.1 ftp.example.com\n2001:db8::1 six\n");
  await writeFile(join(folder, "resolv.conf"), "search a.example b.example\n");
});
afterAll(() => rm(folder, { recursive: true }));

/** A lookup whose DNS answers from a table (addresses, or an error's code; not found where nothing is said), and what it was asked. */
function lookup(dns: Record<string, string[] | string>, system: string[] | string = "ENOTFOUND") {
  const asked: string[] = [];
  const answer = async (what: string[] | string): Promise<string[]> => {
    if (typeof what === "string") throw Object.assign(new Error(what), { code: what });
    return what;
  };
  const question = (family: Family) => (name: string) => {
    asked.push(name);
    return answer(dns[`${family} ${name}`] ?? "ENOTFOUND");
  };
  const sources: LookupSources = {
    hostsFile: join(folder, "hosts"),
    resolvConf: join(folder, "resolv.conf"),
    createResolver: () => ({ resolve4: question("ipv4"), resolve6: question("ipv6"), cancel: () => {} }),
    systemLookup: (name) => {
      asked.push(`system: ${name}`);
      return answer(system);
    },
  };
  return { resolve: createResolve(sources), asked };
}

describe("the name lookup", () => {
  it("takes the hosts file's word, and asks nobody else about the other family", async () => {
    const { resolve, asked } = lookup({ "ipv6 ftp.example.com": ["2001:db8::9"] });
    expect(await resolve("ftp.example.com.", "ipv4", NEVER)).toEqual({ ok: true, addresses: ["192.0.2.1"] });
    expect(await resolve("ftp.example.com", "ipv6", NEVER)).toMatchObject({ failure: { outcome: "not-found" } });
    expect(await resolve("six", "ipv6", NEVER)).toEqual({ ok: true, addresses: ["2001:db8::1"] });
    expect(asked).toEqual([]);
  });

  it("never asks anybody about localhost", async () => {
    const { resolve, asked } = lookup({});
    expect(await resolve("LocalHost", "ipv4", NEVER)).toEqual({ ok: true, addresses: ["127.0.0.1"] });
    expect(await resolve("notlocalhost", "ipv4", NEVER)).toMatchObject({ ok: false });
    expect(asked.filter((name) => name === "localhost")).toEqual([]);
  });

  it("tries the search domains for a name without a dot alone, the bare name last", async () => {
    const { resolve, asked } = lookup({ "ipv4 ftp.b.example": ["192.0.2.2"] });
    expect(await resolve("ftp", "ipv4", NEVER)).toEqual({ ok: true, addresses: ["192.0.2.2"] });
    await resolve("nas", "ipv4", NEVER);
    await resolve("nas.", "ipv4", NEVER);
    await resolve("www.nas", "ipv4", NEVER);
    expect(asked).toEqual([
      ...["ftp.a.example", "ftp.b.example"],
      ...["nas.a.example", "nas.b.example", "nas", "system: nas"],
      ...["nas", "system: nas"],
      ...["www.nas", "system: www.nas"],
    ]);
  });

  it("asks the system where the DNS has no such name or fails, for it may know more", async () => {
    for (const code of ["ENOTFOUND", "ESERVFAIL", "ECONNREFUSED"]) {
      const { resolve } = lookup({ "ipv6 printer.local": code }, ["fe80::5%eth0", "2001:db8::5", "2001:DB8::5"]);
      expect(await resolve("printer.local", "ipv6", NEVER)).toEqual({
        ok: true,
        addresses: ["fe80::5", "2001:db8::5"],
      });
    }
  });

  it("lets the DNS's answer stand where the system knows no more", async () => {
    const { resolve } = lookup({ "ipv4 a.b": "ESERVFAIL" }, "EAI_AGAIN");
    expect(await resolve("a.b", "ipv4", NEVER)).toMatchObject({
      failure: { outcome: "lookup-failed", code: "ESERVFAIL" },
    });
    expect(await resolve("c.d", "ipv4", NEVER)).toMatchObject({ failure: { outcome: "not-found", code: "ENOTFOUND" } });
  });

  it("asks no more where the DNS has the name, but no such record", async () => {
    const { resolve, asked } = lookup({ "ipv6 v4.example": "ENODATA" }, ["2001:db8::1"]);
    expect(await resolve("v4.example", "ipv6", NEVER)).toMatchObject({
      failure: { outcome: "not-found", code: "ENODATA" },
    });
    expect(asked).toEqual(["v4.example"]);
  });

  it("can be ended while the system's lookup, which cannot, is under way", async () => {
    const stop = new AbortController();
    const resolve = createResolve({
      hostsFile: join(folder, "hosts"),
      createResolver: () => ({
        resolve4: () => Promise.reject(new Error("down")),
        resolve6: () => Promise.reject(new Error("down")),
        cancel: () => {},
      }),
      systemLookup: () => {
        setImmediate(() => stop.abort("user"));
        return new Promise(() => {});
      },
    });
    expect(await resolve("a.b", "ipv4", stop.signal)).toMatchObject({ failure: { outcome: "cancelled" } });
  });
});
