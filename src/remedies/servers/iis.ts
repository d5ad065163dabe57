import { serverRemedy, settingsIn } from "../template.ts";
import { iisTls } from "../tls/windows-servers.ts";
import type { ServerSetUp } from "./set-up.ts";
import { TLS_OPTIONAL } from "./warnings.ts";

const RESTART = "Restart-Service ftpsvc";
const POWERSHELL = "In PowerShell as administrator.";
const PER_SITE = "It sets the default of all FTP sites; a value that a site has of its own wins.";

/** Sets a default of all FTP sites. */
function siteDefault(section: string, name: string, value: string): string {
  const filter = `system.applicationHost/sites/siteDefaults/ftpServer/${section}`;
  return `Set-WebConfigurationProperty -PSPath "IIS:\\" -Filter "${filter}" -Name "${name}" -Value "${value}"`;
}

const IMPORT = "Import-Module WebAdministration";
const RANGE_COMMAND =
  'Set-WebConfiguration "/system.ftpServer/firewallSupport" -PSPath "IIS:\\" -Value @{lowDataChannelPort="{from}";highDataChannelPort="{to}"}';
const dialogue = (place: string) => settingsIn(`IIS Manager > ${place}`, ": ");

/** IIS 7 and later. */
export const iis: ServerSetUp = {
  product: "IIS",
  label: "IIS",
  knownBy: "It is IIS where the login is answered with `230 User logged in.` and SYST with Windows_NT.",
  prompt: /^(?:Password required\b|Anonymous access allowed, send identity \(e-mail name\) as password\.$)/,
  source: "learn.microsoft.com: iis/configuration/system.applicationHost/sites, system.ftpServer/firewallSupport",
  remedies: {
    ...iisTls,
    "advertised-address": [
      serverRemedy(["Makes IIS name the address that clients reach in its answer to PASV.", POWERSHELL, PER_SITE], {
        config: [dialogue("site > FTP Firewall Support")("External IP Address of Firewall", "{publicAddress}")],
        commands: [IMPORT, siteDefault("firewallSupport", "externalIp4Address", "{publicAddress}"), RESTART],
      }),
    ],
    "own-address": [
      serverRemedy(
        ["Without an external address IIS names the address that the client has reached.", POWERSHELL, PER_SITE],
        {
          commands: [IMPORT, siteDefault("firewallSupport", "externalIp4Address", ""), RESTART],
        },
      ),
    ],
    "local-address": [
      serverRemedy(
        [
          "IIS names one address per site: give the local network a site of its own, bound to the local address, without External IP Address of Firewall.",
          "The local address here is {insideAddress}.",
        ],
        { effort: "medium" },
      ),
    ],
    "passive-range": [
      serverRemedy(
        [
          "Makes IIS offer passive ports {from} to {to} only; the firewall must open the same numbers.",
          "The range belongs to the server node, not to the site, and needs the restart; 0-0 is Windows' own range, 49152 to 65535.",
          POWERSHELL,
        ],
        {
          config: [dialogue("server > FTP Firewall Support")("Data Channel Port Range", "{from}-{to}")],
          commands: [IMPORT, RANGE_COMMAND, RESTART],
        },
      ),
    ],
    "listen-failed": [
      serverRemedy(
        [
          "`425 Cannot open data connection.` to PASV itself: the range overlaps ports that Windows has set aside, which the first command shows.",
          "Take a range that does not.",
          POWERSHELL,
        ],
        { commands: ["netsh int ipv4 show excludedportrange tcp", IMPORT, RANGE_COMMAND, RESTART] },
      ),
    ],
    "enable-passive": [
      serverRemedy([
        "IIS always has passive mode: what refuses it stands in front of it, or FTP Request Filtering denies the command PASV or EPSV.",
      ]),
    ],
    "enable-epsv": [
      serverRemedy([
        "IIS answers EPSV unless FTP Request Filtering (page Commands) denies it, or a firewall in front does.",
      ]),
    ],
    "enable-active": [
      serverRemedy([
        "IIS always has active mode: FTP Request Filtering (page Commands) may deny PORT or EPRT; take the entry out.",
      ]),
    ],
    "max-clients": [
      serverRemedy(
        ["Raises the number of sessions of each site; the least value of site and default counts.", POWERSHELL],
        {
          commands: [IMPORT, siteDefault("connections", "maxConnections", "4294967295"), RESTART],
        },
      ),
    ],
    "start-service": [
      serverRemedy(
        [
          "Starts the FTP service now and at every boot and shows what listens on port {controlPort}.",
          "The site must be started too (serverAutoStart) and have a binding for the address.",
          POWERSHELL,
        ],
        {
          commands: [
            "Set-Service -Name ftpsvc -StartupType Automatic",
            RESTART,
            "Get-NetTCPConnection -State Listen -LocalPort {controlPort}",
          ],
        },
      ),
    ],
    "access-list": [
      serverRemedy([
        "Look under FTP IPv4 Address and Domain Restrictions of server and site, and under FTP Logon Attempt Restrictions.",
        "The address here is {clientAddress}.",
      ]),
    ],
    unban: [
      serverRemedy(
        [
          "FTP Logon Attempt Restrictions (server node) lets an address back in after its sampling period, and a restart forgets all; FTP IPv4 Address and Domain Restrictions lasts until changed.",
          "The address here is {clientAddress}.",
        ],
        { commands: [RESTART] },
      ),
    ],
    login: [
      serverRemedy(
        [
          "Switches Basic Authentication on; under FTP Authorization Rules the user must be allowed to read.",
          "With host names on bindings the user name is host|user.",
          POWERSHELL,
          PER_SITE,
        ],
        { commands: [IMPORT, siteDefault("security/authentication/basicAuthentication", "enabled", "True"), RESTART] },
      ),
    ],
    "home-directory": [
      serverRemedy([
        "With user isolation each user needs a folder LocalUser\\name (or domain\\name) below the site's path, with NTFS rights; without it set FTP User Isolation to the FTP root directory.",
        "The user here is {user}.",
      ]),
    ],
    "require-tls": [
      serverRemedy([TLS_OPTIONAL, POWERSHELL, PER_SITE], {
        config: [dialogue("site > FTP SSL Settings")("SSL Policy", "Allow SSL connections")],
        commands: [
          IMPORT,
          siteDefault("security/ssl", "controlChannelPolicy", "SslAllow"),
          siteDefault("security/ssl", "dataChannelPolicy", "SslAllow"),
          RESTART,
        ],
      }),
    ],
    "read-path": [
      serverRemedy([
        "The directory must exist below the site's path (or the user's folder of FTP User Isolation), and the user needs the right to read in FTP Authorization Rules and in NTFS, in both.",
      ]),
    ],
    "write-path": [
      serverRemedy(["The user needs the right to write in FTP Authorization Rules and in NTFS, in both."]),
    ],
  },
};
