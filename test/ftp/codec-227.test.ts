import { describe, expect, test } from "vitest";
import { parsePasvReply } from "../../src/ftp/codec-227.ts";
import type { OfferOddity } from "../../src/ftp/codec-oddity.ts";

describe("readable 227", () => {
  const table: [string | string[], string, number, OfferOddity[]][] = [
    ["227 Entering Passive Mode (203,0,113,5,192,100).", "203.0.113.5", 49252, []],
    ["227 Entering Passive Mode (10,0,0,2,5,67)", "10.0.0.2", 1347, []],
    ["227 (0,0,0,0,255,255)", "0.0.0.0", 65535, []],
    ["227 Entering Passive Mode (10,0,0,2,0,1) (mode 7)", "10.0.0.2", 1, []],
    ["227 Mode passif (10,0,0,2,195,80) activé", "10.0.0.2", 50000, []],
    ["227 Entering Passive Mode 10,0,0,2,195,80", "10.0.0.2", 50000, ["no-parentheses"]],
    ["227 =10,0,0,2,195,80", "10.0.0.2", 50000, ["no-parentheses"]],
    ["227 10,0,0,2,195,80", "10.0.0.2", 50000, ["no-parentheses"]],
    ["227 Mode,10,0,0,2,195,80", "10.0.0.2", 50000, ["no-parentheses"]],
    ["227Entering Passive Mode (10,0,0,2,195,80)", "10.0.0.2", 50000, []],
    ["227 Entering Passive Mode [10,0,0,2,195,80]", "10.0.0.2", 50000, ["other-brackets"]],
    ["227 Entering Passive Mode {10,0,0,2,195,80}", "10.0.0.2", 50000, ["other-brackets"]],
    ["227 Entering Passive Mode <10,0,0,2,195,80>", "10.0.0.2", 50000, ["other-brackets"]],
    ["227 Entering Passive Mode (10,0,0,2,195,80", "10.0.0.2", 50000, ["unclosed-parenthesis"]],
    ["227 Entering Passive Mode (10, 0, 0, 2, 195, 80)", "10.0.0.2", 50000, ["spaces-inside"]],
    ["227 Entering Passive Mode ( 10,0,0,2,195,80 )", "10.0.0.2", 50000, ["spaces-inside"]],
    ["227 Entering Passive Mode 10 , 0,0,2,195,80", "10.0.0.2", 50000, ["no-parentheses", "spaces-inside"]],
    ["227 PASV OK (ftp://10,0,0,2,195,80)", "10.0.0.2", 50000, ["text-in-parentheses"]],
    ["227 Entering Passive Mode (010,000,000,002,195,080)", "10.0.0.2", 50000, ["leading-zeros"]],
    [["227-Entering Passive Mode", "227 (10,0,0,2,195,80)"], "10.0.0.2", 50000, ["several-lines"]],
    [["227-listen socket created", "227 10,0,0,2,195,80"], "10.0.0.2", 50000, ["several-lines", "no-parentheses"]],
    [["227-Passive", " (10,0,0,2,195,80)", "227 go"], "10.0.0.2", 50000, ["several-lines"]],
    [["227-Passive", "227,0,113,5,195,80", "227 go"], "227.0.113.5", 50000, ["several-lines", "no-parentheses"]],
    [["227-Passive (10,0,0,2,", "227 195,80)"], "10.0.0.2", 50000, ["several-lines", "spaces-inside"]],
    ["227 Server 2024,1,2 v3,4 (10,0,0,2,195,80)", "10.0.0.2", 50000, []],
    ["227 (2024,1,2) Passive Mode (10,0,0,2,195,80)", "10.0.0.2", 50000, []],
    ["227 build 1,2,3,4,5,6 Passive Mode (10,0,0,2,195,80)", "10.0.0.2", 50000, ["several-groups"]],
    ["227 build 1,2,3,4,5,6 Passive Mode 10,0,0,2,195,80", "10.0.0.2", 50000, ["several-groups", "no-parentheses"]],
    ["227 at 2024,12,31,23,59,59 Passive Mode 10,0,0,2,195,80", "10.0.0.2", 50000, ["no-parentheses"]],
    ["227 (see RFC 959) 10,0,0,2,195,80", "10.0.0.2", 50000, ["no-parentheses"]],
    ["227 :-( Passive Mode [10,0,0,2,195,80]", "10.0.0.2", 50000, ["other-brackets"]],
    ["227 Entering Passive Mode ((10,0,0,2,195,80))", "10.0.0.2", 50000, ["text-in-parentheses"]],
    ["Entering Passive Mode (10,0,0,2,195,80)", "10.0.0.2", 50000, []],
    ["192,168,1,2,195,80", "192.168.1.2", 50000, ["no-parentheses"]],
  ];
  test.each(table)("%j", (lines, address, port, oddities) => {
    const reading = parsePasvReply([lines].flat());
    expect(reading).toMatchObject({ ok: true, endpoint: { address, port } });
    expect([...reading.oddities].sort()).toEqual([...oddities].sort());
  });
});

describe("227 that names no endpoint", () => {
  const table: [string | string[], RegExp][] = [
    ["227 Entering Passive Mode", /no group of six numbers/],
    ["227", /no group of six numbers/],
    [[], /no group of six numbers/],
    ["227 Entering Passive Mode (10,0,0,2,195)", /5 numbers where six belong/],
    ["227 Entering Passive Mode (10,0,0,2,195,80,1)", /7 numbers where six belong/],
    ["227 Entering Passive Mode (10,0,0,2,195,)", /5 numbers/],
    ["227 Entering Passive Mode (300,0,0,2,195,80)", /300 is not between 0 and 255/],
    ["227 Entering Passive Mode (10,0,0,2,195,256)", /256 is not between 0 and 255/],
    ["227 Entering Passive Mode (10,0,0,2,-1,80)", /-1 is not between 0 and 255/],
    ["227 Entering Passive Mode (10,0,0,2,195,99999999999999999999)", /999999999999 is not/],
    ["227 Entering Passive Mode (10,0,0,2,0,0)", /port is 0/],
    ["227 Entering Passive Mode (10.0.0.2,195,80)", /3 numbers where six belong/],
    ["227 Entering Passive Mode (h1,h2,h3,h4,p1,p2)", /no group of six numbers/],
    ["227 Entering Passive Mode (١,٢,٣,٤,٥,٦)", /no group of six numbers/],
    ["227 Entering Passive Mode (|||50000|)", /no group of six numbers/],
    ["227 Date 2024,1 (10,0,0,2,300,80)", /300 is not between/],
  ];
  test.each(table)("%j", (lines, problem) => {
    const reading = parsePasvReply([lines].flat());
    expect(reading).toMatchObject({ ok: false, problem: expect.stringMatching(problem) });
  });
});

// With the square of the length, or worse, it would take longer than any test may.
test("hostile text costs no time", () => {
  const texts = ["(", "1,", "1 , ", "1    ", "-", "((1,2", "9".repeat(9), "<[{(", "\n"].map(
    (part) => `227 ${part.repeat(200_000)}`,
  );
  for (const text of texts) expect(parsePasvReply([text]).ok).toBe(false);
});
