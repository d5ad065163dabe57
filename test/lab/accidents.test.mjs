import { describe, expect, it } from "vitest";
import { lessAccidents } from "./accidents.mjs";
import { foundIn } from "./compare.mjs";

/**
 * Only what is read here.
 * @param {boolean} once
 * @returns {any}
 */
function report(once) {
  const row = (/** @type {string} */ mode, /** @type {string} */ result, /** @type {string} */ record) => ({
    mode,
    protection: "clear",
    family: "ipv4",
    result,
    record,
    advertised: null,
  });
  return {
    verdict: "healthy",
    ports: { offered: [], observed: null, swept: null, sweeps: [] },
    control: [],
    modes: [row("epsv", "works", "passive-1"), row("pasv", "blocked", "passive-2"), row("port", "blocked", "active-1")],
    findings: [
      {
        id: "mode-unexplained",
        role: "cause",
        severity: "notice",
        args: { once },
        evidence: ["passive-2"],
        rivals: [],
      },
      { id: "port-client-firewall", role: "cause", severity: "notice", args: {}, evidence: ["active-1"], rivals: [] },
    ],
  };
}

describe("a server's own accident", () => {
  it("is taken out of what was found, and nothing else is", () => {
    const found = lessAccidents(foundIn(report(true)), report(true), "pyftpdlib");
    expect(found.causes).toEqual(["port-client-firewall"]);
    expect(found.severities).toEqual({ "port-client-firewall": "notice" });
    expect(found.modes).toEqual({
      "epsv/clear/ipv4": "works",
      "pasv/clear/ipv4": "works",
      "port/clear/ipv4": "blocked",
    });
  });

  it.each([
    ["of a server that has none", true, "vsftpd"],
    ["that happened more than once", false, "pyftpdlib"],
  ])("is none %s", (_, once, product) => {
    const found = foundIn(report(once));
    expect(lessAccidents(found, report(once), product)).toBe(found);
  });
});
