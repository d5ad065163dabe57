import { describe, expect, test } from "vitest";
import { readOffer } from "../../src/ftp/codec-offer.ts";

const PEER = "2001:db8::5";

describe("an offer", () => {
  test("PASV gives the endpoint the reply names", () => {
    expect(readOffer("pasv", { code: 227, lines: ["227 ok (10,0,0,2,192,100)"] }, PEER)).toEqual({
      ok: true,
      endpoint: { address: "10.0.0.2", port: 49252 },
      oddities: [],
    });
  });
  test("EPSV gives the peer's address with the port", () => {
    expect(readOffer("epsv", { code: 229, lines: ["229 ok (|||49252|)"] }, PEER)).toEqual({
      ok: true,
      endpoint: { address: PEER, port: 49252 },
      oddities: [],
    });
  });
  test("PASV answered with a 229", () => {
    expect(readOffer("pasv", { code: 229, lines: ["229 ok (|||49252|)"] }, PEER)).toEqual({
      ok: true,
      endpoint: { address: PEER, port: 49252 },
      oddities: ["answered-with-229"],
    });
  });
  test("EPSV answered with a 227", () => {
    expect(readOffer("epsv", { code: 227, lines: ["227 ok (10,0,0,2,192,100)"] }, PEER)).toEqual({
      ok: true,
      endpoint: { address: "10.0.0.2", port: 49252 },
      oddities: ["answered-with-227"],
    });
  });
  test("the code of one with the text of the other", () => {
    expect(readOffer("epsv", { code: 229, lines: ["229 ok (10,0,0,2,192,100)"] }, PEER)).toMatchObject({
      endpoint: { address: "10.0.0.2", port: 49252 },
      oddities: ["text-of-other-code"],
    });
    expect(readOffer("pasv", { code: 227, lines: ["227 ok (|||49252|)"] }, PEER)).toMatchObject({
      endpoint: { address: PEER, port: 49252 },
      oddities: ["text-of-other-code"],
    });
  });
  test("another positive code", () => {
    expect(readOffer("pasv", { code: 200, lines: ["200 ok (10,0,0,2,192,100)"] }, PEER)).toMatchObject({
      ok: true,
      oddities: ["answered-with-other-code"],
    });
  });
});

describe("no offer", () => {
  test("a reply that belongs to another command is named as such", () => {
    expect(readOffer("pasv", { code: 226, lines: ["226-Options: -a -l", "226 3 matches total"] }, PEER)).toMatchObject({
      ok: false,
      problem: "the reply is 226 where 227 belongs, and there is no group of six numbers separated by commas",
    });
  });
  test("numbers out of range are not read as the other form", () => {
    for (const numbers of ["10,1,0,2000,5,6", "300,0,0,2,4,5", "1,2,,4000,5,6"]) {
      expect(readOffer("pasv", { code: 227, lines: [`227 ok (${numbers})`] }, PEER).ok).toBe(false);
    }
  });
  test("a refusal", () => {
    expect(readOffer("epsv", { code: 550, lines: ["550 no (|||4000|)"] }, PEER)).toMatchObject({ ok: false });
  });
});
