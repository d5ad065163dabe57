import { SERVER } from "../addresses.mjs";
import { ALL_WORK, asTls, bothWays, withEachProduct } from "../scenario.mjs";

const GOOD = /** @type {const} */ ({ certificate: "good" });
const ACCOUNT = /** @type {const} */ ({ user: "lab", password: "right" });

/**
 * A scripted server that can be written to.
 * @param {import("../scripted/files.mjs").Storing} storing
 */
function playing(storing) {
  return {
    server: {
      product: /** @type {const} */ ("scripted"),
      tls: GOOD,
      script: { storing },
    },
    options: ["--write", "/"],
    trustsLab: /** @type {const} */ (true),
  };
}

/**
 * A scripted server with files of many sizes, all of which are read (--tls-matrix).
 * @param {import("../scripted/files.mjs").Storing} storing
 */
function holding(storing) {
  return { ...playing({ holds: [500, 1_400, 4_000, 20_000, 1_000_000], ...storing }), options: ["--tls-matrix"] };
}

const LONG_FILES = ["data-pmtu-blackhole", "data-aborted-by-server", "data-reset-midway", "mode-unexplained"];
/** What breaks long files under TLS alone. @type {import("../scenario.mjs").Expected} */
const BROKEN_UNDER_TLS = {
  verdict: "degraded",
  causes: ["data-tls-large-upload"],
  notCauses: LONG_FILES,
  modes: bothWays(ALL_WORK),
};

/** Files written and read under TLS. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...withEachProduct((product) => ({
    name: "tls-uploads",
    title: "files of up to a megabyte are written under TLS (--write), and all arrive",
    server: { product, tls: GOOD, ...(product === "vsftpd" ? { options: { write_enable: "YES" } } : {}) },
    target: `ftpes://${SERVER}`,
    login: ACCOUNT,
    options: ["--write", "."],
    trustsLab: true,
    expect: { verdict: "healthy", causes: [], modes: asTls(ALL_WORK) },
  })),
  {
    name: "scripted-tls-uploads",
    title: "a scripted server takes files in clear and under TLS, all of them",
    ...playing({}),
    expect: { verdict: "healthy", causes: [], modes: bothWays(ALL_WORK) },
  },
  {
    name: "scripted-tls-large-upload",
    title: "files longer than one record of TLS are given up under TLS, and arrive in clear",
    ...playing({ mostUnderTls: 16_384 }),
    expect: {
      verdict: "degraded",
      causes: ["data-tls-large-upload"],
      notCauses: ["data-pmtu-blackhole", "data-aborted-by-server", "data-reset-midway"],
      modes: bothWays(ALL_WORK),
    },
  },
  {
    name: "scripted-tls-large-upload-explicit",
    title: "the same where TLS alone is asked for, so that nothing shows how it is in clear",
    ...playing({ mostUnderTls: 16_384, givenUp: "426 Failure reading network stream." }),
    target: `ftpes://${SERVER}`,
    expect: {
      verdict: "degraded",
      causes: ["data-tls-large-upload"],
      notCauses: ["data-pmtu-blackhole", "data-reset-midway"],
      modes: asTls(ALL_WORK),
    },
  },
  {
    name: "scripted-tls-downloads",
    title: "files of up to a megabyte are read in clear and under TLS (--tls-matrix), all of them",
    ...holding({}),
    expect: { verdict: "healthy", causes: [], notCauses: LONG_FILES, modes: bothWays(ALL_WORK) },
  },
  {
    name: "scripted-tls-large-download-hangs",
    title: "files longer than one record of TLS stand still behind it, and come whole in clear",
    ...holding({ mostUnderTls: 16_384, givenUp: null }),
    expect: BROKEN_UNDER_TLS,
  },
  {
    name: "scripted-tls-large-download-short",
    title: "files longer than one record of TLS end behind it as if that were all, and come whole in clear",
    ...holding({ mostUnderTls: 16_384 }),
    expect: BROKEN_UNDER_TLS,
  },
];
