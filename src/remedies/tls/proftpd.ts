import { type RemedyTable, serverRemedy, settingsIn } from "../template.ts";
import {
  CERTIFICATE_SOURCE,
  CHAIN,
  OWN_CERTIFICATE,
  PRIVATE_KEY,
  RESTART_AFTER_RENEWAL,
  UNNAMED_NOTE,
} from "./certificate-files.ts";
import { DATA_IN_CLEAR, REUSE_PROTECTS } from "./generic.ts";

const set = settingsIn("/etc/proftpd/tls.conf", " ");
const restart = ["systemctl restart proftpd"];
const ELSEWHERE = "Elsewhere than on Debian the directive stands in the main file.";
const OPTIONS = "Keep the options that a line of TLSOptions already names.";
/** ProFTPD sends the server's own certificate alone, even out of fullchain.pem; seen with 1.3.8. */
const certificate = [
  set("TLSRSACertificateFile", OWN_CERTIFICATE),
  set("TLSRSACertificateKeyFile", PRIVATE_KEY),
  set("TLSCertificateChainFile", CHAIN),
];
const CHAIN_APART =
  "ProFTPD takes the intermediate certificates from the chain's own file alone, and without them many clients do not trust it.";
/** Each `sed` takes the comment sign from a line that Debian's files already have. */
const LOAD_ON_DEBIAN = [
  "apt-get install proftpd-mod-crypto",
  "sed -i.bak 's/^#[[:space:]]*\\(LoadModule mod_tls\\.c\\)/\\1/' /etc/proftpd/modules.conf",
  "sed -i.bak 's|^#[[:space:]]*\\(Include /etc/proftpd/tls\\.conf\\)|\\1|' /etc/proftpd/proftpd.conf",
];
/** A line of TLSOptions without any option stops ProFTPD from starting, so one that had no other goes. */
const FORGET_IMPLICIT =
  "sed -i.bak -e '/^[[:space:]]*TLSOptions[[:space:]]*UseImplicitSSL[[:space:]]*$/d' -e '/^[[:space:]]*TLSOptions/s/[[:space:]]UseImplicitSSL//' /etc/proftpd/tls.conf";

/** ProFTPD under TLS: doc/contrib/mod_tls.html, and tried with 1.3.8. */
export const proftpdTls: RemedyTable = {
  "tls-enable": [
    serverRemedy(
      [
        "Loads mod_tls (on Debian it comes in a package of its own) and switches TLS on, beside clear text.",
        CERTIFICATE_SOURCE,
        UNNAMED_NOTE,
        CHAIN_APART,
        ELSEWHERE,
      ],
      {
        config: [set("TLSEngine", "on"), ...certificate, set("TLSRequired", "off")],
        commands: [...LOAD_ON_DEBIAN, ...restart],
      },
    ),
  ],
  "tls-certificate": [
    serverRemedy(
      [
        "Gives ProFTPD a certificate for {host}, with its chain.",
        CERTIFICATE_SOURCE,
        UNNAMED_NOTE,
        CHAIN_APART,
        RESTART_AFTER_RENEWAL,
        "Virtual hosts take certificates of their own, chosen by the name that the client asks for (SNI, since 1.3.8).",
        ELSEWHERE,
      ],
      { config: certificate, commands: restart },
    ),
  ],
  "tls-versions": [
    serverRemedy(
      ["Lets ProFTPD speak TLS 1.2 and 1.3 (before 1.3.7 name TLSv1.2 alone: it does not know the other).", ELSEWHERE],
      { config: [set("TLSProtocol", "TLSv1.2 TLSv1.3")], commands: restart },
    ),
  ],
  "tls-ciphers": [
    serverRemedy(
      [
        "Lets ProFTPD offer present ciphers.",
        "Where the Diffie-Hellman group is refused (`dh key too small`), take TLSDHParamFile out, or make its file anew: openssl dhparam -out FILE 2048.",
        "Where the key is refused, make one of 2048 bits or more with the next certificate.",
        ELSEWHERE,
      ],
      { config: [set("TLSCipherSuite", "HIGH:!aNULL:!MD5")], commands: restart },
    ),
  ],
  "tls-mode": [
    serverRemedy(
      [
        "Makes ProFTPD greet in clear and begin TLS when it is asked to (AUTH TLS), as clients expect on port 21.",
        "Implicit TLS for the clients that need it belongs into a <VirtualHost> of its own with Port 990 and TLSOptions UseImplicitSSL.",
        "The old file stays beside the new one (.bak).",
        ELSEWHERE,
      ],
      { commands: [FORGET_IMPLICIT, ...restart] },
    ),
  ],
  "tls-client-certificate": [
    serverRemedy(["Demands no certificate of clients any longer; the password stays.", ELSEWHERE], {
      config: [set("TLSVerifyClient", "off")],
      commands: restart,
    }),
  ],
  "anonymous-tls": [
    serverRemedy([
      "ProFTPD treats anonymous visitors as everybody else: look for a TLSRequired of its own in the <Anonymous> section, and for `TLSOptions AllowPerUser`.",
    ]),
  ],
  "session-reuse": [
    serverRemedy(
      [
        "Lets clients in that open a new TLS session for each data connection (ProFTPD demands a resumed one by default).",
        REUSE_PROTECTS,
        OPTIONS,
        ELSEWHERE,
      ],
      { config: [set("TLSOptions", "NoSessionReuseRequired")], commands: restart },
    ),
  ],
  "prot-p": [
    serverRemedy(["Lets clients transfer without PROT P.", DATA_IN_CLEAR, ELSEWHERE], {
      config: [set("TLSRequired", "{tlsRequired}")],
      commands: restart,
    }),
  ],
  "tls-masquerade": [
    serverRemedy(
      [
        "Makes ProFTPD name the public address under TLS alone; in clear text the NAT's helper goes on putting it in.",
        "Take MasqueradeAddress out where it stands beside it, for it holds in clear text.",
        ELSEWHERE,
      ],
      { config: [set("TLSMasqueradeAddress", "{publicAddress}")], commands: restart },
    ),
  ],
};
