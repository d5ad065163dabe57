import { describe, expect, it } from "vitest";
import { passiveData, sick, sickLogin } from "./fixture.ts";

describe("conversations", () => {
  it("split-replies: byte by byte", async () => {
    const control = await sick("split-replies");
    expect(await control.until(/\n/)).toMatch(/^220 .*\r\n$/);
    expect(control.pieces.length).toBeGreaterThan(10);
  });

  it("glued-replies: 150 and 226 in one piece", async () => {
    const control = await sickLogin("glued-replies");
    const data = await passiveData(control);
    const before = control.pieces.length;
    await control.send("LIST\r\n");
    expect(await data.untilEnd()).toMatch(/welcome/);
    expect(await control.until(/^226 [^\n]*\n/m)).toMatch(/^150 .*\r\n226 .*\r\n$/);
    expect(control.pieces.length).toBe(before + 1);
  });

  it("lf-only", async () => {
    const control = await sickLogin("lf-only");
    expect(await control.command("FEAT")).toMatch(/^211-[^\r]*^211 [^\r]*$/m);
  });

  it("no-space-after-code", async () => {
    const control = await sick("no-space-after-code");
    expect(await control.until(/\n/)).toBe("220ftp-doctor simulator ready\r\n");
  });

  it("slow-replies, by the time asked for", async () => {
    const control = await sick("slow-replies=200");
    await control.until(/^220 /);
    await control.send("NOOP\r\n");
    await control.quiet(80);
    expect(await control.until(/\n/)).toMatch(/^200 /);
  });

  it("early-reply: the answer to USER is there before USER", async () => {
    const control = await sick("early-reply");
    expect(await control.until(/^331 [^\n]*\n/m)).toMatch(/^220 .*\r\n331 .*\r\n$/);
    await control.send("USER demo\r\n");
    expect(await control.quiet(80)).toBe("");
    expect(await control.command("PASS demo")).toMatch(/^230 /);
  });

  it("extra-replies: every final reply twice", async () => {
    const control = await sickLogin("extra-replies");
    await control.send("NOOP\r\n");
    expect(await control.quiet(80)).toMatch(/^(230 .*\r\n)?(200 .*\r\n){2}$/);
  });

  it("off-by-one: one more reply than commands", async () => {
    const control = await sick("off-by-one");
    await control.send("USER demo\r\nPASS demo\r\nPWD\r\n");
    expect(await control.quiet(100)).toMatch(/^220 .*\r\n331 .*\r\n230 .*\r\n200 .*\r\n257 .*\r\n$/);
  });

  it("half-reply", async () => {
    const control = await sick("half-reply");
    await control.until(/\n/);
    await control.command("USER demo");
    await control.send("PASS demo\r\nNOOP\r\n");
    expect(await control.quiet(100)).toMatch(/^230 [^\r\n]+$/);
    expect(control.ended).toBe(null);
  });

  it("half-reply-closes, at the command asked for", async () => {
    const control = await sickLogin("half-reply-closes=PASV");
    await control.send("PASV\r\n");
    expect(await control.untilEnd()).toMatch(/^227 [^\r\n]+$/);
  });

  it("unanswered", async () => {
    const control = await sickLogin("unanswered=NOOP,PWD");
    await control.send("NOOP\r\nPWD\r\n");
    expect(await control.quiet(80)).toBe("");
    expect(await control.command("SYST")).toMatch(/^215 /);
  });

  it.each([
    ["closes-at", "EPSV", "end"],
    ["closes-at=LIST", "LIST", "end"],
    ["resets-at", "PASV", "reset"],
  ])("%s", async (fault, command, ended) => {
    const control = await sickLogin(fault);
    expect(await control.command("NOOP")).toMatch(/^200 /);
    await control.send(`${command}\r\n`);
    expect(await control.untilEnd()).toBe("");
    expect(control.ended).toBe(ended);
  });

  it("feat-refused", async () => {
    const control = await sickLogin("feat-refused");
    expect(await control.command("FEAT")).toMatch(/^500 /);
  });

  it("auth-listed-only", async () => {
    const control = await sickLogin("auth-listed-only", { wording: "proftpd" });
    expect(await control.command("FEAT")).toMatch(/^211-Features:\r\n AUTH TLS\r\n CLNT\r\n/);
    expect(await control.command("AUTH TLS")).toMatch(/^500 /);
  });

  it("hostile-replies leave 227 and 229 readable", async () => {
    const control = await sick("hostile-replies");
    await control.until(/^220 [^\n]*\n/m);
    await control.command("USER demo");
    expect(await control.command("PASS demo")).toMatch(/^230-[\s\S]*\x1b\[2J[\s\S]*^230 /m);
    expect(await control.command("EPSV")).toMatch(/^229 /);
  });
});
