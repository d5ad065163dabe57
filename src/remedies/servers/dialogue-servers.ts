import type { PortRange } from "../../model/evidence.ts";
import type { ProductName } from "../../model/product.ts";
import { serverRemedy, settingsIn } from "../template.ts";
import { otherTls } from "../tls/other-servers.ts";
import type { ServerSetUp } from "./set-up.ts";

/** A server that is set up in a dialogue: where the advertised address and the passive range are found. */
interface DialogueServer {
  product: ProductName;
  address: readonly [place: string, field: string];
  range: readonly [place: string, field: string];
  /** Its own range, where it comes with one. */
  own?: PortRange;
  apply: string;
  source: string;
}

/** None of these were tried here, hence the reservation in the text. */
const MAY_DIFFER = "The names of the pages may differ in your version.";

const servers: readonly DialogueServer[] = [
  {
    product: "Serv-U",
    address: ["domain > Listeners > listener > PASV IP Address or Domain Name", "PASV IP Address"],
    range: ["Server Limits & Settings > Settings > Network Settings", "PASV Port Range"],
    apply: "Then press Save.",
    source: "documentation.solarwinds.com: Serv-U",
  },
  {
    product: "WS_FTP Server",
    address: ["Server > Listeners > FTP listener > Firewall settings", "Use firewall IP for PASV"],
    range: ["Server > Listeners > FTP listener > Firewall settings", "Passive port range"],
    apply: "Then restart the listener.",
    source: "WS_FTP Server administrator's guide",
  },
  {
    product: "Titan FTP Server",
    address: ["Server > Connections > FTP", "PASV IP address"],
    range: ["Server > Connections > FTP", "PASV port range"],
    apply: "Then press Apply.",
    source: "southrivertech.com: Titan FTP Server help",
  },
  {
    product: "CrushFTP",
    address: ["Preferences > IP/Servers > FTP item > Advanced", "Passive IP"],
    range: ["Preferences > IP/Servers > FTP item > Advanced", "PASV port range"],
    apply: "Then press Save.",
    source: "crushftp.com wiki",
  },
  {
    product: "Wing FTP Server",
    address: ["Domain > Settings > General Settings > Passive mode", "External IP"],
    range: ["Domain > Settings > General Settings > Passive mode", "Passive port range"],
    apply: "Then press Apply.",
    source: "wftpserver.com help",
  },
  {
    product: "Cerberus",
    address: ["Server Manager > Interfaces > FTP interface > PASV Options", "Use different IP for PASV mode"],
    range: ["Server Manager > Advanced", "Passive port range"],
    apply: "Then press Update.",
    source: "cerberusftp.com support",
  },
  {
    product: "Globalscape EFT",
    address: ["Site > Connections > FTP/S Config", "Assign PASV mode IP address"],
    range: ["Site > Connections > FTP/S Config", "Port Range"],
    apply: "Then press Apply.",
    source: "Globalscape EFT help",
  },
  {
    product: "Syncplify",
    address: ["Site > Protocols > FTP(E/S) > Common", "External PASV IP"],
    range: ["Site > Protocols > FTP(E/S) > Common", "Passive port range"],
    apply: "Then save and restart the virtual site; External PASV IP (TLS) holds the address for sessions under TLS.",
    source: "docs.syncplify.com",
  },
  {
    product: "Synology DSM",
    address: ["Control Panel > File Services > FTP", "Report external IP in PASV mode"],
    range: ["Control Panel > File Services > FTP", "Use the following port range"],
    own: { from: 55536, to: 55567 },
    apply: "Then press Apply.",
    source: "kb.synology.com: FTP",
  },
  {
    product: "QNAP",
    address: [
      "Control Panel > Network Services > FTP > Advanced",
      "Respond with external IP address for passive FTP connection request",
    ],
    range: ["Control Panel > Network Services > FTP > Advanced", "Passive FTP port range"],
    own: { from: 55536, to: 56559 },
    apply: "Then press Apply.",
    source: "docs.qnap.com: FTP",
  },
];

/** Servers that are set up in a dialogue. */
export const dialogueServers: readonly ServerSetUp[] = servers.map(
  ({ product, address, range, own, apply, source }) => ({
    product,
    label: product,
    ...(own === undefined ? {} : { range: own }),
    knownBy: `It is ${product} where the greeting says so.`,
    source,
    remedies: {
      ...otherTls[product],
      "advertised-address": [
        serverRemedy(
          [`Makes ${product} name the address that clients reach in its answer to PASV.`, apply, MAY_DIFFER],
          {
            config: [settingsIn(address[0], ": ")(address[1], "{publicAddress}")],
          },
        ),
      ],
      "passive-range": [
        serverRemedy(
          [
            `Makes ${product} offer passive ports {from} to {to} only; the firewall must open the same numbers.`,
            apply,
            MAY_DIFFER,
          ],
          { config: [settingsIn(range[0], ": ")(range[1], "{from}-{to}")] },
        ),
      ],
    },
  }),
);
