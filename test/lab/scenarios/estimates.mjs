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
  ...withEachProduct((product) => ({
    name: "estimate-not-set",
    title: "no range is set: the server, or the kernel for it, takes any port",
    server: { product, range: { from: 0, to: 0 } },
    options: SAMPLES,
    ownDecision: true,
    expect: {
      ...HEALTHY,
      estimate: {
        allocation: "random",
        truth: product === "vsftpd" ? { from: 1024, to: 65_535 } : { from: 32_768, to: 46_883 },
        remarks: product === "vsftpd" ? ["no-range", "taken-ports"] : ["no-range"],
      },
    },
  })),
];
