import { serverRemedy, settingsIn } from "../template.ts";
import { proftpdTls } from "../tls/proftpd.ts";
import { PATH_OF_THE_CLIENT, SELINUX, SHOW_PATH } from "./paths.ts";
import type { ServerSetUp } from "./set-up.ts";
import { FOREIGN_DATA_PEER, TLS_OPTIONAL } from "./warnings.ts";

const set = settingsIn("/etc/proftpd/proftpd.conf", " ");
const restart = ["systemctl restart proftpd"];
const ON_RED_HAT = "On Red Hat and its relatives the file is /etc/proftpd.conf.";
const PER_HOST = "It holds for the main server only: repeat it in each <VirtualHost>.";

/** ProFTPD. */
export const proftpd: ServerSetUp = {
  product: "ProFTPD",
  label: "ProFTPD",
  knownBy: "It is ProFTPD where a listing begins with `150 Opening ASCII mode data connection for file list`.",
  prompt: /^(?:Anonymous login ok, send your complete email address as your password$|Password required for )/,
  source: "proftpd: doc/modules/mod_core.html, doc/howto/NAT.html, doc/contrib/mod_tls.html",
  remedies: {
    ...proftpdTls,
    "advertised-address": [
      serverRemedy(["Makes ProFTPD name the address that clients reach in its answer to PASV.", PER_HOST, ON_RED_HAT], {
        config: [set("MasqueradeAddress", "{publicAddress}")],
        commands: restart,
      }),
    ],
    "own-address": [
      serverRemedy(
        [
          "Without MasqueradeAddress ProFTPD names the address that the client has reached, which is right wherever no NAT stands in front of it.",
          "The old file stays beside the new one (.bak).",
          ON_RED_HAT,
        ],
        {
          commands: ["sed -i.bak '/^[[:space:]]*MasqueradeAddress[[:space:]]/d' /etc/proftpd/proftpd.conf", ...restart],
        },
      ),
    ],
    "dynamic-address": [
      serverRemedy(
        [
          "Lets ProFTPD look the address up under the name that clients use, and again every 300 seconds (mod_dynmasq must be loaded).",
          PER_HOST,
          ON_RED_HAT,
        ],
        { config: [set("MasqueradeAddress", "{host}"), set("DynMasqRefresh", "300")], commands: restart },
      ),
    ],
    "local-address": [
      serverRemedy(
        [
          "Give the local network a server of its own: a <VirtualHost> for the local address without MasqueradeAddress, which ProFTPD chooses by the address that the client has reached.",
          "The local address here is {insideAddress}.",
        ],
        { effort: "medium" },
      ),
    ],
    "passive-range": [
      serverRemedy(
        [
          "Makes ProFTPD offer passive ports {from} to {to}; the firewall must open the same numbers.",
          "When all of them are busy it takes any port, without a word: allow for twice the transfers at the busiest time.",
          PER_HOST,
          ON_RED_HAT,
        ],
        { config: [set("PassivePorts", "{from} {to}")], commands: restart },
      ),
    ],
    "enable-passive": [
      serverRemedy([
        "ProFTPD has no switch for passive mode: look for a <Limit> section with PASV or EPSV and DenyAll in its configuration and take it out.",
        ON_RED_HAT,
      ]),
    ],
    "enable-epsv": [
      serverRemedy([
        "ProFTPD answers EPSV unless a <Limit EPSV> section denies it: look for one in its configuration and take it out.",
        ON_RED_HAT,
      ]),
    ],
    "enable-active": [
      serverRemedy([
        "ProFTPD has no switch for active mode: look for a <Limit> section with PORT or EPRT and DenyAll, and for RootRevoke on, which forbids port 20.",
        ON_RED_HAT,
      ]),
    ],
    "foreign-data-peer": [
      serverRemedy([FOREIGN_DATA_PEER, ON_RED_HAT], { config: [set("AllowForeignAddress", "on")], commands: restart }),
    ],
    "listen-failed": [
      serverRemedy(
        [
          "A range that is large enough and that nothing else uses; where SELinux is on, `setsebool -P ftpd_use_passive_mode 1` allows the listener.",
          ON_RED_HAT,
        ],
        { config: [set("PassivePorts", "{from} {to}")], commands: restart },
      ),
    ],
    "max-clients": [
      serverRemedy(
        ["Raises the number of sessions in all; MaxInstances limits the processes behind them.", ON_RED_HAT],
        {
          config: [set("MaxClients", "200"), set("MaxInstances", "250")],
          commands: restart,
        },
      ),
    ],
    "max-per-ip": [
      serverRemedy(["Raises the number of sessions from one address.", ON_RED_HAT], {
        config: [set("MaxClientsPerHost", "20")],
        commands: restart,
      }),
    ],
    "reverse-lookup": [
      serverRemedy(
        [
          "Switches the look-up of the client's name off.",
          "Where mod_ident is loaded, add `IdentLookups off`: it waits for an answer from the client's port 113.",
          ON_RED_HAT,
        ],
        { config: [set("UseReverseDNS", "off")], commands: restart },
      ),
    ],
    "start-service": [
      serverRemedy(
        [
          "Starts ProFTPD now and at every boot, and shows what listens on port {controlPort}.",
          "`proftpd -t` checks the configuration; ServerType must be standalone unless inetd starts it.",
        ],
        { commands: ["systemctl enable proftpd", ...restart, "ss -ltnp 'sport = :{controlPort}'"] },
      ),
    ],
    "listen-ipv6": [
      serverRemedy(["Makes ProFTPD listen on IPv6 too.", ON_RED_HAT], {
        config: [set("UseIPv6", "on")],
        commands: restart,
      }),
    ],
    "access-list": [
      serverRemedy(
        [
          "With mod_wrap ProFTPD obeys /etc/hosts.allow and /etc/hosts.deny: this lets the client in.",
          "Without it look for <Limit LOGIN> sections; with `ServerType inetd` nothing greets unless inetd starts it.",
        ],
        { config: [settingsIn("/etc/hosts.allow", ": ")("proftpd", "{clientAddress}")] },
      ),
    ],
    unban: [
      serverRemedy(
        [
          "Lifts the ban where fail2ban watches ProFTPD; then stop whatever keeps logging in with a wrong password.",
          "Where mod_ban did it, `ftpdctl permit host` with the address lifts it.",
        ],
        { commands: ["fail2ban-client set proftpd unbanip {clientAddress}"] },
      ),
    ],
    login: [
      serverRemedy(
        [
          "Accepts accounts whose shell is missing in /etc/shells, the commonest reason beside a wrong password.",
          "A name in /etc/ftpusers is refused too (UseFtpUsers off).",
          ON_RED_HAT,
        ],
        { config: [set("RequireValidShell", "off")], commands: restart },
      ),
    ],
    "home-directory": [
      serverRemedy(
        [
          "Lets ProFTPD make a home directory that is missing.",
          "One that exists must be one that the user may enter: otherwise ProFTPD says `530 Login incorrect.` and logs chdir: Permission denied.",
          ON_RED_HAT,
        ],
        { config: [set("CreateHome", "on")], commands: restart },
      ),
    ],
    "require-tls": [
      serverRemedy([TLS_OPTIONAL, "Elsewhere than on Debian the directive stands in the main file."], {
        config: [settingsIn("/etc/proftpd/tls.conf", " ")("TLSRequired", "off")],
        commands: restart,
      }),
    ],
    "read-path": [
      serverRemedy(
        [
          "ProFTPD reads with the user's own rights, within its <Limit> sections: the commands show which directory on the way is missing or refuses them.",
          PATH_OF_THE_CLIENT,
          SELINUX,
        ],
        { commands: SHOW_PATH },
      ),
    ],
    "write-path": [
      serverRemedy([
        "ProFTPD writes with the user's own rights, within AllowOverwrite and its <Limit WRITE> sections: open these only where uploads are meant to be.",
      ]),
    ],
  },
};
