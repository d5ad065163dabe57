import { ALWAYS_THE_PEER, NEVER, NO_TLS, orElse, REFUSED, step, UNROUTABLE_OF_A_ROUTABLE_PEER } from "./habits.ts";
import type { ClientPolicy } from "./policy.ts";

/** Programs with windows, and what comes with Windows. */
export const desktopClients: readonly ClientPolicy[] = [
  {
    id: "filezilla",
    name: "FileZilla 3",
    basis: "source",
    sources: [
      "rain-1/filezilla-ng:src/engine/ftp/rawtransfer.cpp (FileZilla's engine)",
      "libfilezilla iputils.cpp is_routable_address",
    ],
    ipv4: [step("pasv", orElse("port", ...REFUSED, "unreadable")), step("port")],
    ipv6: [step("epsv", orElse("eprt", ...REFUSED, "unreadable")), step("eprt")],
    prefers: "system",
    addresses: "one-by-one",
    replaces: UNROUTABLE_OF_A_ROUTABLE_PEER,
    // Its source connects to 0.0.0.0; makers of servers tell that it uses the server's address instead.
    unsureOf: ["unspecified"],
    callers: "server-only",
    // Settings, Connection, "Timeout in seconds": 20.
    replyLimitMs: 20_000,
    tls: "when-offered",
    implicitTls: true,
    resumesTls: true,
    protectsData: true,
    untrusted: "asks",
    settings: [
      { text: "FileZilla: Site Manager, Encryption: Only use plain FTP (insecure)", changes: { tls: "never" } },
      {
        text: "FileZilla: Site Manager, Transfer Settings, Transfer mode Active",
        changes: { ipv4: [step("port")], ipv6: [step("eprt")] },
      },
    ],
  },
  {
    id: "winscp",
    name: "WinSCP 5 and 6",
    basis: "source",
    sources: [
      "winscp/winscp:source/filezilla/FtpControlSocket.cpp (LIST_PORT_PASV)",
      "winscp.net/eng/docs/ui_login_ftp (passive mode, force IP address for passive mode connections: auto)",
    ],
    ipv4: [step("pasv", orElse("port", "unreadable")), step("port")],
    ipv6: [step("epsv", orElse("eprt", "unreadable")), step("eprt")],
    prefers: "system",
    addresses: "unknown",
    replaces: UNROUTABLE_OF_A_ROUTABLE_PEER,
    unsureOf: ["unspecified"],
    // Advanced, Connection, "Server response timeout": 15.
    replyLimitMs: 15_000,
    // Encryption: No encryption; "Reuse TLS/SSL session ID for data connections" is on.
    tls: "on-request",
    implicitTls: true,
    resumesTls: true,
    protectsData: true,
    untrusted: "asks",
    settings: [
      { text: "WinSCP: Encryption: TLS/SSL Explicit encryption", changes: { tls: "required" } },
      {
        text: "WinSCP: Advanced, Connection, FTP, Force IP address for passive mode connections: On",
        changes: { replaces: ALWAYS_THE_PEER },
      },
      {
        text: "WinSCP: Advanced, Connection, Passive mode off",
        changes: { ipv4: [step("port")], ipv6: [step("eprt")] },
      },
    ],
  },
  {
    id: "windows-explorer",
    name: "Windows Explorer",
    basis: "general-knowledge",
    sources: ["WinINet; Internet Options, Advanced, 'Use Passive FTP' is on by default"],
    ipv4: [step("pasv")],
    ipv6: "unknown",
    prefers: "system",
    addresses: "unknown",
    replaces: NEVER,
    unsureOf: ["unspecified"],
    replyLimitMs: null,
    ...NO_TLS,
    settings: [{ text: "Windows: Internet Options, Advanced, Use Passive FTP off", changes: { ipv4: [step("port")] } }],
  },
  {
    id: "windows-ftp",
    name: "ftp.exe of Windows",
    basis: "documentation",
    sources: ["learn.microsoft.com/windows-server/administration/windows-commands/ftp (no passive mode)"],
    ipv4: [step("port")],
    ipv6: [step("eprt")],
    prefers: "system",
    addresses: "unknown",
    replaces: NEVER,
    unsureOf: [],
    replyLimitMs: null,
    ...NO_TLS,
    settings: [],
  },
];
