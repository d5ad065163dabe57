import { expect, it } from "vitest";
import type { WordingName } from "../../src/simulator/wordings/index.ts";
import { client, passiveData, simulator } from "./fixture.ts";

const DIALOGUES: Record<
  WordingName,
  { greeting: RegExp; login: RegExp; pasv: RegExp; epsv: RegExp; list: RegExp; bad: RegExp; feat: RegExp }
> = {
  own: {
    greeting: /^220 ftp-doctor simulator ready\r\n$/,
    login: /^331 Send the password for demo\r\n230 demo is logged in\r\n$/,
    pasv: /^227 Passive mode \([\d,]+\)\r\n$/,
    epsv: /^229 Extended passive mode \(\|\|\|\d+\|\)\r\n$/,
    list: /^150 Listing follows\r\n226 Listing sent\r\n$/,
    bad: /^500 XYZZY is not known here\r\n$/,
    feat: /^211-Supported:/,
  },
  vsftpd: {
    greeting: /^220 \(vsFTPd 3\.0\.3\)\r\n$/,
    login: /^331 Please specify the password\.\r\n230 Login successful\.\r\n$/,
    pasv: /^227 Entering Passive Mode \([\d,]+\)\.\r\n$/,
    epsv: /^229 Entering Extended Passive Mode \(\|\|\|\d+\|\)\.\r\n$/,
    list: /^150 Here comes the directory listing\.\r\n226 Directory send OK\.\r\n$/,
    bad: /^500 Unknown command\.\r\n$/,
    feat: /^211-Features:\r\n EPRT\r\n EPSV\r\n MDTM\r\n PASV\r\n REST STREAM\r\n SIZE\r\n TVFS\r\n211 End\r\n$/,
  },
  proftpd: {
    greeting: /^220 ProFTPD Server \(Debian\) \[127\.0\.0\.1\]\r\n$/,
    login: /^331 Password required for demo\r\n230 User demo logged in\r\n$/,
    pasv: /^227 Entering Passive Mode \([\d,]+\)\.\r\n$/,
    epsv: /^229 Entering Extended Passive Mode \(\|\|\|\d+\|\)\r\n$/,
    list: /^150 Opening ASCII mode data connection for file list\r\n226 Transfer complete\r\n$/,
    bad: /^500 XYZZY not understood\r\n$/,
    feat: /^211-Features:[\s\S]* MFF [\s\S]* SITE MKDIR[\s\S]*211 End\r\n$/,
  },
  "pure-ftpd": {
    greeting:
      /^220---------- Welcome to Pure-FTPd [\s\S]*\r\n220 You will be disconnected after 15 minutes of inactivity\.\r\n$/,
    login: /^331 User demo OK\. Password required\r\n230 OK\. Current directory is \/\r\n$/,
    pasv: /^227 Entering Passive Mode \([\d,]+\)\r\n$/,
    epsv: /^229 Extended Passive mode OK \(\|\|\|\d+\|\)\r\n$/,
    list: /^150 Accepted data connection\r\n226-Options: -a -l \r\n226 3 matches total\r\n$/,
    bad: /^500 Unknown command\r\n$/,
    feat: /^211-Extensions supported:[\s\S]* ESTA\r\n[\s\S]*211 End\.\r\n$/,
  },
};

it.each(Object.entries(DIALOGUES))("speaks as %s", async (name, expected) => {
  const control = await client((await simulator({ wording: name as WordingName })).endpoint);
  expect(await control.until(/^220 [^\n]*\n/m)).toMatch(expected.greeting);
  expect((await control.command("USER demo")) + (await control.command("PASS demo"))).toMatch(expected.login);
  expect(await control.command("FEAT")).toMatch(expected.feat);
  expect(await control.command("PASV")).toMatch(expected.pasv);
  expect(await control.command("EPSV")).toMatch(expected.epsv);
  await passiveData(control);
  expect(await control.command("LIST")).toMatch(expected.list);
  expect(await control.command("XYZZY")).toMatch(expected.bad);
});

it("lets anonymous in at USER where Pure-FTPd does", async () => {
  const control = await client((await simulator({ wording: "pure-ftpd" })).endpoint);
  expect(await control.login("anonymous")).toMatch(/^230 Anonymous user logged in\r\n/);
  expect(await control.command("PWD")).toMatch(/^257 /);
});

it("lets vsftpd's words lack MLSD and answer PASV over IPv6 with zeros", async () => {
  const control = await client((await simulator({ wording: "vsftpd", host: "::1" })).endpoint);
  await control.login();
  expect(await control.command("MLSD")).toBe("500 Unknown command.\r\n");
  expect(await control.command("PASV")).toMatch(/^227 Entering Passive Mode \(0,0,0,0,\d+,\d+\)\.\r\n$/);
});
