import { serverRemedy, settingsIn } from "../template.ts";
import { otherTls } from "../tls/other-servers.ts";
import type { ServerSetUp } from "./set-up.ts";

/** None of these were tried here, hence the reservation in the text. */
const CHECK = "Check the name of the directive in the manual of your version.";
const ADDRESS = "Makes the server name the address that clients reach in its answer to PASV.";
const RANGE = "Makes the server offer passive ports {from} to {to} only; the firewall must open the same numbers.";

const glftpd = settingsIn("/etc/glftpd.conf", " ");
const bftpd = settingsIn("/etc/bftpd.conf", "=");
const wuftpd = settingsIn("/etc/ftpaccess", " ");
const tnftpd = settingsIn("/etc/ftpd.conf", " ");
const sysctl = settingsIn("/etc/sysctl.conf", "=");
const apache = settingsIn("the server's XML configuration, nio-listener > data-connection > passive", "=");
const ftpData = settingsIn("FTP.DATA of the server", " ");

/** Servers of Unix, of libraries and of mainframes, with a file for each. */
export const unixServers: readonly ServerSetUp[] = [
  {
    product: "glFTPd",
    label: "glFTPd",
    knownBy: "It is glFTPd where the greeting says so.",
    source: "glftpd.docs",
    remedies: {
      "advertised-address": [serverRemedy([ADDRESS, CHECK], { config: [glftpd("pasv_addr", "{publicAddress} 1")] })],
      "passive-range": [serverRemedy([RANGE, CHECK], { config: [glftpd("pasv_ports", "{from}-{to}")] })],
      "reverse-lookup": [
        serverRemedy(["Start glftpd with `-I 0 -n 0` in the inetd or xinetd entry: no ident and no name look-up."]),
      ],
    },
  },
  {
    product: "bftpd",
    label: "bftpd",
    knownBy: "It is bftpd where the greeting says so.",
    source: "bftpd.conf",
    remedies: {
      "advertised-address": [serverRemedy([ADDRESS, CHECK], { config: [bftpd("OVERRIDE_IP", '"{publicAddress}"')] })],
      "passive-range": [serverRemedy([RANGE, CHECK], { config: [bftpd("PASSIVE_PORTS", '"{from}-{to}"')] })],
    },
  },
  {
    product: "wu-ftpd",
    label: "wu-ftpd",
    knownBy: "It is wu-ftpd where the greeting says so.",
    source: "ftpaccess(5)",
    remedies: {
      "advertised-address": [
        serverRemedy([ADDRESS, CHECK], { config: [wuftpd("passive address", "{publicAddress} 0.0.0.0/0")] }),
      ],
      "local-address": [
        serverRemedy([
          "`passive address` takes a network as its last word: give the local network a line with the local address.",
        ]),
      ],
      "passive-range": [serverRemedy([RANGE, CHECK], { config: [wuftpd("passive ports", "0.0.0.0/0 {from} {to}")] })],
    },
  },
  {
    product: "tnftpd",
    label: "tnftpd",
    knownBy: "It is tnftpd (NetBSD) where the greeting says so.",
    source: "ftpd.conf(5)",
    remedies: {
      "advertised-address": [serverRemedy([ADDRESS, CHECK], { config: [tnftpd("advertize all", "{publicAddress}")] })],
      "passive-range": [serverRemedy([RANGE, CHECK], { config: [tnftpd("portrange all", "{from} {to}")] })],
    },
  },
  {
    product: "BSD ftpd",
    label: "BSD ftpd",
    knownBy: "It is the ftpd of a BSD where the greeting says so.",
    source: "FreeBSD: ftpd(8), ip(4)",
    remedies: {
      "advertised-address": [
        serverRemedy(
          [
            "This server cannot name another address than its own: let clients use EPSV, use another server, or a NAT that rewrites FTP (clear text only).",
          ],
          { effort: "high" },
        ),
      ],
      "passive-range": [
        serverRemedy(
          [
            "Takes the passive ports from {from} to {to} (FreeBSD; these ports then serve every program that asks for a high port); the firewall must open the same numbers.",
          ],
          {
            config: [sysctl("net.inet.ip.portrange.hifirst", "{from}"), sysctl("net.inet.ip.portrange.hilast", "{to}")],
            commands: ["sysctl net.inet.ip.portrange.hifirst={from}", "sysctl net.inet.ip.portrange.hilast={to}"],
          },
        ),
      ],
    },
  },
  {
    product: "Apache FtpServer",
    label: "Apache FtpServer",
    knownBy: "It is Apache FtpServer where SYST and wordings follow RFC 959 to the letter.",
    source: "mina.apache.org: ftpserver-project, listeners",
    remedies: {
      "advertised-address": [
        serverRemedy([ADDRESS, "Then restart it."], { config: [apache("external-address", '"{publicAddress}"')] }),
      ],
      "passive-range": [serverRemedy([RANGE, "Then restart it."], { config: [apache("ports", '"{from}-{to}"')] })],
    },
  },
  {
    product: "z/OS",
    label: "z/OS",
    knownBy: "It is z/OS where SYST names MVS.",
    source: "ibm.com: z/OS Communications Server, FTP.DATA",
    remedies: {
      "advertised-address": [
        serverRemedy([
          "The server names the address of its own stack: let the NAT rewrite it, or let the client use EPSV (a z/OS client: EPSV4 TRUE, PASSIVEIGNOREADDR TRUE).",
        ]),
      ],
      "passive-range": [
        serverRemedy([RANGE, "Reserve the range with PORTRANGE in PROFILE.TCPIP as well, then restart FTPD."], {
          config: [ftpData("PASSIVEDATAPORTS", "({from},{to})")],
        }),
      ],
    },
  },
  {
    product: "IBM i",
    label: "IBM i",
    knownBy: "It is IBM i where the greeting begins with QTCP.",
    source: "ibm.com: IBM i, FTP",
    remedies: {
      ...otherTls["IBM i"],
      "advertised-address": [
        serverRemedy([
          "The server names its own address: let clients use EPSV, or let the NAT rewrite the answer to PASV (clear text only).",
        ]),
      ],
      "readable-reply": [
        serverRemedy(
          [
            "The delimiters in 229 become exclamation marks where the job's character set turns the bar into one: set the CCSID of the FTP server job (CHGFTPA), then start it again.",
          ],
          { commands: ["ENDTCPSVR SERVER(*FTP)", "STRTCPSVR SERVER(*FTP)"] },
        ),
      ],
      "start-service": [serverRemedy(["Starts the FTP server."], { commands: ["STRTCPSVR SERVER(*FTP)"] })],
    },
  },
  {
    product: "MikroTik",
    label: "MikroTik",
    knownBy: "It is the server of a MikroTik router where SYST says so.",
    source: "help.mikrotik.com: Services",
    remedies: {
      "advertised-address": [
        serverRemedy(["The router's own FTP server has no such setting: reach it without NAT, or use EPSV or SFTP."]),
      ],
      "passive-range": [
        serverRemedy([
          "The router's own FTP server has no such setting and takes any high port: use SFTP, or allow established and related connections with the FTP helper on.",
        ]),
      ],
      "start-service": [serverRemedy(["Switches the FTP service on."], { commands: ["/ip service enable ftp"] })],
      "access-list": [
        serverRemedy(["Shows and limits who may use the service: /ip service print, then address= of ftp."]),
      ],
    },
  },
];
