import { type RemedyTemplate, serverRemedy } from "../template.ts";
import type { ServerTopic } from "../topic.ts";

/** What asks for TLS, so that a server may be told of it where nothing is known of the server. */
export type TlsTopic = Extract<ServerTopic, `tls-${string}` | "anonymous-tls" | "session-reuse" | "prot-p">;

/** The better mend stands with the client: resuming is what shows that both connections are of one client. */
export const REUSE_PROTECTS =
  "The better mend is a client that resumes the session: the demand keeps others from taking over the data connection.";

/** What it means that files may go without TLS. */
export const DATA_IN_CLEAR =
  "This weakens the server: the files of clients that do not ask for PROT P then cross the network for everybody to read; better let the clients ask for it.";

/** What to tell the administrator of a server that we have no lines for. */
export const genericTlsRemedies: Record<TlsTopic, readonly RemedyTemplate[]> = {
  "tls-enable": [
    serverRemedy([
      "Give the server a certificate with its key and switch FTP over TLS (FTPS, AUTH TLS) on.",
      "Then let the passive ports through the firewall as a fixed range: its helper cannot read the replies under TLS.",
    ]),
  ],
  "tls-certificate": [
    serverRemedy([
      "Give the server a certificate that is valid now, from an authority that clients know, for the name that they use, with the intermediate certificates behind its own (fullchain.pem).",
      "The name that clients use is {host}.",
      "Most servers read the file when they start: restart the server after every renewal.",
    ]),
  ],
  "tls-versions": [
    serverRemedy([
      "Let the server speak TLS 1.2 and, where it can, 1.3; an old one needs a newer release or a newer TLS library.",
    ]),
  ],
  "tls-ciphers": [
    serverRemedy([
      "Let the server offer present ciphers (AES-GCM or ChaCha20 with ECDHE), with an RSA key of at least 2048 bits or an elliptic one, a signature by SHA-256 or better, and Diffie-Hellman parameters of at least 2048 bits.",
    ]),
  ],
  "tls-mode": [
    serverRemedy([
      "Let the server speak explicit TLS (AUTH TLS) on port 21; implicit TLS belongs on port 990 alone, for clients that know nothing else.",
    ]),
  ],
  "tls-client-certificate": [
    serverRemedy([
      "Let the server demand no certificate of clients where a password is enough; or give the clients certificates from the authority that it trusts.",
    ]),
  ],
  "anonymous-tls": [
    serverRemedy([
      "Let the server take anonymous visitors with TLS as well as without; or let clients log in without TLS, for there is no secret in an anonymous login.",
    ]),
  ],
  "session-reuse": [
    serverRemedy([
      "Let the server demand no resumed TLS session on data connections; the setting speaks of session reuse or resumption.",
      REUSE_PROTECTS,
    ]),
  ],
  "prot-p": [
    serverRemedy([
      "Let the server accept data connections without TLS (PROT C), where clients cannot do with it.",
      DATA_IN_CLEAR,
    ]),
  ],
  "tls-masquerade": [
    serverRemedy([
      "Set the server's external address for sessions under TLS alone, where it has such a setting: the NAT rewrites the address in clear text and must not see it rewritten already.",
      "Without such a setting name the external address for all sessions and switch the FTP helper (ALG) of the NAT off.",
      "The address is {publicAddress}.",
    ]),
  ],
  "tls-close-notify": [
    serverRemedy([
      "Bring the server up to date: at the end of each file it must close the TLS of the data connection (close_notify) before the connection itself, as RFC 5246 section 7.2.1 demands.",
    ]),
  ],
};
