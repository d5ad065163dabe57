import { ALL_WORK, withEachProduct } from "../scenario.mjs";

/** Enough of both modes together to tell a range from its parts. */
const SAMPLES = ["--samples", "12"];
/** @type {Pick<import("../scenario.mjs").Expected, "verdict" | "causes" | "modes">} */
const HEALTHY = { verdict: "healthy", causes: [], modes: ALL_WORK };

/** What offers tell of the range that a server really has, where nothing is wrong. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product) => ({
    name: "estimate-hundred",
    title: "a range of 101 ports, told from twenty-six offers",
    server: { product, range: { from: 40_000, to: 40_100 } },
    options: SAMPLES,
    ownDecision: true,
    expect: { ...HEALTHY, estimate: { allocation: "random", truth: { from: 40_000, to: 40_100 }, remarks: [] } },
  })),
  ...withEachProduct((product) => ({
    name: "estimate-few",
    title: "a range of four ports is healthy on an idle server, and small",
    server: { product, range: { from: 40_000, to: 40_003 } },
    options: SAMPLES,
    ownDecision: true,
    expect: {
      ...HEALTHY,
      estimate: { allocation: "random", truth: { from: 40_000, to: 40_003 }, remarks: ["few-ports"] },
    },
  })),
  {
    name: "vsftpd-estimate-not-set",
    title: "vsftpd: no range is set, and it draws from all ports that need no privilege",
    server: { product: "vsftpd", range: { from: 0, to: 0 } },
    options: ["--samples", "40"],
    ownDecision: true,
    expect: {
      ...HEALTHY,
      estimate: {
        allocation: "random",
        truth: { from: 1024, to: 65_535 },
        remarks: ["no-range", "taken-ports"],
      },
    },
  },
  {
    name: "pyftpdlib-estimate-not-set",
    title: "pyftpdlib: no range is set, and Linux gives the ports out",
    server: { product: "pyftpdlib", options: { "handler.passive_ports": "None" } },
    options: ["--samples", "24"],
    ownDecision: true,
    expect: {
      ...HEALTHY,
      estimate: { allocation: "random", truth: { from: 32_768, to: 60_999 }, remarks: ["no-range"] },
    },
  },
];
