import { type RemedyTable, type SettingStyle, serverRemedy, settingsIn } from "../template.ts";
import { DATA_IN_CLEAR, REUSE_PROTECTS } from "./generic.ts";

const FILEZILLA = "Administration > Server > Configure";
const page = (place: string): SettingStyle => settingsIn(`${FILEZILLA} > ${place}`, ": ");
const security = page("Protocols settings > FTP and FTP over TLS (FTPS) > Connection security");
const listener = page("Server listeners");

/** FileZilla Server 1.x under TLS: its administration interface and wiki. */
export const filezillaTls: RemedyTable = {
  "tls-enable": [
    serverRemedy(["Offers TLS beside clear text; then press Apply."], {
      config: [listener("Protocol", "Explicit FTP over TLS and insecure plain FTP")],
    }),
  ],
  "tls-certificate": [
    serverRemedy(
      [
        "Takes a certificate that clients believe and renews it by itself, or choose `Provide a X.509 certificate and private key` with a file that has the whole chain; then press Apply.",
        "The self-signed one that it comes with is believed by clients that were shown its fingerprint alone.",
      ],
      { config: [security("TLS certificate", "Use a Let's Encrypt certificate")] },
    ),
  ],
  "tls-versions": [
    serverRemedy(["Lets FileZilla Server speak TLS 1.2 and 1.3; then press Apply."], {
      config: [security("Minimum allowed TLS version", "v1.2")],
    }),
  ],
  "tls-mode": [
    serverRemedy(["Explicit TLS on port 21; implicit TLS belongs to a listener of its own on port 990."], {
      config: [listener("Protocol", "Require explicit FTP over TLS")],
    }),
  ],
  "session-reuse": [
    serverRemedy([
      "FileZilla Server 1.x always demands that a data connection resumes the control connection's TLS session, and has no switch for it: let the client resume it, or take another server for a client that cannot.",
    ]),
  ],
  "prot-p": [
    serverRemedy([
      "FileZilla Server 1.x has no switch that lets files go in clear in a session under TLS: let the client send PBSZ 0 and PROT P.",
    ]),
  ],
};

const oldPage = settingsIn("Edit > Settings > FTP over TLS settings", ": ");

/** FileZilla Server 0.9 under TLS: its settings dialogue. */
export const oldFilezillaTls: RemedyTable = {
  "tls-enable": [
    serverRemedy(["Offers TLS, with the certificate that `Generate new certificate` makes or one of yours."], {
      config: [
        oldPage("Enable FTP over TLS support (FTPS)", "ticked"),
        oldPage("Allow explicit FTP over TLS", "ticked"),
      ],
    }),
  ],
  "tls-versions": [
    serverRemedy([
      "FileZilla Server 0.9 knows no TLS 1.3, and its old releases no TLS 1.2 either: take release 1.x, which has been the maintained one since 2022.",
    ]),
  ],
  "session-reuse": [
    serverRemedy(["Lets clients in that open a new TLS session for each data connection.", REUSE_PROTECTS], {
      config: [oldPage("Require TLS session resumption on data connection when using PROT P", "not ticked")],
    }),
  ],
  "prot-p": [
    serverRemedy(["Lets clients transfer without PROT P.", DATA_IN_CLEAR], {
      config: [oldPage("Force PROT P to encrypt file transfers when using FTP over TLS", "not ticked")],
    }),
  ],
};

const RESTART = "Restart-Service ftpsvc";
const POWERSHELL = "In PowerShell as administrator.";
const PER_SITE = "It sets the default of all FTP sites; a value that a site has of its own wins.";
const SSL_PAGE = "IIS Manager > site > FTP SSL Settings";
const IMPORT = "Import-Module WebAdministration";

function policy(channel: "control" | "data", value: "SslAllow" | "SslRequire"): string {
  const filter = "system.applicationHost/sites/siteDefaults/ftpServer/security/ssl";
  return `Set-WebConfigurationProperty -PSPath "IIS:\\" -Filter "${filter}" -Name "${channel}ChannelPolicy" -Value "${value}"`;
}

const sslPolicy = settingsIn(SSL_PAGE, ": ");
const schannel = (version: string): string =>
  `New-ItemProperty -Force -Path (New-Item -Force -Path "HKLM:\\SYSTEM\\CurrentControlSet\\Control\\SecurityProviders\\SCHANNEL\\Protocols\\${version}\\Server").PSPath -Name Enabled -Value 1 -PropertyType DWord`;
const CERTIFICATE_OF_A_SITE =
  "Import the certificate with its intermediates into the computer's store (a PFX file), then choose it on the page FTP SSL Settings of the site; a renewed one must be chosen anew.";

/** IIS under TLS: learn.microsoft.com, configuration of ftpServer/security/ssl and Schannel's registry. */
export const iisTls: RemedyTable = {
  "tls-enable": [
    serverRemedy(["Offers TLS beside clear text.", CERTIFICATE_OF_A_SITE, POWERSHELL, PER_SITE], {
      config: [sslPolicy("SSL Policy", "Allow SSL connections")],
      commands: [IMPORT, policy("control", "SslAllow"), policy("data", "SslAllow"), RESTART],
    }),
  ],
  "tls-certificate": [
    serverRemedy([
      CERTIFICATE_OF_A_SITE,
      "Without one IIS answers AUTH with `534 Local policy on server does not allow TLS secure connections.`",
    ]),
  ],
  "tls-versions": [
    serverRemedy(
      [
        "Switches TLS 1.2 on for whatever serves by Schannel; it takes a restart of Windows.",
        "TLS 1.3 comes with Windows Server 2022.",
        POWERSHELL,
      ],
      { commands: [schannel("TLS 1.2")] },
    ),
  ],
  "tls-mode": [
    serverRemedy([
      "IIS speaks implicit TLS on a site bound to port 990, and explicit TLS on any other port: change the binding of the site, or give clients a second one.",
    ]),
  ],
  "session-reuse": [
    serverRemedy([
      "IIS does not demand a resumed session on data connections: what refuses them stands in front of it, or the handshake fails for another reason.",
    ]),
  ],
  "prot-p": [
    serverRemedy(["Lets clients transfer without PROT P.", DATA_IN_CLEAR, POWERSHELL, PER_SITE], {
      config: [sslPolicy("SSL Policy > Custom > Data Channel", "Allow")],
      commands: [IMPORT, policy("data", "SslAllow"), RESTART],
    }),
  ],
  "tls-masquerade": [
    serverRemedy([
      "Give the site its External IP Address of Firewall (page FTP Firewall Support), which holds with TLS and without; then switch the FTP helper (ALG) of the NAT off, and Windows' own too: netsh advfirewall set global StatefulFTP disable.",
      "The address is {publicAddress}.",
    ]),
  ],
};
