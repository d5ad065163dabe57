import { describe, expect, test } from "vitest";
import { encodeEprt } from "../../src/ftp/codec-eprt.ts";
import { encodePort } from "../../src/ftp/codec-port.ts";

describe("PORT", () => {
  test.each([
    ["10.0.0.2", 1347, "10,0,0,2,5,67"],
    ["203.0.113.5", 49252, "203,0,113,5,192,100"],
    ["::ffff:203.0.113.5", 49252, "203,0,113,5,192,100"],
    ["255.255.255.255", 65535, "255,255,255,255,255,255"],
    ["10.0.0.2", 1, "10,0,0,2,0,1"],
  ])("%s port %d is %s", (address, port, expected) => expect(encodePort({ address, port })).toBe(expected));
  test.each([
    ["2001:db8::5", 4000],
    ["h.example", 4000],
    ["010.0.0.1", 4000],
    ["10.0.0.2", 0],
    ["10.0.0.2", 65536],
    ["10.0.0.2", 1.5],
    ["10.0.0.2", Number.NaN],
  ])("%s port %d cannot be said", (address, port) => expect(() => encodePort({ address, port })).toThrow(RangeError));
});

describe("EPRT", () => {
  test.each([
    ["198.51.100.10", 50321, "|1|198.51.100.10|50321|"],
    ["2001:DB8:0::5", 50321, "|2|2001:db8::5|50321|"],
    ["fe80::1%eth0", 50321, "|2|fe80::1|50321|"],
    ["::ffff:198.51.100.10", 50321, "|1|198.51.100.10|50321|"],
  ])("%s port %d is %s", (address, port, expected) => expect(encodeEprt({ address, port })).toBe(expected));
  test.each([
    ["h.example", 4000],
    ["1|2", 4000],
    ["2001:db8::5", 0],
    ["2001:db8::5", -1],
  ])("%s port %d cannot be said", (address, port) => expect(() => encodeEprt({ address, port })).toThrow(RangeError));
});
