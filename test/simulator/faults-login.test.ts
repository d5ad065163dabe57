import { describe, expect, it } from "vitest";
import { TLS_DEMANDERS } from "../../src/simulator/faults/login.ts";
import { sick } from "./fixture.ts";

/** Reply to the whole login, and whether the server hangs up. */
const LOGINS: readonly [fault: string, at: "USER" | "PASS", reply: RegExp, closes: boolean][] = [
  ["login-refused", "PASS", /^530 Login incorrect\.\r\n/, false],
  ["login-refused=530 User cannot log in.", "PASS", /^530 User cannot log in\.\r\n/, false],
  ["user-refused", "USER", /^530 Permission denied\.\r\n/, false],
  ["needs-account", "PASS", /^332 /, false],
  ["writable-chroot", "PASS", /^500 OOPS: vsftpd: refusing to run with writable root inside chroot\(\)\r\n/, true],
  ["home-missing", "PASS", /^500 OOPS: cannot change directory:/, true],
  ["session-crash", "PASS", /^500 OOPS: child died\r\n/, true],
  ["hostile-login-refusal", "PASS", /^530-[\s\S]*\x1b[\s\S]*^530 /m, false],
  ["tls-required", "USER", /^530 Non-anonymous sessions must use encryption\.\r\n/, true],
  ["tls-required=proftpd", "USER", /^550 SSL\/TLS required on the control channel\r\n/, false],
  ["tls-required=pure-ftpd", "USER", /^421 Sorry, cleartext sessions/, true],
  ["tls-required=iis", "USER", /^534 Policy requires SSL\.\r\n/, false],
  ["tls-required=filezilla", "USER", /^503 Use AUTH first\.\r\n/, false],
  ["tls-required=filezilla-0.9", "USER", /^530 This server does not allow plain FTP\./, false],
  ["tls-required=cerberus", "USER", /^521 /, false],
  ["tls-required=aws-transfer", "USER", /^534 TLS required/, false],
  ["tls-required=globalscape", "PASS", /^530 SSL is required/, false],
];

describe("logins", () => {
  it.each(LOGINS)("%s", async (fault, at, expected, closes) => {
    const control = await sick(fault);
    await control.until(/^220 [^\n]*\n/m);
    const first = await control.command("USER demo");
    const last = at === "USER" ? first : await control.command("PASS demo");
    expect(last).toMatch(expected);
    if (closes) {
      await control.untilEnd();
      expect(control.ended).toBe("end");
    } else {
      expect(await control.command("PWD")).toMatch(/^530 /m);
      expect(await control.command("QUIT")).toMatch(/^221/);
    }
  });

  it("knows the words of every product that it names", () => {
    for (const product of TLS_DEMANDERS.filter((name) => name !== "vsftpd")) {
      expect(LOGINS.map(([fault]) => fault)).toContain(`tls-required=${product}`);
    }
  });

  it("needs-account refuses ACCT as well", async () => {
    const control = await sick("needs-account");
    await control.login();
    expect(await control.command("ACCT x")).toMatch(/^332 /);
  });

  it("no-anonymous lets the account in", async () => {
    const control = await sick("no-anonymous");
    await control.until(/\n/);
    expect(await control.command("USER anonymous")).toMatch(/^530 .*No anonymous/);
    expect(await control.command("USER demo")).toMatch(/^331 /);
    expect(await control.command("PASS demo")).toMatch(/^230 /);
  });

  it("slow-login, by the time asked for", async () => {
    const control = await sick("slow-login=200");
    await control.until(/\n/);
    await control.command("USER demo");
    await control.send("PASS demo\r\n");
    expect(await control.quiet(80)).toBe("");
    expect(await control.until(/\n/)).toMatch(/^230 /);
  });
});
