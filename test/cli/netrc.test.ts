import { describe, expect, it } from "vitest";
import { findNetrcEntry } from "../../src/cli/netrc.ts";

const FILE = `
# the web server
machine ftp.example.com
  login web1
  password s3cret
machine FTP.example.com login web2 password "with \\"quotes\\" and blanks" account x
machine other.example.com login a#b password #hash
macdef init
  machine trap.example.com login trap password trap

machine after.example.com login after password machine
default login anonymous password me@
`;

describe("findNetrcEntry", () => {
  it.each([
    ["the first entry of a machine", "ftp.example.com", null, { login: "web1", password: "s3cret" }],
    ["in any letter case", "Ftp.Example.Com", null, { login: "web1", password: "s3cret" }],
    ["the entry of a login", "ftp.example.com", "web2", { login: "web2", password: 'with "quotes" and blanks' }],
    ["a # inside and in front of a token", "other.example.com", null, { login: "a#b", password: "#hash" }],
    [
      "an entry behind a macro, and a keyword as password",
      "after.example.com",
      null,
      { login: "after", password: "machine" },
    ],
    ["default where no machine fits", "unknown.example.com", null, { login: "anonymous", password: "me@" }],
    ["default for what stands in a macro", "trap.example.com", null, { login: "anonymous", password: "me@" }],
  ])("finds %s", (_name, host, login, entry) => {
    expect(findNetrcEntry(FILE, host, login)).toEqual(entry);
  });

  it("finds nothing for a login that no entry has", () => {
    expect(findNetrcEntry(FILE, "ftp.example.com", "web3")).toBeNull();
  });

  it("leaves open what an entry does not say", () => {
    expect(findNetrcEntry("machine a.example.com password x", "a.example.com", "u")).toEqual({
      login: null,
      password: "x",
    });
    expect(findNetrcEntry("machine a.example.com login u", "a.example.com", null)).toEqual({
      login: "u",
      password: null,
    });
  });

  it.each(["", "machine", "login x password y", '\0\n\n"unfinished', "default"])("survives %j", (text) => {
    expect(() => findNetrcEntry(text, "a.example.com", null)).not.toThrow();
  });
});
