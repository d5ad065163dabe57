import { describe, expect, it } from "vitest";
import { realNetwork } from "../../src/system/network.ts";
import { client, clientListener, passiveData, sickLogin } from "./fixture.ts";
import { type RawClient, read227, read229 } from "./raw-client.ts";

async function dial(port: number, ms = 1000): Promise<string> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ms);
  const answer = await realNetwork.connect({ address: "127.0.0.1", port }, { signal: limit.signal });
  clearTimeout(timer);
  if (!answer.ok) return answer.failure.outcome;
  answer.connection.close();
  return "connected";
}

/** Both offers of a session work: what readable oddities and other modes' faults leave alone. */
async function listsThrough(control: RawClient, port: number): Promise<void> {
  const data = await client({ address: "127.0.0.1", port });
  expect(await control.command("LIST")).toMatch(/^226 /m);
  expect(await data.untilEnd()).toMatch(/welcome\.txt/);
}

describe("addresses in 227", () => {
  it.each([
    ["private-address", "10.0.0.2"],
    ["private-address=192.168.7.8", "192.168.7.8"],
    ["zero-address", "0.0.0.0"],
    ["loopback-address", "127.0.1.1"],
    ["wrong-public-address", "203.0.113.99"],
    ["container-address", "172.17.0.2"],
  ])("%s, on a port that works at the right address", async (fault, address) => {
    const control = await sickLogin(fault);
    const offer = read227(await control.command("PASV"));
    expect(offer.address).toBe(address);
    await listsThrough(control, offer.port);
    await listsThrough(control, read229(await control.command("EPSV")));
  });

  it("wrong-port swaps the bytes", async () => {
    const control = await sickLogin("wrong-port", { passivePorts: { from: 0x9c41, to: 0x9c41 } });
    expect(read227(await control.command("PASV")).port).toBe(0x419c);
    expect(read229(await control.command("EPSV"))).toBe(0x419c);
  });
});

describe("passive ports", () => {
  it("passive-ports-closed", async () => {
    const control = await sickLogin("passive-ports-closed", { dataTimeoutMs: 50 });
    expect(await dial(read227(await control.command("PASV")).port)).toBe("refused");
    expect(await dial(read229(await control.command("EPSV")))).toBe("refused");
    expect(await control.command("LIST")).toMatch(/^425 /);
  });

  it.skipIf(process.platform === "win32")("passive-ports-silent: not even refused", async () => {
    const control = await sickLogin("passive-ports-silent", { dataTimeoutMs: 50 });
    const port = read229(await control.command("EPSV"));
    expect(await Promise.all([dial(port, 1500), dial(port, 1500)])).toEqual(["cancelled", "cancelled"]);
    expect(read227(await control.command("PASV")).port).toBe(port);
    expect(await control.command("LIST")).toMatch(/^425 /);
  });

  it("passive-ports-silent takes its port from whoever can make one", async () => {
    const closed: string[] = [];
    const openSilentPort = async (address: string) => ({ port: 4242, close: async () => void closed.push(address) });
    const control = await sickLogin("passive-ports-silent", { openSilentPort });
    expect(read229(await control.command("EPSV"))).toBe(4242);
    expect(closed).toEqual([]);
  });

  it("passive-ports-partly-closed", async () => {
    const control = await sickLogin("passive-ports-partly-closed");
    const outcomes: string[] = [];
    for (let n = 0; n < 4; n += 1) outcomes.push(await dial(read229(await control.command("EPSV"))));
    expect(outcomes).toEqual(["connected", "refused", "connected", "refused"]);
  });

  it.each([
    ["epsv-refused", "EPSV", /^502 /, "PASV"],
    ["epsv-refused=500 Unknown", "EPSV", /^500 Unknown/, "PASV"],
    ["epsv-refused-522", "EPSV", /^522 /, "PASV"],
    ["pasv-refused", "PASV", /^502 /, "EPSV"],
    ["pasv-refused=550 Permission denied.", "PASV", /^550 Permission denied\./, "EPSV"],
  ])("%s leaves the other alone", async (fault, refused, expected, works) => {
    const control = await sickLogin(fault);
    expect(await control.command(refused)).toMatch(expected);
    const offer = await control.command(works);
    await listsThrough(control, works === "PASV" ? read227(offer).port : read229(offer));
  });

  it.each([
    ["passive-refused", /^550 Permission denied\.\r\n/],
    ["passive-listen-failed", /^425 Can't open passive connection/],
  ])("%s", async (fault, expected) => {
    const control = await sickLogin(fault);
    expect(await control.command("PASV")).toMatch(expected);
    expect(await control.command("EPSV")).toMatch(expected);
    expect(await control.command("NOOP")).toMatch(/^200 /);
  });

  it("passive-address-invalid ends the session", async () => {
    const control = await sickLogin("passive-address-invalid");
    expect(await control.command("PASV")).toBe("500 OOPS: invalid pasv_address\r\n");
    await control.untilEnd();
  });

  it("pasv-unanswered", async () => {
    const control = await sickLogin("pasv-unanswered");
    await control.send("PASV\r\n");
    expect(await control.quiet(100)).toBe("");
    await listsThrough(control, read229(await control.command("EPSV")));
  });
});

describe("forms of 227 and 229", () => {
  it.each([
    ["pasv-numbers-missing", "PASV", /^227 .*\(127,0,0,1\)\r\n$/],
    ["pasv-numbers-out-of-range", "PASV", /^227 .*\(127,0,0,300,\d+,999\)\r\n$/],
    ["pasv-no-numbers", "PASV", /^227 Entering Passive Mode\r\n$/],
    ["pasv-no-parentheses", "PASV", /^227 [A-Za-z ]+ 127,0,0,1,\d+,\d+\r\n$/],
    ["pasv-two-lines", "PASV", /^227-.*\r\n227 \(127,0,0,1,\d+,\d+\)\r\n$/],
    ["pasv-spaces", "PASV", /^227 .*\( 127, 0, 0, 1, \d+, \d+ \)\r\n$/],
    ["epsv-no-port", "EPSV", /^229 .*\(\|\|\|\|\)\r\n$/],
    ["epsv-port-out-of-range", "EPSV", /^229 .*\(\|\|\|70000\|\)\r\n$/],
    ["epsv-other-delimiters", "EPSV", /^229 .*\(!!!\d+!\)\r\n$/],
  ])("%s", async (fault, command, form) => {
    const control = await sickLogin(fault);
    expect(await control.command(command)).toMatch(form);
  });

  it.each(["own", "vsftpd", "proftpd", "pure-ftpd"] as const)("bends the %s wording too", async (wording) => {
    const control = await sickLogin(["pasv-no-parentheses", "epsv-other-delimiters"], { wording });
    expect(await control.command("PASV")).toMatch(/^227 [A-Za-z ]+127,/);
    expect(await control.command("EPSV")).toMatch(/!!!\d+!/);
  });
});

describe("active mode", () => {
  async function ask(control: RawClient, verb: string, port: number): Promise<string> {
    return control.command(
      `${verb} ${verb === "PORT" ? `127,0,0,1,${port >> 8},${port & 255}` : `|1|127.0.0.1|${port}|`}`,
    );
  }

  it.each([
    ["active-refused", /^550 Permission denied\./, /^550 Permission denied\./],
    ["active-disabled", /^501 Active mode is disabled/, /^501 Active mode is disabled/],
    ["port-refused", /^502 /, /^200 /],
    ["eprt-refused", /^200 /, /^500 /],
    [
      "active-private-address",
      /^500 I won't open a connection to 127\.0\.0\.1 \(only to 203\.0\.113\.7\)/,
      /^500 I won't open a connection to 127\.0\.0\.1 \(only to 203\.0\.113\.7\)/,
    ],
  ])("%s", async (fault, port, eprt) => {
    const control = await sickLogin(fault);
    expect(await ask(control, "PORT", 50_321)).toMatch(port);
    expect(await ask(control, "EPRT", 50_321)).toMatch(eprt);
    expect(await (await passiveData(control)).quiet(1)).toBe("");
  });

  it("active-never-calls", async () => {
    const control = await sickLogin("active-never-calls=100");
    const listener = await clientListener();
    expect(await ask(control, "PORT", listener.local.port)).toMatch(/^200 PORT command successful/);
    const call = listener.accept(AbortSignal.timeout(300));
    expect(await control.command("LIST")).toBe("425 Failed to establish connection.\r\n");
    expect((await call).ok).toBe(false);
    await listsThrough(control, read229(await control.command("EPSV")));
  });

  it.skipIf(process.platform !== "linux")("active-calls-from-elsewhere", async () => {
    const control = await sickLogin("active-calls-from-elsewhere");
    const listener = await clientListener();
    await ask(control, "PORT", listener.local.port);
    const call = listener.accept(AbortSignal.timeout(3000));
    expect(await control.command("LIST")).toMatch(/^150 /);
    const answer = await call;
    expect(answer.ok && answer.connection.remote.address).toBe("127.0.0.2");
    if (answer.ok) answer.connection.close();
  });
});
