import { SERVER } from "../addresses.mjs";
import { asTls, inClear } from "../scenario.mjs";

const BLOCKED = inClear({ epsv: "blocked", pasv: "blocked", eprt: "blocked", port: "blocked" });

/** Sessions of TLS 1.3 that cannot be resumed, where servers demand it. @type {import("../scenario.mjs").Scenario[]} */
export default [
  ...["vsftpd", "proftpd"].map((product) => ({
    name: `${product}-tls-no-tickets`,
    title: `${product}: data connections must resume the session, and TLS 1.3 gives no ticket to do it with (OpenSSL's NumTickets = 0)`,
    server: {
      product: /** @type {"vsftpd" | "proftpd"} */ (product),
      tls: { certificate: /** @type {const} */ ("good"), reuse: true, tickets: 0 },
    },
    target: `ftpes://${SERVER}`,
    trustsLab: /** @type {const} */ (true),
    expect: {
      verdict: /** @type {const} */ ("broken"),
      causes: ["data-tls-resume-tls13"],
      notCauses: [
        "data-tls-session-reuse-required",
        "data-connect-no-data",
        "data-reset-midway",
        "data-tls-handshake-blocked",
      ],
      modes: asTls(BLOCKED),
    },
  })),
];
