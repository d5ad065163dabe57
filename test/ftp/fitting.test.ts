import { describe, expect, test } from "vitest";
import { fits } from "../../src/ftp/fitting.ts";

const asked = (command: string, ...codes: number[]) => ({
  command,
  replies: codes.map((code) => ({ code, lines: [], oddities: [], atMs: 0 })),
});

describe("a reply fits", () => {
  test.each([
    [150, "LIST"],
    [226, "LIST"],
    [226, "QUIT"],
    [229, "EPSV"],
    [227, "EPSV"],
    [227, "PASV"],
    [230, "USER anonymous"],
    [331, "USER anonymous"],
    [234, "AUTH TLS"],
    [220, "AUTH TLS"],
    [200, "AUTH TLS"],
    [215, "SYST"],
    [211, "SYST"],
    [250, "CWD pub"],
    [257, "CWD pub"],
    [200, "PORT 1,2,3,4,5,6"],
    [421, "LIST"],
    [500, "EPSV"],
    [530, "PASS [secret]"],
    [234, "AUTH TLS"],
  ])("%i to %s", (code, command) => {
    expect(fits(code, asked(command))).toBe(true);
  });
});

describe("a reply does not fit", () => {
  test.each([
    [220, "FEAT"],
    [226, "PASV"],
    [150, "EPSV"],
    [227, "LIST"],
    [229, "LIST"],
    [230, "SYST"],
    [331, "PASS [secret]"],
    [215, "EPSV"],
    [221, "LIST"],
    [234, "USER anonymous"],
    [200, "LIST"],
  ])("%i to %s", (code, command) => {
    expect(fits(code, asked(command))).toBe(false);
  });
});

test("a 200 may end a listing that has begun", () => {
  expect(fits(200, asked("LIST", 150))).toBe(true);
});
