import { describe, expect, test } from "vitest";
import { authMechanisms, offers, offersAuth, parseFeat } from "../../src/ftp/feat.ts";

describe("feature lines", () => {
  test.each<[string, string[], string[]]>([
    [
      "as RFC 2389 has it",
      ["211-Features:", " EPRT", " EPSV", " REST STREAM", "211 End"],
      ["EPRT", "EPSV", "REST STREAM"],
    ],
    ["without leading space", ["211-Features:", "EPSV", "SIZE", "211 End"], ["EPSV", "SIZE"]],
    [
      "with the code on each line",
      ["211-Features", "211-EPSV", "211-MLST type*;size*;", "211 End"],
      ["EPSV", "MLST type*;size*;"],
    ],
    ["tabs, blank lines, no end", ["211-Features:", "\tEPSV", "", "  UTF8  "], ["EPSV", "UTF8"]],
    ["code alone at the end", ["211-Features:", " EPSV", "211"], ["EPSV"]],
    ["no features", ["211 No features supported"], []],
    ["refused", ["500 Unknown command."], []],
    ["nothing", [], []],
    ["no reply", ["hello", "world"], []],
  ])("%s", (_name, lines, features) => expect(parseFeat(lines)).toEqual(features));
});

test.each([
  [
    ["AUTH TLS", "AUTH SSL"],
    ["TLS", "SSL"],
  ],
  [["auth ssl"], ["SSL"]],
  [["AUTH TLS-C;TLS-P;SSL;"], ["TLS", "SSL"]],
  [["AUTH"], []],
  [["AUTHORS SSL", "EPSV"], []],
])("what AUTH takes by %j", (features, mechanisms) => expect(authMechanisms(features)).toEqual(mechanisms));

test("what is offered", () => {
  const features = ["auth TLS;SSL", "REST STREAM", "MLST type*;size*;", "EPSV"];
  expect(offersAuth(features)).toBe(true);
  expect(offersAuth(["AUTHORS"])).toBe(false);
  expect(offersAuth([])).toBe(false);
  expect(offers(features, "epsv")).toBe(true);
  expect(offers(features, "REST")).toBe(true);
  expect(offers(features, "rest stream")).toBe(true);
  expect(offers(features, "REST BLOCK")).toBe(false);
  expect(offers(features, "EPS")).toBe(false);
});
