import type { Remedy } from "../../model/report.ts";
import { mendControl } from "../words/mend.ts";
import { wordingRule } from "../words/wording-rule.ts";

/** The server is full. */
export const ctlMaxClients = wordingRule({
  id: "ctl-max-clients",
  title: "The server is full",
  at: "server-config",
  // Let in once and refused beside that, we may be the only one who has too many.
  refine: (judgement) =>
    judgement.args["first"] === true
      ? judgement
      : {
          ...judgement,
          confidence: "likely",
          rivals: [
            {
              cause: "ctl-max-per-ip",
              toTellApart:
                "Repeat the probe with --max-sessions 1: if it is never refused, the limit is one per address or per user, and the server is not full.",
            },
          ],
        },
  references: ["RFC 959 section 4.2.2 (421)", "vsftpd prelogin.c", "Pure-FTPd messages_en.h", "ProFTPD MaxClients"],
  meaning: [
    "The server says that it serves as many clients as it is allowed to, and turns this one away. It is a setting, not a fault of the network.",
    "To mend it, raise the limit (vsftpd max_clients, Pure-FTPd MaxClientsNumber, ProFTPD MaxClients), or find the sessions that are never closed. Trying again later may work.",
  ],
  summary: ({ host }) => `${host} is full: it refuses more sessions than its limit allows.`,
  explanation: "The server says itself that its limit of sessions is reached.",
  remedies: (facts, args) => mendControl(facts, args, { server: ["max-clients"] }),
});

/** The server does not want this address. */
export const ctlSourceBanned = wordingRule({
  id: "ctl-source-banned",
  title: "This machine's address is banned",
  at: "server-firewall",
  confidence: "likely",
  references: ["https://documentation.solarwinds.com (Serv-U IP access rules)", "nmap-service-probes"],
  meaning: [
    "The server, or a guard beside it (fail2ban, CSF, an automatic ban of the server itself), refuses this machine's address, mostly after several failed logins. From another address the same server works.",
    "To mend it, lift the ban at the server (csf -dr, csf -tr, fail2ban-client unbanip, the server's own list) and stop the client that keeps trying a wrong password.",
  ],
  summary: ({ host }) => `${host} refuses this machine's address.`,
  explanation: "The server's refusal speaks of the address that we come from, not of a name or a password.",
  remedies: (facts, args) => mendControl(facts, args, { server: ["unban"] }),
});

/** The session's process died. */
export const srvSessionCrash = wordingRule({
  id: "srv-session-crash",
  explains: ["tls-plaintext-in-stream"],
  anytime: true,
  title: "The server's session process aborts",
  at: "server-host",
  references: ["vsftpd die()", "https://github.com/fauria/docker-vsftpd/issues/26"],
  meaning: [
    "vsftpd ends a session with 500 OOPS and a short text when something it needs fails: a directory, a file, a system call. The network is fine.",
    "To mend it, read the text and the server's log, and repair what they name; for texts about seccomp or priv_sock, seccomp_sandbox=NO helps.",
  ],
  summary: ({ host, text }) => `The server's session on ${host} aborts: ${text}`,
  explanation: "The server's own words are those of a process that gives up. The cause is on the server's host.",
  remedies: (_facts, { text }) => [
    {
      who: "server-admin",
      product: "vsftpd",
      effort: "medium",
      text: "Mend what the text names (a file, a directory, a user, a limit of memory); the system's log says more.",
    },
    // Texts of the sandbox's victims; elsewhere switching it off would only make the server less safe.
    ...(/seccomp|priv_sock|child died|munmap/i.test(String(text))
      ? [
          {
            who: "server-admin",
            product: "vsftpd",
            effort: "low",
            text: "With this text vsftpd's own sandbox is often the reason: switch it off, and restart vsftpd.",
            config: [
              {
                file: "/etc/vsftpd.conf",
                directive: "seccomp_sandbox",
                value: "NO",
                line: "seccomp_sandbox=NO",
              },
            ],
            commands: ["systemctl restart vsftpd"],
          } satisfies Remedy,
        ]
      : []),
  ],
});

/** vsftpd's refusal of a writable root. */
export const authChrootWritableRoot = wordingRule({
  id: "auth-chroot-writable-root",
  explains: ["tls-plaintext-in-stream"],
  title: "vsftpd refuses a writable home directory",
  at: "server-config",
  replaces: ["srv-session-crash"],
  references: ["vsftpd secutil.c", "https://github.com/onjin/docker-alpine-vsftpd/pull/2"],
  meaning: [
    "vsftpd locks the user into the home directory (chroot), and refuses to do so when the user may write to that directory itself, because that would be a way out. The password was right.",
    "To mend it, take the write permission from the home directory and give the user a directory below it to write to, or set allow_writeable_chroot=YES.",
  ],
  summary: ({ host }) => `vsftpd on ${host} ends the session because the user's root directory is writable.`,
  explanation:
    "The login was accepted and then ended by vsftpd with a text that only this cause has. The network is fine.",
  remedies: (facts, args) => mendControl(facts, args, { server: ["writable-chroot"] }),
});

/** The home directory cannot be entered. */
export const authHomeInaccessible = wordingRule({
  id: "auth-home-inaccessible",
  explains: ["tls-plaintext-in-stream"],
  title: "The user's home directory cannot be entered",
  at: "server-config",
  replaces: ["srv-session-crash"],
  references: ["https://github.com/robinrodricks/FluentFTP/issues/1155", "vsftpd secutil.c", "Pure-FTPd messages_en.h"],
  meaning: [
    "Name and password are right, but the server cannot enter the directory in which the user is to land: it is missing, or permissions or SELinux forbid it.",
    "To mend it, create the directory and give the user access; on SELinux restorecon -R, then setsebool -P ftp_home_dir on; on IIS create the folder of the user isolation; Pure-FTPd CreateHomeDir, ProFTPD CreateHome on.",
  ],
  summary: ({ host }) => `The login on ${host} fails because the user's home directory cannot be entered.`,
  explanation: "The server's refusal names the directory, not the name or the password.",
  remedies: (facts, args) => mendControl(facts, args, { server: ["home-directory"] }),
});
