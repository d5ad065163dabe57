import { describe, expect, test } from "vitest";
import { CommandProblem, command } from "../../src/ftp/commands.ts";
import { Secret } from "../../src/model/secret.ts";

const text = (line: Uint8Array): string => Buffer.from(line).toString("utf8");

describe("a command line", () => {
  test.each<[string, string | undefined, string]>([
    ["QUIT", undefined, "QUIT"],
    ["EPSV", undefined, "EPSV"],
    ["USER", "web1", "USER web1"],
    ["CWD", "a b  ü", "CWD a b  ü"],
    ["CWD", "", "CWD "],
    ["EPRT", "|2|2001:db8::5|50321|", "EPRT |2|2001:db8::5|50321|"],
  ])("%s %j", (verb, argument, shown) => {
    const built = argument === undefined ? command(verb) : command(verb, argument);
    expect(text(built.line)).toBe(`${shown}\r\n`);
    expect(built.shown).toBe(shown);
  });

  test("a secret is on the wire and nowhere else", () => {
    const built = command("PASS", new Secret("hunter2"));
    expect(text(built.line)).toBe("PASS hunter2\r\n");
    expect(built.shown).toBe("PASS [secret]");
    expect(command("USER", new Secret("web1")).shown).toBe("USER [secret]");
  });

  test.each(["PASS", "pass", "ACCT", "Acct"])("the argument of %s is hidden whatever its type", (verb) => {
    expect(command(verb, "hunter2").shown).toBe(`${verb} [secret]`);
    expect(command(verb, "").shown).toBe(`${verb} [secret]`);
    expect(text(command(verb, "").line)).toBe(`${verb} \r\n`);
  });

  test("the byte 255 is doubled for TELNET", () => {
    expect([...command("CWD", "ÿ", "latin1").line]).toEqual([...Buffer.from("CWD "), 255, 255, 13, 10]);
    expect(text(command("CWD", "ÿ").line)).toBe("CWD ÿ\r\n");
  });
});

describe("what is refused", () => {
  test.each(["a\r\nDELE x", "a\nDELE x", "a\rb", "a\0b"])("an argument that would inject: %j", (argument) => {
    for (const value of [argument, new Secret(argument)]) {
      expect(() => command("CWD", value)).toThrow(CommandProblem);
    }
    expect(() => command("PASS", argument)).toThrow(/^(?!.*DELE).*$/s);
  });
  test.each(["", "U", "USER web1", "USER\r\nDELE", "SITE-X", "ÜSER"])("%j is no verb", (verb) => {
    expect(() => command(verb, "x")).toThrow(CommandProblem);
  });
  test("what latin1 cannot carry, and endless arguments", () => {
    expect(() => command("CWD", "日", "latin1")).toThrow(CommandProblem);
    expect(() => command("CWD", "x".repeat(5_000))).toThrow(CommandProblem);
  });
});
