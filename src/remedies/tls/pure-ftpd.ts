import { type RemedyTable, type SettingStyle, serverRemedy } from "../template.ts";
import { CERTIFICATE_FILES, FULL_CHAIN, PRIVATE_KEY, UNNAMED_NOTE } from "./certificate-files.ts";
import { DATA_IN_CLEAR } from "./generic.ts";

/** Key first, then the certificate and its chain, in one file that only root reads; the place is the one that Pure-FTPd was built with. */
const PEM = "/etc/ssl/private/pure-ftpd.pem";
/** By a second file: one that cannot be read, for the name in its path is none, leaves the present certificate alone. */
const WRITE_PEM = [`(umask 077; cat ${PRIVATE_KEY} ${FULL_CHAIN} > ${PEM}.new) && mv ${PEM}.new ${PEM}`];
const ONE_FILE = `Pure-FTPd keeps key and certificates in one file, on Debian ${PEM}.`;

/** However Pure-FTPd is packaged. */
const RESTART = "systemctl restart pure-ftpd";

/** Pure-FTPd under TLS, where every packaging is told the same. */
export const pureFtpdTlsEverywhere: RemedyTable = {
  "tls-certificate": [
    serverRemedy(
      [
        "Gives Pure-FTPd a certificate for {host}, with its chain.",
        ONE_FILE,
        CERTIFICATE_FILES,
        UNNAMED_NOTE,
        "Write the file anew and restart the server after every renewal (certbot: --deploy-hook).",
      ],
      { commands: [...WRITE_PEM, RESTART] },
    ),
  ],
  "tls-versions": [
    serverRemedy([
      "Pure-FTPd has no setting for versions: it speaks what its OpenSSL does, within /etc/ssl/openssl.cnf (MinProtocol, MaxProtocol); an old one needs a newer release.",
    ]),
  ],
  "tls-mode": [
    serverRemedy([
      "Pure-FTPd knows explicit TLS alone (AUTH TLS): what speaks implicit TLS in its name is a TLS proxy such as stunnel, whose port clients have to use with implicit TLS.",
    ]),
  ],
  "session-reuse": [
    serverRemedy([
      "Pure-FTPd never demands a resumed session: what refuses the data connection is something in front of it, or the handshake fails for another reason.",
    ]),
  ],
};

/** Pure-FTPd under TLS, as one packaging writes it: pure-ftpd.8, pure-ftpd.conf, and tried with 1.0.50. */
export function pureFtpdTls(set: SettingStyle, apply: readonly string[], note: readonly string[]): RemedyTable {
  return {
    "tls-enable": [
      serverRemedy(["Offers TLS beside clear text (option -Y).", ONE_FILE, CERTIFICATE_FILES, UNNAMED_NOTE, ...note], {
        config: [set("TLS", "1")],
        commands: [...WRITE_PEM, ...apply],
      }),
    ],
    "tls-ciphers": [
      serverRemedy(["Lets Pure-FTPd offer present ciphers (option -J).", ...note], {
        config: [set("TLSCipherSuite", "HIGH")],
        commands: apply,
      }),
    ],
    "tls-client-certificate": [
      serverRemedy(
        ["Demands no certificate of clients any longer: that is what `-C:` before the ciphers means.", ...note],
        { config: [set("TLSCipherSuite", "HIGH")], commands: apply },
      ),
    ],
    "anonymous-tls": [
      serverRemedy(["Lets anonymous visitors in, with TLS as without.", ...note], {
        config: [set("NoAnonymous", "no")],
        commands: apply,
      }),
    ],
    "prot-p": [
      serverRemedy(["Lets clients transfer without PROT P, while logins still need TLS.", DATA_IN_CLEAR, ...note], {
        config: [set("TLS", "2")],
        commands: apply,
      }),
    ],
    "tls-masquerade": [
      serverRemedy(
        [
          "Makes Pure-FTPd name the public address by itself, with TLS and without; then switch the FTP helper (ALG) of the NAT off, for one that meets an address already changed may open nothing.",
          ...note,
        ],
        { config: [set("ForcePassiveIP", "{publicAddress}")], commands: apply },
      ),
    ],
  };
}
