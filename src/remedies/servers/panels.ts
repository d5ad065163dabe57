import { type RemedyTable, serverRemedy, settingsIn } from "../template.ts";
import { DATA_IN_CLEAR } from "../tls/generic.ts";
import type { ServerSetUp } from "./set-up.ts";

/** cPanel's own range for both servers. */
const CPANEL_RANGE = { from: 49152, to: 65534 };
const OVERRIDES = "cPanel writes the server's main file anew from this one, so a change made there would be lost.";

const CPANEL_CERTIFICATE = serverRemedy([
  "In WHM: Service Configuration > Manage Service SSL Certificates > FTP Server, Reset Certificate or Browse Certificates; it is the certificate of the machine, so clients must use the machine's name and not that of a hosted domain.",
]);

interface CpanelServer {
  file: string;
  apply: string;
  address: string;
  range: string;
  rest: RemedyTable;
}

function cpanelRemedies({ file, apply, address, range, rest }: CpanelServer): RemedyTable {
  const set = settingsIn(file, ": ");
  return {
    "advertised-address": [
      serverRemedy(
        [
          "Makes the server name the address that clients reach in its answer to PASV.",
          OVERRIDES,
          `Only one ${address} entry may stand there.`,
          `Where there is no NAT, or where the server then cannot open passive connections to its other addresses, write \`${address}: ~\`.`,
        ],
        { config: [set(address, "{publicAddress}")], commands: [apply] },
      ),
    ],
    "own-address": [
      serverRemedy(
        [
          `With ${address}: ~ the value is left unset and not changed automatically: the server names the address that the client has reached, right where there is no NAT, and for a NATed server that must open passive connections to its other addresses.`,
          `Only one ${address} entry may stand there.`,
        ],
        { config: [set(address, "~")], commands: [apply] },
      ),
    ],
    "passive-range": [
      serverRemedy(
        [
          "Makes the server offer passive ports {from} to {to} only (cPanel's default is 49152 to 65534); the firewall must open the same numbers.",
          OVERRIDES,
        ],
        { config: [set(range, "{from} {to}")], commands: [apply] },
      ),
    ],
    ...rest,
  };
}

const PURE_FILE = "/var/cpanel/conf/pureftpd/local";
const PURE_APPLY = "/usr/local/cpanel/scripts/setupftpserver pure-ftpd --force";
const pure = settingsIn(PURE_FILE, ": ");
const pureSetting = (text: string, directive: string, value: string) => [
  serverRemedy([text, OVERRIDES], { config: [pure(directive, value)], commands: [PURE_APPLY] }),
];

/** Pure-FTPd under cPanel. */
export const cpanelPureFtpd: ServerSetUp = {
  product: "Pure-FTPd",
  label: "cPanel with Pure-FTPd",
  panel: "cpanel",
  range: CPANEL_RANGE,
  knownBy: "It is Pure-FTPd under cPanel where there is a file /var/cpanel/conf/pureftpd/main.",
  source: "docs.cpanel.net: How to Enable FTP Passive Mode",
  remedies: cpanelRemedies({
    file: PURE_FILE,
    apply: PURE_APPLY,
    address: "ForcePassiveIP",
    range: "PassivePortRange",
    rest: {
      "max-clients": pureSetting(
        "Raises the number of sessions in all (cPanel's default is 50).",
        "MaxClientsNumber",
        "200",
      ),
      "max-per-ip": pureSetting(
        "Raises the number of sessions from one address (cPanel's default is 8).",
        "MaxClientsPerIP",
        "20",
      ),
      "reverse-lookup": pureSetting("Switches the look-up of the client's name off.", "DontResolve", "yes"),
      "require-tls": pureSetting(
        "Offers TLS without demanding it; it is the same setting as in WHM, Service Configuration, FTP Server Configuration.",
        "TLS",
        "1",
      ),
      "prot-p": pureSetting(`Lets clients transfer without PROT P. ${DATA_IN_CLEAR}`, "TLS", "2"),
      "tls-ciphers": pureSetting("Lets Pure-FTPd offer present ciphers.", "TLSCipherSuite", "HIGH"),
      "tls-certificate": [CPANEL_CERTIFICATE],
      "enable-epsv": pureSetting("Makes Pure-FTPd answer EPSV on IPv4.", "BrokenClientsCompatibility", "no"),
      "start-service": [
        serverRemedy(["Starts Pure-FTPd again; in WHM it is Restart Services, FTP Server."], {
          commands: ["/usr/local/cpanel/scripts/restartsrv_pureftpd"],
        }),
      ],
    },
  }),
};

/** ProFTPD under cPanel. */
export const cpanelProftpd: ServerSetUp = {
  product: "ProFTPD",
  label: "cPanel with ProFTPD",
  panel: "cpanel",
  range: CPANEL_RANGE,
  knownBy: "It is ProFTPD under cPanel where there is a file /var/cpanel/conf/proftpd/main.",
  source: "docs.cpanel.net: How to Enable FTP Passive Mode",
  remedies: cpanelRemedies({
    file: "/var/cpanel/conf/proftpd/local",
    apply: "/usr/local/cpanel/scripts/setupftpserver proftpd --force",
    address: "MasqueradeAddress",
    range: "PassivePorts",
    rest: {
      "tls-certificate": [CPANEL_CERTIFICATE],
      "start-service": [
        serverRemedy(["Starts ProFTPD again; in WHM it is Restart Services, FTP Server."], {
          commands: ["/usr/local/cpanel/scripts/restartsrv_proftpd"],
        }),
      ],
    },
  }),
};

const plesk = settingsIn("/etc/proftpd.d/55-passive.conf", " ");
const PLESK_APPLY = ["systemctl restart xinetd"];

/** ProFTPD under Plesk. */
export const pleskProftpd: ServerSetUp = {
  product: "ProFTPD",
  label: "Plesk with ProFTPD",
  panel: "plesk",
  range: { from: 49152, to: 65535 },
  knownBy: "It is ProFTPD under Plesk where there is a directory /etc/proftpd.d.",
  source: "support.plesk.com: passive FTP behind NAT",
  remedies: {
    "advertised-address": [
      serverRemedy(["Makes ProFTPD name the address that clients reach in its answer to PASV."], {
        config: [plesk("MasqueradeAddress", "{publicAddress}")],
        commands: PLESK_APPLY,
      }),
    ],
    "passive-range": [
      serverRemedy(
        ["Makes ProFTPD offer passive ports {from} to {to} only; the firewall must open the same numbers."],
        {
          config: [plesk("PassivePorts", "{from} {to}")],
          commands: PLESK_APPLY,
        },
      ),
    ],
  },
};
