import { describe, expect, it } from "vitest";
import { findCredentials } from "../../src/cli/credentials.ts";
import type { CredentialChoices } from "../../src/cli/invocation.ts";
import { Interrupted } from "../../src/cli/problem.ts";
import { parseTarget, type Target } from "../../src/model/target.ts";
import { FileProblem, type Files } from "../../src/system/ports.ts";
import { fakeIo } from "./run-cli.ts";

const NONE: CredentialChoices = { user: null, passwordFile: null, netrc: false };

function target(text: string): Target {
  const answer = parseTarget(text);
  if (!answer.ok) throw new Error(answer.problem);
  return answer.target;
}

function files(contents: Record<string, string>): Files {
  return {
    read: async (path) => {
      const text = contents[path];
      if (text === undefined) throw new FileProblem(`cannot read ${path}`);
      return text;
    },
    write: async () => {},
    checkWritable: async () => ({ created: false, identity: null }),
    removeEmpty: async () => {},
  };
}

async function find(
  text: string,
  choices: Partial<CredentialChoices> = {},
  io = fakeIo(),
  contents: Record<string, string> = {},
): Promise<[string | null, string | null]> {
  const [found] = await findCredentials([target(text)], { ...NONE, ...choices }, io, files(contents));
  return [found?.user ?? null, found?.password?.reveal() ?? null];
}

const withPassword = fakeIo({ env: { FTP_DOCTOR_PASSWORD: "from-env", HOME: "/home/me" } });

describe("where login and password come from", () => {
  it("nobody's, where no user is named", async () => {
    expect(await find("ftp.example.com")).toEqual([null, null]);
    expect(await find("ftp.example.com", {}, withPassword)).toEqual([null, null]);
  });

  it("anonymous and ftp need no password", async () => {
    expect(await find("ftp.example.com", { user: "anonymous" })).toEqual(["anonymous", null]);
    expect(await find("ftp.example.com", { user: "FTP" }, withPassword)).toEqual(["FTP", null]);
  });

  it("the target's own come first", async () => {
    expect(await find("ftp://u:p%40ss@ftp.example.com", { user: "x" }, withPassword)).toEqual(["u", "p@ss"]);
  });

  it("--user is for targets that name none", async () => {
    expect(await find("ftp.example.com", { user: "x" }, withPassword)).toEqual(["x", "from-env"]);
    expect(await find("u@ftp.example.com", { user: "x" }, withPassword)).toEqual(["u", "from-env"]);
  });

  it("--password-file outranks the environment; its first line counts, blanks and all", async () => {
    expect(
      await find("u@ftp.example.com", { passwordFile: "f" }, withPassword, { f: " from file \r\nmore\n" }),
    ).toEqual(["u", " from file "]);
  });

  it("a password with a NUL is refused", async () => {
    await expect(find("u@ftp.example.com", { passwordFile: "f" }, fakeIo(), { f: "a\0b" })).rejects.toThrow(/NUL/);
  });

  it("a password file that is not UTF-8 is refused", async () => {
    await expect(find("u@h", { passwordFile: "f" }, fakeIo(), { f: "caf\uFFFD\n" })).rejects.toThrow(/not UTF-8/);
  });

  it("--netrc outranks the environment and gives the login too", async () => {
    const contents = { "/home/me/.netrc": "machine ftp.example.com login n password from-netrc" };
    expect(await find("ftp.example.com", { netrc: true }, withPassword, contents)).toEqual(["n", "from-netrc"]);
    expect(await find("n@ftp.example.com", { netrc: true }, withPassword, contents)).toEqual(["n", "from-netrc"]);
    await expect(find("o@ftp.example.com", { netrc: true }, withPassword, contents)).rejects.toThrow(
      /no entry for o at/,
    );
    await expect(find("other.example.com", { netrc: true }, withPassword, contents)).rejects.toThrow(
      /no entry for other/,
    );
  });

  it("NETRC names another file", async () => {
    const io = fakeIo({ env: { NETRC: "/etc/rc" } });
    expect(await find("h", { netrc: true }, io, { "/etc/rc": "default login d password p" })).toEqual(["d", "p"]);
  });

  it("a prompt on a terminal, once per target and without echo", async () => {
    const io = fakeIo({ terminal: true });
    const found = findCredentials([target("a@one"), target("a@two")], NONE, io, files({}));
    io.stdin.write("wrong\x15fir\x7fr");
    expect(io.rawMode).toBe(true);
    io.stdin.write("st\r");
    await new Promise((resolve) => setImmediate(resolve));
    io.stdin.write("sécond\n");
    expect((await found).map(({ password }) => password?.reveal())).toEqual(["first", "sécond"]);
    expect(io.rawMode).toBe(false);
    expect(io.printed().stderr).toBe("Password of a at one: \nPassword of a at two: \n");
    expect(io.printed().stdout).toBe("");
  });

  it.each(["\x03", "pw\x03", "\x04"])("leaving the prompt with %j", async (keys) => {
    const io = fakeIo({ terminal: true });
    const found = find("a@one", {}, io);
    io.stdin.write(keys);
    await expect(found).rejects.toThrow(Interrupted);
    expect(io.rawMode).toBe(false);
  });
});
