import { ON_RED_HAT, restart, set } from "../servers/vsftpd-conf.ts";
import { type RemedyTable, serverRemedy, settingsIn } from "../template.ts";
import { CERTIFICATE_FILES, FULL_CHAIN, PRIVATE_KEY, UNNAMED_NOTE } from "./certificate-files.ts";
import { DATA_IN_CLEAR, REUSE_PROTECTS } from "./generic.ts";

/** The default of vsftpd's own release is DES-CBC3-SHA, which no present client takes; Debian's package was seen to do without. */
const presentCiphers = set("ssl_ciphers", "HIGH");
const certificate = [set("rsa_cert_file", FULL_CHAIN), set("rsa_private_key_file", PRIVATE_KEY)];

/** vsftpd under TLS: vsftpd.conf(5), and tried with Debian's 3.0.3. */
export const vsftpdTls: RemedyTable = {
  "tls-enable": [
    serverRemedy(
      [
        "Switches TLS on; from then on accounts may log in with TLS alone, unless force_local_logins_ssl=NO and force_local_data_ssl=NO are set as well.",
        CERTIFICATE_FILES,
        UNNAMED_NOTE,
        ON_RED_HAT,
      ],
      { config: [set("ssl_enable", "YES"), ...certificate, presentCiphers], commands: restart },
    ),
  ],
  "tls-certificate": [
    serverRemedy(
      [
        "Gives vsftpd a certificate for {host}, with its chain.",
        CERTIFICATE_FILES,
        UNNAMED_NOTE,
        "The first command shows whose the one on disk is and until when it is valid; if that is a good one already, the restart alone is missing.",
        'vsftpd reads the files when it starts: `certbot renew --deploy-hook "systemctl restart vsftpd"` renews what is due, and from then on restarts it after every renewal.',
        ON_RED_HAT,
      ],
      {
        config: certificate,
        commands: [`openssl x509 -noout -subject -enddate -in ${FULL_CHAIN}`, ...restart],
      },
    ),
  ],
  "tls-versions": [
    serverRemedy([
      "vsftpd speaks whatever its OpenSSL does: what forbids TLS 1.2 or 1.3 is MinProtocol or MaxProtocol in /etc/ssl/openssl.cnf, or a library that is too old for them.",
    ]),
    serverRemedy(
      [
        "Allows TLS 1.2.",
        "Only the packages of Red Hat and its relatives know this option; any other vsftpd refuses to start with it.",
      ],
      {
        product: "vsftpd on Red Hat",
        config: [settingsIn("/etc/vsftpd/vsftpd.conf", "=")("ssl_tlsv1_2", "YES")],
        commands: restart,
      },
    ),
  ],
  "tls-ciphers": [
    serverRemedy(
      [
        "Lets vsftpd offer present ciphers: the default of its own release (DES-CBC3-SHA) is one that clients have given up.",
        "Where the key is refused, make one of 2048 bits or more with the next certificate.",
        ON_RED_HAT,
      ],
      { config: [presentCiphers], commands: restart },
    ),
  ],
  "tls-mode": [
    serverRemedy(
      [
        "Makes vsftpd greet in clear and begin TLS when it is asked to (AUTH TLS), as clients expect on port 21.",
        "Implicit TLS for the clients that need it takes a second vsftpd with its own file: implicit_ssl=YES and listen_port=990.",
        ON_RED_HAT,
      ],
      { config: [set("implicit_ssl", "NO")], commands: restart },
    ),
  ],
  "tls-client-certificate": [
    serverRemedy(["Demands no certificate of clients any longer; the password stays.", ON_RED_HAT], {
      config: [set("require_cert", "NO"), set("validate_cert", "NO")],
      commands: restart,
    }),
  ],
  "anonymous-tls": [
    serverRemedy(["Lets anonymous visitors use TLS, without making them.", ON_RED_HAT], {
      config: [set("allow_anon_ssl", "YES"), set("force_anon_logins_ssl", "NO"), set("force_anon_data_ssl", "NO")],
      commands: restart,
    }),
  ],
  "session-reuse": [
    serverRemedy(
      [
        "Lets clients in that open a new TLS session for each data connection (vsftpd demands a resumed one by default).",
        REUSE_PROTECTS,
        "While the demand is on, vsftpd gives it as the reason for whatever goes wrong in the handshake of a data connection.",
        ON_RED_HAT,
      ],
      { config: [set("require_ssl_reuse", "NO")], commands: restart },
    ),
  ],
  "prot-p": [
    serverRemedy(["Lets clients transfer without PROT P.", DATA_IN_CLEAR, ON_RED_HAT], {
      config: [set("force_local_data_ssl", "NO"), set("force_anon_data_ssl", "NO")],
      commands: restart,
    }),
  ],
  "tls-masquerade": [
    serverRemedy(
      [
        "Makes vsftpd name the public address by itself, with TLS and without; then switch the FTP helper (ALG) of the NAT off, for one that meets an address already changed may open nothing.",
        "On an IPv6 listener vsftpd 3.0.3 makes 0,0,0,0 of pasv_address, so listen and listen_ipv6 belong to it.",
        ON_RED_HAT,
      ],
      {
        config: [set("pasv_address", "{publicAddress}"), set("listen", "YES"), set("listen_ipv6", "NO")],
        commands: restart,
      },
    ),
  ],
  "tls-close-notify": [
    serverRemedy(
      [
        "Takes uploads of clients that end the data connection without ending its TLS.",
        "It weakens the server a little: an upload that somebody cuts short then counts as complete.",
        ON_RED_HAT,
      ],
      { config: [set("strict_ssl_read_eof", "NO"), set("strict_ssl_write_shutdown", "NO")], commands: restart },
    ),
  ],
};
