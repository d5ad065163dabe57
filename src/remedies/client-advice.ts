import { shellWord } from "../model/asked-again.ts";
import type { Remedy } from "../model/report.ts";
import { fillRemedy } from "./template.ts";
import type { ClientTopic } from "./topic.ts";
import { fillingOf, type RemedyValues } from "./values.ts";

/** What to do, and how each client is told; programs with a command line first. */
interface ClientAdvice {
  /** The advice as a clause: `use EPSV`. */
  advice: string;
  /** Its option, command or menu entry, the commonest client first. */
  settings: readonly (readonly [client: string, setting: string])[];
  /** Options with which curl, which nearly every machine has, shows that the advice works; left out where none does. */
  curl?: string;
  /** Its scheme, where it is not ftp. */
  curlScheme?: "ftps";
}

/** The option or command with which a client is given the certificate of an authority. */
const TRUST: readonly (readonly [client: string, setting: (file: string) => string])[] = [
  ["curl", (file) => `--cacert ${shellWord(file)}`],
  // It reads quotes as a shell does.
  ["lftp", (file) => `set ssl:ca-file ${shellWord(file)}`],
  ["wget", (file) => `--ca-certificate=${shellWord(file)}`],
  ["Python ftplib", (file) => `ssl.create_default_context(cafile=${JSON.stringify(file)})`],
  ["Node", (file) => `NODE_EXTRA_CA_CERTS=${shellWord(file)}`],
];
/** Stands for the authority's file where nobody has named one. */
const UNNAMED_AUTHORITY = "ca.pem";

/** Read in lftp(1), curl(1), tnftp(1) and wget(1), and at docs.python.org, php.net, winscp.net and filezilla-project.org. */
const advice: Record<ClientTopic, ClientAdvice> = {
  "use-epsv": {
    advice: "use EPSV, which names no address",
    curl: "--ftp-pasv",
    settings: [
      ["curl", "uses EPSV first by itself"],
      ["lftp", "set ftp:prefer-epsv yes"],
      ["tnftp", "epsv4 on"],
      ["Python ftplib", "ftp.af = socket.AF_INET6"],
      ["Apache Commons Net", "client.setUseEPSVwithIPv4(true)"],
    ],
  },
  "disable-epsv": {
    advice: "use PASV in place of EPSV",
    curl: "--disable-epsv",
    settings: [
      ["curl", "--disable-epsv"],
      ["lftp", "set ftp:prefer-epsv no"],
      ["tnftp", "epsv4 off"],
      ["FileZilla, wget, Python ftplib, PHP", "use PASV over IPv4 by themselves"],
    ],
  },
  "ignore-pasv-address": {
    advice: "let the client ignore the address in the answer to PASV",
    curl: "--disable-epsv --ftp-skip-pasv-ip",
    settings: [
      ["lftp", "set ftp:ignore-pasv-address yes"],
      ["curl", "--ftp-skip-pasv-ip (the default since 7.74.0)"],
      ["FileZilla", 'Settings > FTP > Passive mode > "Use the server\'s external IP address instead"'],
      ["WinSCP", 'Advanced > Connection > "Force IP address for passive connections": On'],
      ["Python ftplib", "ftp.trust_server_pasv_ipv4_address = False (the default since 3.6.14)"],
      ["PHP", "ftp_set_option($ftp, FTP_USEPASVADDRESS, false)"],
      ["Apache Commons Net", "client.setIpAddressFromPasvResponse(false)"],
      ["z/OS", "PASSIVEIGNOREADDR TRUE"],
    ],
  },
  "use-passive": {
    advice: "use passive mode",
    curl: "--ftp-pasv",
    settings: [
      ["ftp", "ftp -p"],
      ["lftp", "set ftp:passive-mode yes"],
      ["curl", "--ftp-pasv (the default)"],
      ["FileZilla", "Site Manager > Transfer Settings > Passive"],
      ["WinSCP", 'Advanced > Connection > "Passive mode"'],
      ["Python ftplib", "ftp.set_pasv(True) (the default)"],
      ["PHP", "ftp_pasv($ftp, true) after ftp_login"],
      ["Windows ftp.exe", "has no passive mode: take curl.exe or WinSCP"],
    ],
  },
  "use-active": {
    advice: "use active mode",
    curl: "--ftp-port -",
    settings: [
      ["curl", "--ftp-port -"],
      ["lftp", "set ftp:passive-mode no"],
      ["ftp", "ftp -A"],
      ["wget", "--no-passive-ftp"],
      ["FileZilla", "Site Manager > Transfer Settings > Active"],
      ["WinSCP", 'Advanced > Connection > "Passive mode" off'],
      ["Python ftplib", "ftp.set_pasv(False)"],
      ["PHP", "ftp_pasv($ftp, false) after ftp_login"],
    ],
  },
  "force-ipv4": {
    advice: "use IPv4",
    curl: "-4",
    settings: [
      ["curl", "-4"],
      ["lftp", 'set dns:order "inet"'],
      ["wget", "-4"],
      ["ftp", "ftp -4"],
      ["WinSCP", 'Advanced > Connection > "Internet protocol version": IPv4'],
      ["any other", "give the IPv4 address in place of the name"],
    ],
  },
  "use-tls": {
    advice: "use FTP over TLS (explicit)",
    curl: "--ssl-reqd",
    settings: [
      ["curl", "--ssl-reqd"],
      ["lftp", "set ftp:ssl-force yes; set ftp:ssl-protect-data yes"],
      ["FileZilla", 'Site Manager > Encryption: "Require explicit FTP over TLS"'],
      ["WinSCP", 'Encryption: "TLS/SSL Explicit encryption"'],
      ["Python ftplib", "FTP_TLS, then prot_p()"],
      ["PHP", "ftp_ssl_connect"],
    ],
  },
  "resume-session": {
    advice: "use a client that resumes the control connection's TLS session on data connections",
    curl: "--ssl-reqd",
    settings: [
      ["curl, lftp, FileZilla, WinSCP", "do so by themselves"],
      ["Node", "tls.connect({ socket, session: control.getSession() }); basic-ftp does it"],
      ["Python ftplib", "wrap the data socket in ntransfercmd() with session=self.sock.session"],
      ["FluentFTP", "Config.CustomStream = typeof(GnuTlsStream) of FluentFTP.GnuTLS"],
      ["Apache Commons Net, PHP, .NET FtpWebRequest", "cannot by themselves"],
    ],
  },
  "protect-data": {
    advice: "let the client protect the data connections (PBSZ 0, PROT P)",
    curl: "--ssl-reqd",
    settings: [
      ["curl", "--ssl-reqd"],
      ["lftp", "set ftp:ssl-protect-data yes"],
      ["Python ftplib", "ftp.prot_p() after login()"],
      ["Apache Commons Net", 'client.execPBSZ(0); client.execPROT("P")'],
      ["FileZilla, WinSCP", "do so by themselves"],
    ],
  },
  "explicit-tls": {
    advice: "use explicit TLS (AUTH TLS)",
    curl: "--ssl-reqd",
    settings: [
      ["curl", "--ssl-reqd with ftp://"],
      ["lftp", "set ftp:ssl-force yes, with ftp://"],
      ["FileZilla", 'Site Manager > Encryption: "Require explicit FTP over TLS"'],
      ["WinSCP", 'Encryption: "TLS/SSL Explicit encryption"'],
      ["Python ftplib", "FTP_TLS, then prot_p()"],
      ["Apache Commons Net", "new FTPSClient(false)"],
    ],
  },
  "implicit-tls": {
    advice: "use implicit TLS, where TLS comes before the greeting",
    curlScheme: "ftps",
    curl: "--ftp-pasv",
    settings: [
      ["curl", "ftps:// in place of ftp://"],
      ["lftp", "ftps:// in place of ftp://"],
      ["wget", "ftps:// with --ftps-implicit"],
      ["FileZilla", 'Site Manager > Encryption: "Require implicit FTP over TLS"'],
      ["WinSCP", 'Encryption: "TLS/SSL Implicit encryption"'],
      ["Apache Commons Net", "new FTPSClient(true)"],
    ],
  },
  "cap-tls-1.2": {
    advice: "go no further than TLS 1.2",
    curl: "--ssl-reqd --tls-max 1.2",
    settings: [
      ["curl", "--tls-max 1.2"],
      ["lftp", "set ssl:priority NORMAL:-VERS-TLS1.3"],
      ["WinSCP", "Advanced > TLS/SSL > Maximum TLS/SSL version: TLS 1.2"],
      ["Python ftplib", "context.maximum_version = ssl.TLSVersion.TLSv1_2"],
      ["Node", 'maxVersion: "TLSv1.2"'],
    ],
  },
  "trust-certificate": {
    advice:
      "give the client the certificate of the authority, after comparing its fingerprint with the administrator's",
    curl: `--ssl-reqd --cacert ${UNNAMED_AUTHORITY}`,
    settings: [
      ...TRUST.map(([client, setting]) => [client, setting(UNNAMED_AUTHORITY)] as const),
      ["FileZilla, WinSCP", "accept it in the dialogue that asks"],
    ],
  },
  "client-certificate": {
    advice: "give the client a certificate of its own, from an authority that the server trusts",
    curl: "--ssl-reqd --cert client.pem --key client.key",
    settings: [
      ["curl", "--cert client.pem --key client.key"],
      ["lftp", "set ssl:cert-file client.pem; set ssl:key-file client.key"],
      ["wget", "--certificate=client.pem --private-key=client.key"],
      ["WinSCP", "Advanced > TLS/SSL > Client certificate file"],
      ["Python ftplib", 'context.load_cert_chain("client.pem", "client.key")'],
    ],
  },
  "without-tls": {
    advice: "use FTP without TLS, where nothing secret is at stake (the password is readable on the way)",
    settings: [
      ["curl", "ftp:// without --ssl-reqd"],
      ["lftp", "set ftp:ssl-allow no"],
      ["FileZilla", 'Site Manager > Encryption: "Only use plain FTP (insecure)"'],
      ["WinSCP", 'Encryption: "No encryption"'],
    ],
  },
  "one-connection": {
    advice: "open one connection at a time",
    settings: [
      ["lftp", "set net:connection-limit 1"],
      ["FileZilla", 'Site Manager > Transfer Settings > "Limit number of simultaneous connections": 1'],
      ["WinSCP", 'Preferences > Background > "Maximal number of transfers at the same time": 1'],
    ],
  },
  "wait-longer": {
    advice: "let the client wait longer",
    // No option of curl's makes it wait longer for an answer: --connect-timeout ends a login, and by default after 300 s alone.
    curl: "",
    settings: [
      ["FileZilla", "Settings > Connection > Timeout: 60"],
      ["WinSCP", 'Advanced > Connection > "Server response timeout": 60'],
      ["curl, wget, lftp, Python ftplib", "wait a minute or longer by themselves"],
    ],
  },
};

/** The kind of TLS that a client is to keep to; null where clear text will do. */
type KeptTls = NonNullable<RemedyValues["accountTls"]> | null;

/**
 * One sentence for `until then`: the advice and the first few clients, under TLS those alone that can do it there. A second
 * one where the server's certificate is good by the authority of `caFile` alone, which they must be given.
 */
export function clientAdvice(
  topic: ClientTopic,
  clients = 3,
  tls: KeptTls = null,
  caFile: string | null = null,
): string {
  const settings = tls === null ? advice[topic].settings : settingsUnderTls(topic, tls);
  const listed = settings.slice(0, clients);
  const how = listed.map(([client, setting]) => `${client}: ${setting}`);
  const sentence = `${capital(advice[topic].advice)} (${how.join("; ")}).`;
  const names = listed.flatMap(([client]) => client.split(", "));
  const trust = TRUST.filter(([client]) =>
    names.some((name) => name === client || name.startsWith(`${client} before`)),
  );
  if (caFile === null || trust.length === 0 || !comesToTls(topic, tls)) return sentence;
  const told = trust.map(([client, setting]) => `${client}: ${setting(caFile)}`);
  return `${sentence} They need the certificate of the server's authority as well (${told.join("; ")}).`;
}

/** Whether clients that do as they are told meet the server's certificate, and do not choose whom to trust by that very advice. */
function comesToTls(topic: ClientTopic, tls: KeptTls): boolean {
  if (topic === "without-tls" || topic === "trust-certificate") return false;
  return tls !== null || OWN_TLS.includes(topic) || advice[topic].curl?.includes(DEMANDS_TLS) === true;
}

/** Clients that know no TLS, or take it up only where another URL asks for it: told nothing more, they send a password in clear. */
const CLEAR_ONLY: readonly string[] = ["ftp", "tnftp", "wget", "Windows ftp.exe"];

function settingsUnderTls(topic: ClientTopic, tls: NonNullable<KeptTls>): ClientAdvice["settings"] {
  const { settings, curl = "" } = advice[topic];
  // What is about TLS in the first place says itself what to do.
  if (OWN_TLS.includes(topic) || curl.includes(DEMANDS_TLS)) return settings;
  const able = settings.flatMap(([client, setting]): [string, string][] => {
    if (CLEAR_ONLY.includes(client)) return [];
    if (client !== "curl" || !setting.startsWith("-")) return [[client, setting]];
    const name = topic === "use-active" ? "curl before 7.87 or from 8.0" : client;
    return [[name, tls === "explicit" ? `${DEMANDS_TLS} ${setting}` : `${setting} with ftps://`]];
  });
  // Many have one of the two that cannot: the others come first.
  return topic === "use-active" ? [...able.slice(1), ...able.slice(0, 1)] : able;
}

/** The same as a remedy for whoever uses the client: every client that we know, and a command to try it with. */
export function clientRemedies(topic: ClientTopic, values: RemedyValues): Remedy[] {
  const { accountTls = null, caFile = null } = values;
  const command = curlCommand(topic, accountTls, caFile);
  const template = {
    who: "client-user",
    effort: "low",
    text: [],
    ...(command === null ? {} : { commands: [command] }),
  } as const;
  // Nothing in the sentence is to be filled in, least of all what looks like it in the name of a file.
  const text = clientAdvice(topic, Number.POSITIVE_INFINITY, accountTls, caFile);
  return [{ ...fillRemedy(template, "any", fillingOf(values)), text }];
}

/** Topics that say themselves whether there is to be TLS, and of which kind. */
const OWN_TLS: readonly ClientTopic[] = ["explicit-tls", "implicit-tls", "without-tls"];
const DEMANDS_TLS = "--ssl-reqd";

/**
 * The command to try it with; null where none shows anything. A password that went under TLS alone must not go in clear now,
 * only because curl was not told.
 */
function curlCommand(topic: ClientTopic, tls: KeptTls, caFile: string | null): string | null {
  const { curl, curlScheme } = advice[topic];
  if (curl === undefined) return null;
  // curl 7.87 and 7.88 hang in active mode under TLS (curl issue 10666, mended in 8.0).
  if (topic === "use-active" && tls !== null) return null;
  const own = OWN_TLS.includes(topic);
  const others = curl.split(" ").filter((option) => option !== "" && option !== DEMANDS_TLS);
  const demanded = curl.includes(DEMANDS_TLS) ? tls !== "implicit" || own : tls === "explicit" && !own;
  const scheme = curlScheme ?? (tls === "implicit" && !own ? "ftps" : "ftp");
  const url = scheme === "ftps" ? "ftps://{ftpsAuthority}/" : "ftp://{authority}/";
  const underTls = (demanded || scheme === "ftps") && topic !== "trust-certificate";
  const trust = caFile !== null && underTls ? ["{curlTrust}"] : [];
  return ["curl", ...(demanded ? [DEMANDS_TLS] : []), ...trust, ...others, `{curlUser}${url}`].join(" ");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
