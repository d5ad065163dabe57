import { describe, expect, test } from "vitest";
import { parseEpsvReply } from "../../src/ftp/codec-229.ts";
import type { OfferOddity } from "../../src/ftp/codec-oddity.ts";

describe("readable 229", () => {
  const table: [string | string[], number, OfferOddity[]][] = [
    ["229 Entering Extended Passive Mode (|||50000|)", 50000, []],
    ["229 Entering Extended Passive Mode (|||1|).", 1, []],
    ["229 Extended Passive mode OK (|||65535|)", 65535, []],
    ["229 Entering Extended Passive Mode (!!!50000!)", 50000, ["other-delimiter"]],
    ["229 Entering Extended Passive Mode (###50000#)", 50000, ["other-delimiter"]],
    ["229 Entering Extended Passive Mode (...50000.)", 50000, ["other-delimiter"]],
    ["229 Entering Extended Passive Mode (~~~50000~)", 50000, ["other-delimiter"]],
    ["229 Entering Extended Passive Mode |||50000|", 50000, ["no-parentheses"]],
    ["229 Entering Extended Passive Mode !!!50000!", 50000, ["no-parentheses", "other-delimiter"]],
    ["229 Entering Extended Passive Mode [|||50000|]", 50000, ["other-brackets"]],
    ["229 Entering Extended Passive Mode <|||50000|>", 50000, ["other-brackets"]],
    ["229 Entering Extended Passive Mode (|||50000|", 50000, ["unclosed-parenthesis"]],
    ["229 Entering Extended Passive Mode (|||50000)", 50000, ["missing-delimiter"]],
    ["229 Entering Extended Passive Mode ( ||| 50000 | )", 50000, ["spaces-inside"]],
    ["229 Entering Extended Passive Mode (| | |50000|)", 50000, ["spaces-inside"]],
    ["229 Entering Extended Passive Mode (|||050000|)", 50000, ["leading-zeros"]],
    ["229 Entering Extended Passive Mode (|1|10.0.0.2|4000|)", 4000, ["address-in-229"]],
    ["229 Entering Extended Passive Mode (|2|2001:db8::5|4000|)", 4000, ["address-in-229"]],
    ["229 Entering Extended Passive Mode (||10.0.0.2|4000|)", 4000, ["address-in-229"]],
    ["229 Entering Extended Passive Mode (|1||4000|)", 4000, ["address-in-229"]],
    ["229 Entering Extended Passive Mode (port |||4000|)", 4000, ["text-in-parentheses"]],
    [["229-Entering Extended", "229 Passive Mode (|||50000|)"], 50000, ["several-lines"]],
    ["229 (RFC 2428) Entering Extended Passive Mode (|||50000|)", 50000, []],
    ["229 Wait...4000 Entering Extended Passive Mode |||50000|", 50000, ["no-parentheses"]],
  ];
  test.each(table)("%j", (lines, port, oddities) => {
    const reading = parseEpsvReply([lines].flat());
    expect(reading).toMatchObject({ ok: true, port });
    expect([...reading.oddities].sort()).toEqual([...oddities].sort());
  });
});

describe("229 that names no port", () => {
  const table: [string, RegExp][] = [
    ["229 Entering Extended Passive Mode", /no port between delimiters/],
    ["229 Entering Extended Passive Mode (||||)", /no port between delimiters/],
    ["229 Entering Extended Passive Mode (50000)", /no port between delimiters/],
    ["229 Entering Extended Passive Mode (||50000|)", /no port between delimiters/],
    ["229 Entering Extended Passive Mode (|!|50000|)", /no port between delimiters/],
    ["229 Entering Extended Passive Mode (|||0|)", /port is 0/],
    ["229 Entering Extended Passive Mode (|||65536|)", /65536 is above 65535/],
    ["229 Entering Extended Passive Mode (|||-1|)", /-1 is not a number/],
    ["229 Entering Extended Passive Mode (|||99999999999999999999|)", /999999999999 is above/],
    ["229 Entering Extended Passive Mode (|1|nowhere|4000|)", /no port between delimiters/],
    ["229 Wait...4000", /no port between delimiters/],
    ["229 Entering Passive Mode (10,1,0,2000,5,300)", /no port between delimiters/],
  ];
  test.each(table)("%j", (line, problem) => {
    expect(parseEpsvReply([line])).toMatchObject({ ok: false, problem: expect.stringMatching(problem) });
  });
});

// With the square of the length, or worse, it would take longer than any test may.
test("hostile text costs no time", () => {
  const texts = ["|", "(|", "| ", "|    ", "||| ", "|1|1.", "!!!1", "a", "<[{("].map(
    (part) => `229 ${part.repeat(200_000)}`,
  );
  for (const text of texts) parseEpsvReply([text]);
});
