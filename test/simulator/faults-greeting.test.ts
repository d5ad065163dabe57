import { describe, expect, it } from "vitest";
import { client, sick, simulator } from "./fixture.ts";

/** What the whole of a greeting is when the server then hangs up. */
const REFUSALS: readonly [fault: string, greeting: RegExp, ended: "end" | "reset"][] = [
  ["too-many-clients", /^421 There are too many connected users, please try later\.\r\n$/, "end"],
  ["too-many-from-address", /^421 There are too many connections from your internet address\.\r\n$/, "end"],
  [
    "too-many-from-address=421 Too many connections (8) from this IP",
    /^421 Too many connections \(8\) from this IP\r\n$/,
    "end",
  ],
  ["banned", /^550 No connections allowed from your IP\r\n$/, "end"],
  ["closes-at-once", /^$/, "end"],
  ["half-greeting-closes", /^220 ftp-doc$/, "end"],
  ["speaks-http", /^HTTP\/1\.1 408 /, "end"],
  ["no-codes", /^Hello there,\r\nthis is no reply\.\r\n$/, "end"],
];

/** What comes of a greeting when nothing more does, and the connection stays. */
const SILENCES: readonly [fault: string, greeting: RegExp][] = [
  ["no-greeting", /^$/],
  ["half-greeting", /^220 ftp-doc$/],
  ["unfinished-greeting", /^220-Welcome\r\n220-to this server\r\n$/],
  ["speaks-ssh", /^SSH-2\.0-OpenSSH\S* .*\r\n$/],
  ["speaks-imap", /^\* OK .*\r\n$/],
  ["speaks-smtp", /^220 mail\.example\.com ESMTP Postfix\r\n$/],
  ["speaks-tls", /^$/],
  ["garbage", /^[\x80-\xff]{2048}$/],
  ["nul-greeting", /^\0{512}$/],
];

describe("greetings", () => {
  it.each(REFUSALS)("%s", async (fault, greeting, ended) => {
    const control = await sick(fault);
    expect(await control.untilEnd()).toMatch(greeting);
    expect(control.ended).toBe(ended);
  });

  it("resets-at-once", async () => {
    const { endpoint } = await simulator({ fault: "resets-at-once" });
    // The reset can come before Node has told that the connection is there.
    const end = await client(endpoint).then(
      async (control) => (await control.untilEnd()) + control.ended,
      (error: Error) => error.message,
    );
    expect(end).toMatch(/^reset$|ECONNRESET/);
  });

  it.each(SILENCES)("%s", async (fault, greeting) => {
    const control = await sick(fault);
    expect(await control.quiet(150)).toMatch(greeting);
    expect(control.ended).toBe(null);
  });

  it("slow-greeting, by the time asked for", async () => {
    const control = await sick("slow-greeting=300");
    expect(await control.quiet(150)).toBe("");
    expect(await control.until(/\n/)).toMatch(/^220 /);
    expect(await control.command("USER demo")).toMatch(/^331 /);
  });

  it("busy-greeting", async () => {
    const control = await sick("busy-greeting=50");
    expect(await control.until(/^220 /m)).toMatch(/^120 .*\r\n220 /);
    expect(await control.command("USER demo")).toMatch(/^331 /);
  });

  it("long-greeting", async () => {
    const control = await sick("long-greeting");
    expect(await control.until(/^220 [^\n]*\n/m)).toMatch(/^(220-.*\r\n){29}220 .*\r\n$/);
    expect(await control.command("USER demo")).toMatch(/^331 /);
  });

  it("connection-limit counts what is open at once", async () => {
    const { endpoint } = await simulator({ fault: "connection-limit=2" });
    const first = await client(endpoint);
    await first.until(/^220 /);
    await (await client(endpoint)).until(/^220 /);
    await (await client(endpoint)).until(/^421 There are too many connections from/);
    await first.command("QUIT");
    await first.untilEnd();
    first.close();
    await expect
      .poll(async () => (await client(endpoint)).until(/\n/), { interval: 20, timeout: 3000 })
      .toMatch(/^220 /);
  });

  it("connections-run-out counts what ever came", async () => {
    const { endpoint } = await simulator({ fault: "connections-run-out" });
    const first = await client(endpoint);
    await first.command("QUIT");
    await first.untilEnd();
    await (await client(endpoint)).until(/^421 There are too many connected users/);
  });

  it("speaks-tls answers any bytes with a TLS alert", async () => {
    const control = await sick("speaks-tls");
    await control.send("\x16\x03\x01");
    expect(await control.untilEnd()).toBe("\x15\x03\x03\x00\x02\x02\x28");
  });

  it("speaks-smtp knows no USER", async () => {
    const control = await sick("speaks-smtp");
    await control.until(/^220 /);
    expect(await control.command("USER demo")).toMatch(/^502 5\.5\.2 /);
  });

  it("long-line", async () => {
    expect(await (await sick("long-line")).until(/\n/)).toMatch(/^220 x{100000}\r\n$/);
  });

  it("long-reply", async () => {
    expect((await (await sick("long-reply")).until(/^220 ready\r\n/m)).length).toBeGreaterThan(300_000);
  });

  it.each([
    ["endless-line", /^220 x+$/],
    ["endless-reply", /^(220-and another line\r\n)+/],
    ["endless-replies", /^(220 ready\r\n)+/],
  ])("%s goes on while it is read", async (fault, shape) => {
    const control = await sick(fault);
    const text = await control.quiet(60_000);
    expect(text.length).toBeGreaterThan(4_000_000);
    expect(text.slice(0, 1000)).toMatch(shape);
  });

  it("banner-of-replies", async () => {
    const control = await sick("banner-of-replies");
    expect(await control.until(/please/)).toBe("220 Welcome\r\n220 to this server\r\n220 please log in\r\n");
    expect(await control.command("USER demo")).toMatch(/^331 /);
  });

  it("hostile-greeting is one well-formed reply", async () => {
    const control = await sick("hostile-greeting");
    const text = await control.until(/^220 ready\r\n/m);
    for (const part of ["\x1b[2J", "\0", "<script>", "=cmd|", "::error", "\xff\xfe"]) expect(text).toContain(part);
    expect(await control.command("USER demo")).toMatch(/^331 /);
  });
});
