import { describe, expect, it } from "vitest";
import { realNetwork } from "../../src/system/network.ts";
import { client, clientListener, passiveData, simulator } from "./fixture.ts";
import { read227, read229 } from "./raw-client.ts";

async function loggedIn() {
  const control = await client((await simulator()).endpoint);
  await control.login();
  return control;
}

describe("a healthy simulator", () => {
  it("greets in its own words and lets the account and anonymous in", async () => {
    const { endpoint } = await simulator();
    const control = await client(endpoint);
    expect(await control.until(/\n/)).toBe("220 ftp-doctor simulator ready\r\n");
    expect(await control.command("PWD")).toMatch(/^530 /);
    expect(await control.command("PASS demo")).toMatch(/^503 /);
    expect(await control.command("USER demo")).toMatch(/^331 /);
    expect(await control.command("PASS wrong")).toMatch(/^530 /);
    expect(await control.command("USER demo")).toMatch(/^331 /);
    expect(await control.command("PASS demo")).toMatch(/^230 /);
    expect(await control.command("PWD")).toMatch(/^257 "\/"/);
    const other = await client(endpoint);
    expect(await other.login("anonymous", "me@example.com")).toMatch(/^230 /);
    expect(await other.command("QUIT")).toMatch(/^221 /);
    await other.untilEnd();
    expect(other.ended).toBe("end");
  });

  it("answers the questions about itself", async () => {
    const control = await loggedIn();
    expect(await control.command("SYST")).toBe("215 UNIX Type: L8\r\n");
    expect(await control.command("FEAT")).toMatch(/^211-[\s\S]*\r\n EPSV\r\n[\s\S]*^211 /m);
    expect(await control.command("HELP")).toMatch(/^214-[\s\S]*^214 /m);
    expect(await control.command("NOOP")).toMatch(/^200 /);
    expect(await control.command("STAT")).toMatch(/^211-[\s\S]*^211 /m);
    expect(await control.command("STAT /pub")).toMatch(/^213-[\s\S]*megabyte\.bin[\s\S]*^213 /m);
    expect(await control.command("OPTS UTF8 ON")).toMatch(/^200 /);
    expect(await control.command("AUTH TLS")).toMatch(/^502 /);
    expect(await control.command("ACCT x")).toMatch(/^202 /);
    expect(await control.command("MODE S")).toMatch(/^200 /);
    expect(await control.command("MODE B")).toMatch(/^504 /);
    expect(await control.command("STRU F")).toMatch(/^200 /);
    expect(await control.command("XYZZY")).toMatch(/^500 /);
    expect(await control.command("STOR x")).toMatch(/^550 /);
    expect(await control.command("ABOR")).toMatch(/^225 /);
  });

  it("walks its tree and never leaves it", async () => {
    const control = await loggedIn();
    expect(await control.command("CWD pub")).toMatch(/^250 /);
    expect(await control.command("SIZE megabyte.bin")).toBe("213 1048576\r\n");
    expect(await control.command("MDTM readme.txt")).toBe("213 20240115123000\r\n");
    expect(await control.command("CWD nowhere")).toMatch(/^550 /);
    expect(await control.command("CDUP")).toMatch(/^250 /);
    expect(await control.command("CWD ../../../pub/../empty")).toMatch(/^250 /);
    expect(await control.command("PWD")).toMatch(/"\/empty"/);
    expect(await control.command("SIZE /pub")).toMatch(/^550 /);
  });

  it.each(["PASV", "EPSV", "EPSV 1"])("lists through %s", async (offer) => {
    const control = await loggedIn();
    const reply = await control.command(offer);
    const port = offer === "PASV" ? read227(reply).port : read229(reply);
    if (offer === "PASV") expect(read227(reply).address).toBe("127.0.0.1");
    const data = await client({ address: "127.0.0.1", port });
    const replies = await control.command("LIST -a");
    expect(replies).toMatch(/^150 .*\r\n226 .*\r\n$/);
    const text = await data.untilEnd();
    expect(text).toMatch(/^dr-xr-xr-x .* empty\r\n/);
    expect(text).toMatch(/ 66 Jan 15 {2}2024 welcome\.txt\r\n$/);
    expect(data.ended).toBe("end");
  });

  it.each(["PORT", "EPRT"])("calls back after %s, from a port above 1023", async (verb) => {
    const control = await loggedIn();
    const listener = await clientListener();
    const { port } = listener.local;
    const argument = verb === "PORT" ? `127,0,0,1,${port >> 8},${port & 255}` : `|1|127.0.0.1|${port}|`;
    expect(await control.command(`${verb} ${argument}`)).toMatch(/^200 /);
    const call = listener.accept(AbortSignal.timeout(3000));
    expect(await control.command("NLST")).toMatch(/^150 .*\r\n226 /);
    const answer = await call;
    if (!answer.ok) throw new Error("nobody called");
    expect(answer.connection.remote.address).toBe("127.0.0.1");
    expect(answer.connection.remote.port).toBeGreaterThan(1023);
    const read = await answer.connection.read(AbortSignal.timeout(3000));
    expect(read.kind === "data" && Buffer.from(read.bytes).toString()).toBe("empty\r\npub\r\nwelcome.txt\r\n");
    answer.connection.close();
  });

  it("refuses to call others, and low ports", async () => {
    const control = await loggedIn();
    expect(await control.command("PORT 10,0,0,9,200,1")).toBe("500 Illegal PORT command\r\n");
    expect(await control.command("PORT 127,0,0,1,0,25")).toMatch(/^500 /);
    expect(await control.command("EPRT |1|192.0.2.1|5000|")).toMatch(/^500 /);
    expect(await control.command("EPRT |2|::1|5000|")).toMatch(/^522 /);
    expect(await control.command("EPRT |3|x|5000|")).toMatch(/^522 /);
    expect(await control.command("EPRT nonsense")).toMatch(/^501 /);
    expect(await control.command("PORT 1,2,3")).toMatch(/^501 /);
    expect(await control.command("EPSV 2")).toMatch(/^522 /);
    expect(await control.command("LIST")).toMatch(/^425 /);
  });

  it("keeps to EPSV ALL", async () => {
    const control = await loggedIn();
    expect(await control.command("EPSV ALL")).toMatch(/^200 /);
    expect(await control.command("PASV")).toMatch(/^503 /);
    expect(await control.command("PORT 127,0,0,1,200,1")).toMatch(/^503 /);
    expect(await control.command("EPSV")).toMatch(/^229 /);
  });

  it("sends a megabyte whole", async () => {
    const control = await loggedIn();
    expect(await control.command("TYPE I")).toMatch(/^200 /);
    const data = await passiveData(control);
    await control.send("RETR /pub/megabyte.bin\r\n");
    const whole = await data.untilEnd();
    expect(whole.length).toBe(1024 * 1024);
    expect(whole.charCodeAt(511)).toBe(255);
    await control.until(/^226 /m);
  });

  it("honours REST and TYPE A", async () => {
    const control = await loggedIn();
    await control.command("TYPE I");
    await control.send("REST 37\r\n");
    await control.until(/^350 [^\n]*\n/m);
    let data = await passiveData(control);
    await control.command("RETR welcome.txt");
    expect(await data.untilEnd()).toBe("Nothing here can be changed.\n");
    await control.command("TYPE A");
    data = await passiveData(control);
    await control.command("RETR welcome.txt");
    expect(await data.untilEnd()).toMatch(/simulator\.\r\nNothing/);
    data = await passiveData(control);
    await control.command("MLSD");
    expect(await data.untilEnd()).toMatch(/^type=file;size=66;modify=20240115123000;perm=r; welcome\.txt\r\n/m);
    expect(await control.command("RETR nothing")).toMatch(/^550 /);
  });

  it("stops a transfer at ABOR and goes on", async () => {
    const control = await client((await simulator({ fault: "endless-listing" })).endpoint);
    await control.login();
    const data = await passiveData(control);
    await control.send("LIST\r\n");
    await control.until(/^150 /);
    await data.until(/again\.txt/);
    await control.send("\xff\xf4\xff\xf2ABOR\r\n");
    expect(await control.until(/^226 /m)).toMatch(/^426 .*\r\n226 /);
    expect(await control.command("NOOP")).toMatch(/^200 /m);
  });

  it("gives up waiting for a data connection", async () => {
    const control = await client((await simulator({ dataTimeoutMs: 50 })).endpoint);
    await control.login();
    await control.command("EPSV");
    expect(await control.command("LIST")).toBe("425 No data connection: Connection timed out\r\n");
    const listener = await clientListener();
    const { port } = listener.local;
    listener.close();
    await control.command(`PORT 127,0,0,1,${port >> 8},${port & 255}`);
    expect(await control.command("LIST")).toBe("425 No data connection: Connection refused\r\n");
  });

  it("refuses data connections of strangers", async () => {
    const control = await loggedIn();
    const port = read229(await control.command("EPSV"));
    const stranger = await realNetwork.connect(
      { address: "127.0.0.1", port },
      { signal: AbortSignal.timeout(3000), localAddress: "127.0.0.3" },
    );
    expect(stranger.ok).toBe(true);
    expect(await control.command("LIST")).toMatch(/^425 .*stranger/);
    if (stranger.ok) stranger.connection.close();
  });

  it("takes ports from the range given and names the public address given", async () => {
    const passivePorts = { from: 42_000, to: 42_200 };
    const control = await client((await simulator({ passivePorts, publicAddress: "203.0.113.5" })).endpoint);
    await control.login();
    const offered = new Set<number>();
    for (let n = 0; n < 5; n += 1) {
      const { address, port } = read227(await control.command("PASV"));
      expect(address).toBe("203.0.113.5");
      expect(port).toBeGreaterThanOrEqual(42_000);
      expect(port).toBeLessThanOrEqual(42_200);
      offered.add(port);
    }
    expect(offered.size).toBe(5);
  });

  it("speaks over IPv6, where only EPSV and EPRT |2| can be used", async () => {
    const started = await simulator({ host: "::1" });
    const control = await client(started.endpoint);
    await control.login();
    expect(await control.command("PASV")).toMatch(/^425 /);
    expect(await control.command("EPSV 1")).toMatch(/^522 .*\(2\)/);
    const data = await client({ address: "::1", port: read229(await control.command("EPSV")) });
    expect(await control.command("LIST")).toMatch(/^150 .*\r\n226 /);
    expect(await data.untilEnd()).toMatch(/welcome\.txt/);
    expect(await control.command("EPRT |1|127.0.0.1|5000|")).toMatch(/^522 .*\(2\)/);
    expect(await control.command("EPRT |2|::1|5000|")).toMatch(/^200 /);
  });

  it("keeps its connections apart and its secrets to itself", async () => {
    const started = await simulator();
    const one = await client(started.endpoint);
    const two = await client(started.endpoint);
    await one.login();
    await one.command("CWD pub");
    await two.until(/\n/);
    expect(await two.command("PWD")).toMatch(/^530 /);
    await two.command("USER demo");
    await two.command("PASS s3cret");
    expect(started.connections).toBe(2);
    expect(started.log).toContainEqual({ connection: 1, line: "CWD pub" });
    expect(started.log).toContainEqual({ connection: 2, line: "PASS ***" });
    expect(JSON.stringify(started.log)).not.toContain("s3cret");
  });

  it("bounds what a client may send", async () => {
    const control = await loggedIn();
    await control.send(`NOOP ${"x".repeat(20_000)}`);
    await control.send("x".repeat(20_000));
    await control.send("\r\nNOOP\r\n");
    expect(await control.until(/^200 [^\n]*\n/m)).toMatch(/^500 Line too long\r\n200 /);
    await control.send("NOOP\r\n".repeat(40));
    await control.until(/(200 Still here\r\n){40}/);
  });

  it("answers a client that ends its side after its commands", async () => {
    const control = await client((await simulator()).endpoint);
    await control.send("USER demo\r\nPASS demo\r\nPWD\r\n");
    control.finish();
    expect(await control.untilEnd()).toMatch(/^220 .*\r\n331 .*\r\n230 .*\r\n257 /);
  });

  it("stops in the middle of everything", async () => {
    const started = await simulator({ fault: "endless-line" });
    const control = await client(started.endpoint);
    await control.until(/x{1000}/);
    await started.stop();
    const again = await realNetwork.connect(started.endpoint, { signal: AbortSignal.timeout(1000) });
    expect(again.ok).toBe(false);
  });
});
