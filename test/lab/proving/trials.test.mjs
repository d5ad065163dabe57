import { describe, expect, it } from "vitest";
import { rule } from "../firewalls.mjs";
import { trialsOf } from "./trials.mjs";

/** @type {import("../../../src/model/report.ts").Remedy} */
const range = {
  who: "server-admin",
  product: "vsftpd",
  effort: "low",
  text: "",
  config: [{ file: "/etc/vsftpd.conf", directive: "pasv_min_port", value: "50000", line: "pasv_min_port=50000" }],
  commands: ["systemctl restart vsftpd"],
};
/** @type {import("../../../src/model/report.ts").Remedy} */
const open = {
  who: "firewall-admin",
  product: "nftables",
  effort: "low",
  text: "",
  commands: ["nft insert rule inet filter input tcp dport 50000-50100 accept"],
};
/** @type {import("../../../src/model/report.ts").Remedy} */
const csf = { ...open, product: "CSF", commands: ["csf -r"] };

/**
 * Only what is read here.
 * @param {import("../../../src/model/report.ts").Remedy[]} remedies
 * @returns {any}
 */
function finding(...remedies) {
  return {
    id: "pasv-ports-filtered",
    remedies,
    rivals: [{ cause: "pasv-client-egress-blocked" }],
  };
}

/**
 * @param {Partial<import("../scenario.mjs").Scenario>} more
 * @returns {import("../scenario.mjs").Scenario}
 */
function scenario(more) {
  /** @type {import("../scenario.mjs").Expected} */
  const expect = { verdict: "broken", causes: ["pasv-ports-filtered"], modes: {} };
  return { name: "any", title: "", server: { product: "vsftpd" }, expect, ...more };
}

const CLOSED = scenario({ firewall: { server: rule("input", "tcp dport 1024-65535 drop") } });

describe("what is tried of a report's remedies", () => {
  it("both halves of a change together, on the hosts they are for", () => {
    const { trials, untried } = trialsOf(finding(range, open), CLOSED);
    expect(trials).toEqual([
      { cause: "pasv-ports-filtered", product: "nftables", server: range, firewall: open, host: "server", wall: null },
    ]);
    expect(untried).toEqual([]);
  });

  it("no half alone", () => {
    expect(trialsOf(finding(range, open), scenario({})).trials).toEqual([]);
    expect(trialsOf(finding(open), CLOSED).trials).toEqual([]);
  });

  it("not what the lab has not, nor what this world is not about, and why", () => {
    expect(trialsOf(finding(csf), CLOSED).untried).toEqual([
      { cause: "pasv-ports-filtered", product: "CSF", because: "CSF is not in the lab" },
    ]);
    const other = { ...CLOSED, expect: { ...CLOSED.expect, rivals: ["pasv-client-egress-blocked"] } };
    expect(trialsOf(finding(range, open), other).trials).toEqual([]);
    const elsewhere = { ...CLOSED, mended: { "pasv-ports-filtered": { on: [], because: "a reason" } } };
    expect(trialsOf(finding(range, open), elsewhere).untried.map(({ because }) => because)).toEqual([
      "a reason",
      "a reason",
    ]);
  });
});
