import { expect, test } from "vitest";
import { parsePasvReply } from "../../src/ftp/codec-227.ts";
import { parseEpsvReply } from "../../src/ftp/codec-229.ts";
import { readOffer } from "../../src/ftp/codec-offer.ts";
import { encodePort } from "../../src/ftp/codec-port.ts";
import { isIpLiteral } from "../../src/model/address.ts";

/** A linear congruential generator, so that a failure can be repeated. */
function randomness(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test("what PORT encodes, the reading of a 227 gives back", () => {
  const random = randomness(1);
  for (let round = 0; round < 500; round += 1) {
    const address = Array.from({ length: 4 }, () => random(256)).join(".");
    const port = 1 + random(65_535);
    expect(parsePasvReply([`227 ok (${encodePort({ address, port })}).`])).toEqual({
      ok: true,
      endpoint: { address, port },
      oddities: [],
    });
    expect(parseEpsvReply([`229 ok (|||${port}|)`])).toEqual({ ok: true, port, oddities: [] });
  }
});

test("any text gives a valid endpoint or a problem in one line, never an exception", () => {
  const random = randomness(2);
  const alphabet = [
    "(",
    ")",
    "[",
    "]",
    "<",
    "|",
    "|||",
    "!",
    ",",
    ",",
    ".",
    "-",
    "+",
    " ",
    "\n",
    "0",
    "1",
    "10",
    "255",
    "256",
    "4000",
    "é",
    "\0",
    "x",
    "227",
    "229 ",
  ];
  for (let round = 0; round < 5_000; round += 1) {
    const line = () => Array.from({ length: random(30) }, () => alphabet[random(alphabet.length)]).join("");
    const lines = Array.from({ length: random(4) }, line);
    for (const sent of ["pasv", "epsv"] as const) {
      const reading = readOffer(sent, { code: [227, 229, 200][random(3)] ?? 0, lines }, "203.0.113.5");
      if (!reading.ok) {
        expect(reading.problem).toMatch(/^[^\r\n]{1,200}$/);
        continue;
      }
      expect(isIpLiteral(reading.endpoint.address), JSON.stringify(lines)).toBe(true);
      expect(reading.endpoint.port).toBeGreaterThanOrEqual(1);
      expect(reading.endpoint.port).toBeLessThanOrEqual(65_535);
      expect(new Set(reading.oddities).size, JSON.stringify(reading.oddities)).toBe(reading.oddities.length);
    }
  }
});
