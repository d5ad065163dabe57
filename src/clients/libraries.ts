import { ALWAYS_THE_PEER, ANYTHING, NEVER, orElse, PRIVATE, REFUSED, step } from "./habits.ts";
import type { ClientPolicy, Setting } from "./policy.ts";

const FTPLIB = {
  ipv4: [step("pasv")],
  ipv6: [step("epsv")],
  prefers: "system",
  addresses: "one-by-one",
  unsureOf: [],
  replyLimitMs: null,
  // FTP_TLS: its default context verifies nothing, and files go in clear until prot_p() is called.
  tls: "on-request",
  implicitTls: false,
  resumesTls: false,
  protectsData: false,
  untrusted: "accepts",
} as const;

const FTPLIB_TLS: Setting = {
  text: "ftplib: FTP_TLS in place of FTP, and ftp.prot_p() after login()",
  changes: { tls: "required", protectsData: true },
};

const FTPLIB_ACTIVE: Setting = {
  text: "ftplib: ftp.set_pasv(False)",
  changes: { ipv4: [step("port")], ipv6: [step("eprt")] },
};

const PHP = {
  // Seen with 8.2.
  callers: "anybody",
  prefers: "system",
  addresses: "one-by-one",
  unsureOf: [],
  // ftp_connect(): $timeout = 90.
  replyLimitMs: 90_000,
  // ftp_ssl_connect(): ftp_login sends PBSZ and PROT P, data_accept sets the control connection's session; nothing is verified.
  tls: "on-request",
  implicitTls: false,
  resumesTls: true,
  protectsData: true,
  untrusted: "accepts",
} as const;

const PHP_TLS: Setting = { text: "PHP: ftp_ssl_connect() in place of ftp_connect()", changes: { tls: "required" } };

const COMMONS_NET = {
  // setRemoteVerificationEnabled(true) is the default; seen with 3.9.0.
  callers: "server-only",
  // Java prefers IPv4 addresses unless java.net.preferIPv6Addresses says otherwise; one address is taken from the name.
  prefers: "ipv4",
  addresses: "first-only",
  unsureOf: [],
  replyLimitMs: null,
  // FTPSClient: PROT C until execPROT("P"); TrustManagerUtils.getValidateServerCertificateTrustManager looks at dates alone.
  tls: "on-request",
  implicitTls: true,
  resumesTls: false,
  protectsData: false,
  untrusted: "looks-at-dates",
} as const;

const COMMONS_NET_TLS: Setting = {
  text: 'Commons Net: FTPSClient in place of FTPClient, and client.execPBSZ(0); client.execPROT("P") after login()',
  changes: { tls: "required", protectsData: true },
};

const BASIC_FTP_TLS: Setting = { text: "basic-ftp: client.access({ secure: true })", changes: { tls: "required" } };

const BASIC_FTP = {
  ipv4: [step("epsv", orElse("pasv", ...ANYTHING)), step("pasv")],
  // It asks for PASV after EPSV over IPv6 as well, and no answer to that can be used.
  ipv6: [step("epsv")],
  prefers: "system",
  addresses: "side-by-side",
  unsureOf: [],
  // new Client(timeout = 30000)
  replyLimitMs: 30_000,
  tls: "on-request",
  implicitTls: true,
  resumesTls: true,
  protectsData: true,
  untrusted: "refuses",
} as const;

/** What programs are built on. */
export const libraries: readonly ClientPolicy[] = [
  {
    id: "python-ftplib",
    name: "Python 3.9.3 and later",
    basis: "source",
    sources: ["python/cpython:Lib/ftplib.py makepasv, trust_server_pasv_ipv4_address = False"],
    ...FTPLIB,
    replaces: ALWAYS_THE_PEER,
    settings: [
      { text: "ftplib: ftp.trust_server_pasv_ipv4_address = True", changes: { replaces: NEVER } },
      FTPLIB_TLS,
      FTPLIB_ACTIVE,
    ],
  },
  {
    id: "python-ftplib-before-3.9.3",
    name: "Python before 3.9.3",
    basis: "source",
    sources: ["python/cpython:Lib/ftplib.py makepasv of Python 3.8.0", "CVE-2021-4189"],
    ...FTPLIB,
    replaces: NEVER,
    settings: [FTPLIB_TLS, FTPLIB_ACTIVE],
  },
  {
    id: "php",
    name: "PHP without ftp_pasv()",
    basis: "source",
    sources: ["php/php-src:ext/ftp/ftp.c ftp_getdata", "php.net/ftp_pasv (passive mode is off by default)"],
    ...PHP,
    ipv4: [step("port")],
    ipv6: [step("eprt")],
    replaces: NEVER,
    settings: [
      PHP_TLS,
      { text: "PHP: ftp_pasv($ftp, true) after ftp_login()", changes: { ipv4: [step("pasv")], ipv6: [step("epsv")] } },
      {
        text: "PHP: ftp_set_option($ftp, FTP_USEPASVADDRESS, false), then ftp_pasv($ftp, true)",
        changes: { ipv4: [step("pasv")], ipv6: [step("epsv")], replaces: ALWAYS_THE_PEER },
      },
    ],
  },
  {
    id: "php-passive",
    name: "PHP with ftp_pasv()",
    basis: "source",
    sources: ["php/php-src:ext/ftp/ftp.c ftp_pasv", "php.net/ftp_set_option (FTP_USEPASVADDRESS, true by default)"],
    ...PHP,
    // Where ftp_pasv() fails and the program goes on all the same, it transfers in active mode; seen with 8.2.
    ipv4: [step("pasv", orElse("port", ...REFUSED, "unreadable")), step("port")],
    ipv6: [step("epsv", orElse("eprt", ...REFUSED, "unreadable")), step("eprt")],
    replaces: NEVER,
    settings: [
      PHP_TLS,
      {
        text: "PHP: ftp_set_option($ftp, FTP_USEPASVADDRESS, false) before ftp_pasv()",
        changes: { replaces: ALWAYS_THE_PEER },
      },
      { text: "PHP: no ftp_pasv()", changes: { ipv4: [step("port")], ipv6: [step("eprt")] } },
    ],
  },
  {
    id: "commons-net",
    name: "Commons Net (Java), active by default",
    basis: "source",
    sources: ["apache/commons-net:FTPClient.java _openDataConnection_, ACTIVE_LOCAL_DATA_CONNECTION_MODE"],
    ...COMMONS_NET,
    ipv4: [step("port")],
    ipv6: [step("eprt")],
    replaces: ALWAYS_THE_PEER,
    settings: [
      COMMONS_NET_TLS,
      {
        text: "Commons Net: client.enterLocalPassiveMode() after connect()",
        changes: { ipv4: [step("pasv")], ipv6: [step("epsv")] },
      },
      {
        text: "Commons Net: client.setUseEPSVwithIPv4(true) and client.enterLocalPassiveMode()",
        changes: { ipv4: [step("epsv", orElse("pasv", ...REFUSED)), step("pasv")], ipv6: [step("epsv")] },
      },
    ],
  },
  {
    id: "commons-net-passive",
    name: "Commons Net (Java) 3.9 and later, set to passive",
    basis: "source",
    sources: ["apache/commons-net:FTPClient.java _openDataConnection_, _parsePassiveModeReply"],
    ...COMMONS_NET,
    ipv4: [step("pasv")],
    ipv6: [step("epsv")],
    replaces: ALWAYS_THE_PEER,
    settings: [
      COMMONS_NET_TLS,
      {
        text: "Commons Net: client.setUseEPSVwithIPv4(true)",
        changes: { ipv4: [step("epsv", orElse("pasv", ...REFUSED)), step("pasv")] },
      },
      {
        text: "Commons Net: client.setIpAddressFromPasvResponse(true)",
        changes: { replaces: [{ named: { in: PRIVATE }, peer: { notIn: PRIVATE } }] },
      },
      { text: "Commons Net: no enterLocalPassiveMode()", changes: { ipv4: [step("port")], ipv6: [step("eprt")] } },
    ],
  },
  {
    id: "basic-ftp",
    name: "basic-ftp 6 (Node)",
    basis: "source",
    sources: ["patrickjuchli/basic-ftp:src/Client.ts _enterFirstCompatibleMode, src/transfer.ts"],
    ...BASIC_FTP,
    // Another address than the control connection's is an error, so that the two can only be one.
    replaces: NEVER,
    refusesOtherAddress: true,
    settings: [
      BASIC_FTP_TLS,
      {
        text: "basic-ftp: new Client(30000, { allowSeparateTransferHost: true })",
        changes: {
          refusesOtherAddress: false,
          replaces: [{ named: { in: ["private", "loopback"] }, peer: { notIn: ["private", "loopback"] } }],
        },
      },
    ],
  },
  {
    id: "basic-ftp-before-6",
    name: "basic-ftp 5 (Node)",
    basis: "source",
    sources: ["patrickjuchli/basic-ftp:src/transfer.ts enterPassiveModeIPv4, CHANGELOG.md 6.0.0"],
    ...BASIC_FTP,
    replaces: [{ named: { in: ["private", "loopback"] }, peer: { notIn: ["private", "loopback"] } }],
    settings: [BASIC_FTP_TLS],
  },
  {
    id: "fluentftp",
    name: "FluentFTP (.NET)",
    basis: "source",
    sources: [
      "robinrodricks/FluentFTP:FluentFTP/Client/SyncClient/OpenPassiveDataStream.cs",
      "PassivePortModule.cs, FtpConfig.cs (AutoPassive, EncryptionMode None, DataConnectionEncryption true, ValidateAnyCertificate false)",
    ],
    ipv4: [step("epsv", orElse("pasv", ...REFUSED)), step("pasv")],
    ipv6: [step("epsv")],
    prefers: "system",
    addresses: "one-by-one",
    replaces: [{ named: { in: ["private", "loopback", "unspecified"] }, peer: "any" }],
    unsureOf: [],
    // FtpConfig.ReadTimeout
    replyLimitMs: 15_000,
    tls: "on-request",
    implicitTls: true,
    // .NET's own TLS gives no hand on sessions; FluentFTP.GnuTLS resumes them.
    resumesTls: false,
    protectsData: true,
    untrusted: "refuses",
    settings: [
      {
        text: "FluentFTP: Config.EncryptionMode = FtpEncryptionMode.Explicit",
        changes: { tls: "required" },
      },
      {
        text: "FluentFTP: Config.EncryptionMode = Explicit and Config.CustomStream = typeof(GnuTlsStream) of FluentFTP.GnuTLS",
        changes: { tls: "required", resumesTls: true },
      },
      {
        text: "FluentFTP: Config.DataConnectionType = FtpDataConnectionType.PASVEX",
        changes: { ipv4: [step("pasv")], replaces: ALWAYS_THE_PEER },
      },
      {
        text: "FluentFTP: Config.DataConnectionType = FtpDataConnectionType.PASVUSE",
        changes: { ipv4: [step("pasv")], replaces: NEVER },
      },
      {
        text: "FluentFTP: Config.DataConnectionType = FtpDataConnectionType.AutoActive",
        changes: { ipv4: [step("eprt", orElse("port", ...REFUSED)), step("port")], ipv6: [step("eprt")] },
      },
    ],
  },
];
