import { CLOSE } from "../script.ts";
import { ELSEWHERE, EXPIRED, KEY } from "../tls/identities.ts";
import { ORDINARY_TLS, type TlsPolicy } from "../tls/policy.ts";
import { type Fault, fault } from "./fault.ts";
import { answering, refusing } from "./refusals.ts";

/** What is wrong with the simulator's certificate wherever nothing worse is: nobody vouches for it. */
const UNTRUSTED = "tls-cert-untrusted";

function offering(changes: Partial<TlsPolicy> = {}): Fault["behave"] {
  return () => ({ tls: (usual) => ({ ...(usual ?? ORDINARY_TLS), ...changes }) });
}

/** TLS, and what can be wrong with it. Each brings TLS with it. */
export const TLS_FAULTS: readonly Fault[] = [
  fault("tls", UNTRUSTED, "offers TLS by AUTH, with a certificate that nobody vouches for", offering()),
  fault(
    "tls-implicit",
    UNTRUSTED,
    "speaks TLS from the first byte, as on port 990: ask with ftps://",
    offering({ implicit: true }),
  ),
  fault(
    "tls-cert-expired",
    "tls-cert-expired",
    "shows a certificate that expired in 2021",
    offering({ identity: { key: KEY, certificate: EXPIRED } }),
  ),
  fault(
    "tls-cert-name",
    "tls-cert-name",
    "shows a certificate for another name, ftp.example.net",
    offering({ identity: { key: KEY, certificate: ELSEWHERE } }),
  ),
  fault(
    "tls-stall",
    "tls-handshake-stall",
    "accepts AUTH, then answers nothing to the handshake",
    offering({ control: "stalled" }),
  ),
  fault("tls-closed", "tls-handshake-closed", "accepts AUTH, then hangs up", offering({ control: "closed" })),
  fault(
    "tls-clear-handshake",
    "tls-not-configured",
    "accepts AUTH, then says in clear that it has no certificate",
    offering({ control: "clear" }),
  ),
  fault(
    "tls-clear-text",
    "srv-session-crash",
    "dies at LIST with an error message in clear, in the middle of TLS",
    (value, session) => ({
      ...offering()(value, session),
      ...answering(["LIST"], [{ do: "clear-bytes", text: "500 OOPS: priv_sock_get_cmd\r\n" }, CLOSE]),
    }),
  ),
  fault("tls-prot-refused", "data-tls-prot-mismatch", "refuses to protect data connections", (value, session) => ({
    ...offering()(value, session),
    ...refusing(["PROT"], "536 Requested PROT level not supported."),
  })),
  fault(
    "tls-data-stall",
    "data-tls-handshake-blocked",
    "answers nothing to the handshake on data connections",
    offering({ data: "stalled" }),
  ),
  fault(
    "tls-data-clear",
    "data-tls-prot-mismatch",
    "accepts PROT P, then sends listings in clear",
    offering({ data: "clear" }),
  ),
  fault(
    "tls-reuse-required",
    UNTRUSTED,
    "data connections must resume the TLS session of the control connection",
    offering({ reuseRequired: true }),
  ),
  fault(
    "tls-silent-end",
    "data-tls-close-notify-missing",
    "ends data connections without close_notify",
    offering({ silentEnd: true }),
  ),
];
