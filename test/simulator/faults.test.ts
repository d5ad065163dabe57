import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { simulatorFaults } from "../../src/simulator/faults/index.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { realClock } from "../../src/system/clock.ts";
import { realNetwork } from "../../src/system/network.ts";
import { sick, sickLogin, simulator } from "./fixture.ts";

const start = (fault: string | string[]) => startSimulator({ network: realNetwork, clock: realClock, fault });

describe("the list of faults", () => {
  it("names each once, in one line, in kebab-case", () => {
    const names = simulatorFaults.map((fault) => fault.name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, description, finding } of simulatorFaults) {
      expect(name).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(description).toMatch(/^[\x20-\x7e]{10,160}[^.]$/);
      if (finding !== null)
        expect(finding).toMatch(/^(ctl|reply|srv|auth|tls|pasv|epsv|alg|port|eprt|data|path)-[a-z0-9-]+$/);
    }
  });

  it("has a test of the wire behaviour for each", () => {
    const tests = readdirSync(import.meta.dirname)
      .filter((file) => file.startsWith("faults-"))
      .map((file) => readFileSync(`${import.meta.dirname}/${file}`, "utf8"))
      .join("");
    expect(
      simulatorFaults.map(({ name }) => name).filter((name) => !new RegExp(`["'\`]${name}[^a-z-]`).test(tests)),
    ).toEqual([]);
  });

  it("starts with every fault, whose default value therefore is a good one", async () => {
    for (const { name } of simulatorFaults) expect((await simulator({ fault: name })).fault).toBe(name);
  });
});

describe("choosing faults", () => {
  it.each([
    ["nonsense", "unknown fault: nonsense"],
    ["no-greeting=5", "the fault no-greeting takes no value"],
    ["slow-greeting=soon", "the fault slow-greeting needs a number of milliseconds, not: soon"],
    ["private-address=10.0.0", "the fault private-address needs an IPv4 address, not: 10.0.0"],
    ["closes-at=list", "the fault closes-at needs FTP commands in capitals with commas between, not: list"],
    ["login-refused=no", "the fault login-refused needs the text of a reply, code first, not: no"],
    ["connection-limit=x", "the fault connection-limit needs a number, not: x"],
    ["tls-required=nobody", /^the fault tls-required needs one of vsftpd, /],
  ])("says in one line what is wrong with %s", async (fault, message) => {
    await expect(start(fault)).rejects.toThrow(message);
  });

  it("says so when the port cannot be had", async () => {
    const { port } = (await simulator()).endpoint;
    await expect(startSimulator({ network: realNetwork, clock: realClock, port })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}: `,
    );
  });

  it("takes several faults at once", async () => {
    const control = await sickLogin(["private-address", "epsv-refused", "lf-only"]);
    expect(await control.command("PASV")).toMatch(/\(10,0,0,2,\d+,\d+\)\n$/);
    expect(await control.command("EPSV")).toBe("502 Command not implemented\n");
    expect((await simulator({ fault: ["zero-address", "slow-greeting=1"] })).fault).toBe("zero-address+slow-greeting");
    expect((await simulator()).fault).toBe(null);
  });

  it("borrows the words of the product a fault belongs to, unless told otherwise", async () => {
    expect(await (await sick("writable-chroot")).until(/\n/)).toBe("220 (vsFTPd 3.0.3)\r\n");
    expect(await (await sick("tls-required=pure-ftpd")).until(/\n/)).toMatch(/^220-+ Welcome to Pure-FTPd /);
    expect(await (await sick("writable-chroot", { wording: "own" })).until(/\n/)).toMatch(/^220 ftp-doctor/);
  });
});
