import { type SettingStyle, serverRemedy, settingsIn } from "../template.ts";
import { filezillaTls, oldFilezillaTls } from "../tls/windows-servers.ts";
import type { ServerSetUp } from "./set-up.ts";
import { TLS_OPTIONAL } from "./warnings.ts";

const page = (place: string): SettingStyle => settingsIn(place, ": ");
const passive = page(
  "Administration > Server > Configure > Protocols settings > FTP and FTP over TLS (FTPS) > Passive mode",
);
const oldPassive = page("Edit > Settings > Passive mode settings");
const WINDOWS_SERVICE = [
  'Set-Service -Name "filezilla-server" -StartupType Automatic',
  'Restart-Service -Name "filezilla-server"',
];

/** FileZilla Server 1.x. */
export const filezillaServer: ServerSetUp = {
  product: "FileZilla Server",
  label: "FileZilla Server",
  knownBy: "It is FileZilla Server where the login is asked for with `331 Please, specify the password.`",
  prompt: /^Please, specify the password\.$/,
  source: "FileZilla Server 1.x: administration interface and manual",
  remedies: {
    ...filezillaTls,
    "advertised-address": [
      serverRemedy(
        ["Makes FileZilla Server name the address that clients reach in its answer to PASV; then press Apply."],
        {
          config: [passive("Use the following host", "{publicAddress}")],
        },
      ),
    ],
    "own-address": [
      serverRemedy(
        [
          "Makes FileZilla Server name the address that the client has reached, right where there is no NAT; then press Apply.",
        ],
        {
          config: [passive("Public IP or hostname", "Default")],
        },
      ),
    ],
    "dynamic-address": [
      serverRemedy(["Takes the name that clients use in place of a fixed address; then press Apply."], {
        config: [passive("Use the following host", "{host}")],
      }),
    ],
    "local-address": [
      serverRemedy(["Names the server's own address to clients of the local network; then press Apply."], {
        config: [passive("Use the default host for local connections", "ticked")],
      }),
    ],
    "passive-range": [
      serverRemedy(
        [
          "Makes FileZilla Server offer passive ports {from} to {to} only; the firewall must open the same numbers.",
          "Then press Apply.",
        ],
        { config: [passive("Use custom port range", "from {from} to {to}")] },
      ),
    ],
    "listen-failed": [
      serverRemedy(
        [
          "Move the range away from what Windows has set aside (the command shows it) and from other programs, then press Apply.",
        ],
        {
          config: [passive("Use custom port range", "from {from} to {to}")],
          commands: ["netsh int ipv4 show excludedportrange tcp"],
        },
      ),
    ],
    "start-service": [
      serverRemedy(
        [
          "Starts FileZilla Server now and at every boot (PowerShell as administrator); check its listeners under Server listeners.",
        ],
        {
          commands: WINDOWS_SERVICE,
        },
      ),
    ],
    "listen-ipv6": [
      serverRemedy(["Add a listener for IPv6 beside the one for IPv4, then press Apply."], {
        config: [page("Administration > Server > Configure > Server listeners")("Address", "::")],
      }),
    ],
    unban: [
      serverRemedy([
        "Take the address out of Administration > Server > Configure > Protocols settings > Autoban (restarting the service forgets all bans), and out of the IP filters.",
        "The address here is {clientAddress}.",
      ]),
    ],
    "access-list": [
      serverRemedy([
        "Take the address out of Administration > Server > Configure > Filters > Disallowed IPs.",
        "The address here is {clientAddress}.",
      ]),
    ],
    login: [
      serverRemedy([
        "Check under Rights management > Users that the user is enabled, has a password and an authentication method, and that no filter of the user excludes the address.",
      ]),
    ],
    "home-directory": [
      serverRemedy([
        "Give the user a mount point for / under Rights management > Users, with a native path that exists and that the service may enter.",
      ]),
    ],
    "require-tls": [
      serverRemedy([TLS_OPTIONAL], {
        config: [
          page("Administration > Server > Configure > Server listeners > Protocol")(
            "Protocol",
            "Explicit FTP over TLS and insecure plain FTP",
          ),
        ],
      }),
    ],
    "read-path": [
      serverRemedy([
        "Look under Rights management > Users at the user's mount points: the path must lie below one whose access mode allows reading, and the service's account needs the right to read in Windows.",
      ]),
    ],
    "write-path": [
      serverRemedy([
        "Set the access mode of the user's mount point to Read + Write where uploads are meant to be, and give the service's account the same right in Windows.",
      ]),
    ],
  },
};

/** FileZilla Server 0.9. */
export const oldFilezillaServer: ServerSetUp = {
  product: "FileZilla Server 0.9",
  label: "FileZilla Server 0.9",
  knownBy: "It is FileZilla Server 0.9 where a login is answered with `230 Logged on`.",
  source: "FileZilla Server 0.9.60: settings dialogue",
  remedies: {
    ...oldFilezillaTls,
    "advertised-address": [
      serverRemedy(
        ["Makes FileZilla Server name the address that clients reach in its answer to PASV; then press OK."],
        {
          config: [
            oldPassive("Use the following IP", "{publicAddress}"),
            oldPassive("Don't use external IP for local connections", "ticked"),
          ],
        },
      ),
    ],
    "own-address": [
      serverRemedy(
        [
          "Makes FileZilla Server name the address that the client has reached, right where there is no NAT; then press OK.",
        ],
        {
          config: [oldPassive("External Server IP Address for passive mode transfers", "Default")],
        },
      ),
    ],
    "dynamic-address": [
      serverRemedy(["Asks an address service for the external address again and again; then press OK."], {
        config: [oldPassive("Retrieve external IP address from", "http://ip.filezilla-project.org/ip.php")],
      }),
    ],
    "local-address": [
      serverRemedy(["Names the server's own address to clients of the local network; then press OK."], {
        config: [oldPassive("Don't use external IP for local connections", "ticked")],
      }),
    ],
    "passive-range": [
      serverRemedy(
        ["Makes FileZilla Server offer passive ports {from} to {to} only; the firewall must open the same numbers."],
        {
          config: [oldPassive("Use custom port range", "{from} - {to}")],
        },
      ),
    ],
    "listen-failed": [
      serverRemedy(
        ["Move the range away from what Windows has set aside (the command shows it) and from other programs."],
        {
          config: [oldPassive("Use custom port range", "{from} - {to}")],
          commands: ["netsh int ipv4 show excludedportrange tcp"],
        },
      ),
    ],
    "start-service": [
      serverRemedy(["Starts FileZilla Server now and at every boot (PowerShell as administrator)."], {
        commands: [
          'Set-Service -Name "FileZilla Server" -StartupType Automatic',
          'Restart-Service -Name "FileZilla Server"',
        ],
      }),
    ],
    "max-clients": [
      serverRemedy(["Raises the number of sessions in all (0 is no limit)."], {
        config: [page("Edit > Settings > General settings")("Max. number of users", "0")],
      }),
    ],
    "max-per-ip": [
      serverRemedy(["Raises the number of sessions from one address of this user (0 is no limit)."], {
        config: [page("Edit > Users > General")("Connection limit per IP", "0")],
      }),
    ],
    unban: [
      serverRemedy([
        "Take the address out of Edit > Settings > Autoban and out of the IP Filter page; restarting the service forgets all bans.",
        "The address here is {clientAddress}.",
      ]),
    ],
    "require-tls": [
      serverRemedy([TLS_OPTIONAL], {
        config: [page("Edit > Settings > FTP over TLS settings")("Disallow plain unencrypted FTP", "not ticked")],
      }),
    ],
    "home-directory": [
      serverRemedy([
        "Give the user a home directory under Edit > Users > Shared folders (Set as home dir); it must exist.",
      ]),
    ],
  },
};
