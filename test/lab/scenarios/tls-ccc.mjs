import { SERVER, SERVER_INSIDE } from "../addresses.mjs";
import { FTP_HELPER } from "../firewalls.mjs";
import { ALL_WORK, asTls, PASSIVE_BLOCKED } from "../scenario.mjs";

const GOOD = /** @type {const} */ ({ certificate: "good" });
const ASKED = /** @type {const} */ ({ target: `ftpes://${SERVER}`, options: ["--ccc"], trustsLab: true });
const HARMLESS = /** @type {const} */ (["healthy", "degraded"]);

/** Going back to a control connection in clear text, which is tried where it is asked for. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...["proftpd", "pure-ftpd"].map((product) => ({
    name: `${product}-tls-ccc`,
    title: `${product}: the control connection goes back to clear text behind the login (--ccc)`,
    server: { product: /** @type {"proftpd" | "pure-ftpd"} */ (product), tls: GOOD },
    ...ASKED,
    expect: { verdict: /** @type {const} */ ("healthy"), causes: [], modes: asTls(ALL_WORK) },
  })),
  {
    name: "vsftpd-tls-ccc",
    title: "vsftpd: --ccc is asked for, and vsftpd knows no CCC",
    server: { product: "vsftpd", tls: GOOD },
    ...ASKED,
    expect: { verdict: HARMLESS, causes: ["tls-ccc-mismatch"], modes: asTls(ALL_WORK) },
  },
  {
    name: "proftpd-tls-ccc-unwilling",
    title: "ProFTPD: --ccc is asked for, and TLS is required on the control connection (TLSRequired ctrl)",
    server: { product: "proftpd", tls: { ...GOOD, required: "login" } },
    ...ASKED,
    expect: { verdict: HARMLESS, causes: ["tls-ccc-mismatch"], modes: asTls(ALL_WORK) },
  },
  {
    name: "scripted-tls-ccc-half-done",
    title: "CCC is agreed to, and the server goes on under TLS all the same",
    server: { product: "scripted", tls: GOOD, script: { answers: { CCC: "200 Clear it is" } } },
    ...ASKED,
    expect: { verdict: HARMLESS, causes: ["tls-ccc-mismatch"], modes: asTls(ALL_WORK) },
  },
  ...["proftpd", "pure-ftpd"].map((product) => ({
    name: `${product}-tls-ccc-nat-helper`,
    title: `${product}: behind NAT with port 21 alone forwarded; the helper is blind under TLS, and reads again behind CCC`,
    server: { product: /** @type {"proftpd" | "pure-ftpd"} */ (product), tls: GOOD },
    topology: { server: /** @type {const} */ ("nat"), forwarded: /** @type {const} */ ("21") },
    firewall: { router: FTP_HELPER },
    ...ASKED,
    expect: {
      verdict: /** @type {const} */ ("broken"),
      causes: ["data-tls-alg-blind"],
      notCauses: ["tls-ccc-mismatch", "pasv-private-address", "pasv-ports-filtered"],
      advertised: SERVER_INSIDE,
      modes: asTls(PASSIVE_BLOCKED),
    },
  })),
];
