import { serverRemedy, settingsIn } from "../template.ts";
import { otherTls } from "../tls/other-servers.ts";
import type { ServerSetUp } from "./set-up.ts";
import { FOREIGN_DATA_PEER, TLS_OPTIONAL } from "./warnings.ts";

const assign = settingsIn("the script that starts the server", " = ");
const STARTED_BY_HAND =
  "Then restart the script; a server started by `python3 -m pyftpdlib` takes the options of the same meaning.";

/** pyftpdlib: a library, so its settings stand in somebody's script. */
export const pyftpdlib: ServerSetUp = {
  product: "pyftpdlib",
  label: "pyftpdlib",
  knownBy: "It is pyftpdlib where the login is asked for with `331 Username ok, send password.`",
  source: "pyftpdlib: docs/api.rst, pyftpdlib/__main__.py",
  remedies: {
    ...otherTls.pyftpdlib,
    "advertised-address": [
      serverRemedy(
        [
          "Makes pyftpdlib name the address that clients reach in its answer to PASV (option --nat-address={publicAddress}).",
          STARTED_BY_HAND,
        ],
        { config: [assign("handler.masquerade_address", '"{publicAddress}"')] },
      ),
    ],
    "own-address": [
      serverRemedy(["Makes pyftpdlib name the address that the client has reached.", STARTED_BY_HAND], {
        config: [assign("handler.masquerade_address", "None")],
      }),
    ],
    "local-address": [
      serverRemedy(
        [
          "Names another address to clients that have reached the local one: a table from local to advertised address takes the place of the single address.",
          STARTED_BY_HAND,
        ],
        { config: [assign("handler.masquerade_address_map", '{"{insideAddress}": "{insideAddress}"}')] },
      ),
    ],
    "passive-range": [
      serverRemedy(
        [
          "Makes pyftpdlib offer passive ports {from} to {to} (option --range={from}-{to}); the firewall must open the same numbers.",
          STARTED_BY_HAND,
        ],
        { config: [assign("handler.passive_ports", "range({from}, {afterTo})")] },
      ),
    ],
    "foreign-data-peer": [
      serverRemedy([FOREIGN_DATA_PEER, STARTED_BY_HAND], {
        config: [assign("handler.permit_foreign_addresses", "True")],
      }),
    ],
    "max-clients": [
      serverRemedy(["Raises the number of sessions in all.", STARTED_BY_HAND], {
        config: [assign("server.max_cons", "512")],
      }),
    ],
    "max-per-ip": [
      serverRemedy(["Raises the number of sessions from one address (0 is no limit).", STARTED_BY_HAND], {
        config: [assign("server.max_cons_per_ip", "20")],
      }),
    ],
    "listen-ipv6": [
      serverRemedy(["Makes pyftpdlib listen on IPv6 and IPv4.", STARTED_BY_HAND], {
        config: [assign("server", 'FTPServer(("::", {controlPort}), handler)')],
      }),
    ],
    "require-tls": [
      serverRemedy([TLS_OPTIONAL, STARTED_BY_HAND], {
        config: [assign("handler.tls_control_required", "False"), assign("handler.tls_data_required", "False")],
      }),
    ],
    login: [
      serverRemedy([
        "Accounts come from the authorizer in the script: add_user or add_anonymous names them, with a home directory that exists.",
      ]),
    ],
    "read-path": [
      serverRemedy([
        "The letters e, l and r of perm in add_user allow entering, listing and reading below the user's home directory; the process needs the same right on the disk.",
      ]),
    ],
    "write-path": [
      serverRemedy([
        "The letters a, d, f, m and w of perm in add_user allow writing; the process needs the same right on the disk.",
      ]),
    ],
  },
};

const env = settingsIn("/etc/sftpgo/env.d/ftpd.env", "=");
const restart = ["systemctl restart sftpgo"];
const IN_JSON =
  "The same settings stand in the section ftpd of /etc/sftpgo/sftpgo.json; a container takes them from its environment.";

/** SFTPGo. */
export const sftpgo: ServerSetUp = {
  product: "SFTPGo",
  label: "SFTPGo",
  range: { from: 50000, to: 50100 },
  knownBy: "It is SFTPGo where a login is answered with `230 Password ok, continue`.",
  source: "docs.sftpgo.com: config-file, env-vars",
  remedies: {
    ...otherTls.SFTPGo,
    "advertised-address": [
      serverRemedy(["Makes SFTPGo name the address that clients reach in its answer to PASV.", IN_JSON], {
        config: [env("SFTPGO_FTPD__BINDINGS__0__FORCE_PASSIVE_IP", "{publicAddress}")],
        commands: restart,
      }),
    ],
    "own-address": [
      serverRemedy(["Makes SFTPGo name the address that the client has reached.", IN_JSON], {
        config: [env("SFTPGO_FTPD__BINDINGS__0__FORCE_PASSIVE_IP", '""')],
        commands: restart,
      }),
    ],
    "dynamic-address": [
      serverRemedy(["Takes the name that clients use in place of a fixed address.", IN_JSON], {
        config: [env("SFTPGO_FTPD__BINDINGS__0__PASSIVE_HOST", "{host}")],
        commands: restart,
      }),
    ],
    "local-address": [
      serverRemedy([
        "Give passive_ip_overrides in the binding the local networks with an empty address: their clients are then told the address that they have reached.",
        IN_JSON,
      ]),
    ],
    "passive-range": [
      serverRemedy(
        ["Makes SFTPGo offer passive ports {from} to {to} only; the firewall must open the same numbers.", IN_JSON],
        {
          config: [
            env("SFTPGO_FTPD__PASSIVE_PORT_RANGE__START", "{from}"),
            env("SFTPGO_FTPD__PASSIVE_PORT_RANGE__END", "{to}"),
          ],
          commands: restart,
        },
      ),
    ],
    "enable-active": [
      serverRemedy(["Switches active mode on.", IN_JSON], {
        config: [env("SFTPGO_FTPD__DISABLE_ACTIVE_MODE", "false")],
        commands: restart,
      }),
    ],
    "foreign-data-peer": [
      serverRemedy([FOREIGN_DATA_PEER, IN_JSON], {
        config: [env("SFTPGO_FTPD__BINDINGS__0__PASSIVE_CONNECTIONS_SECURITY", "1")],
        commands: restart,
      }),
    ],
    "require-tls": [
      serverRemedy([TLS_OPTIONAL, IN_JSON], {
        config: [env("SFTPGO_FTPD__BINDINGS__0__TLS_MODE", "0")],
        commands: restart,
      }),
    ],
    "start-service": [
      serverRemedy(["Starts SFTPGo now and at every boot; the FTP binding needs a port other than 0.", IN_JSON], {
        config: [env("SFTPGO_FTPD__BINDINGS__0__PORT", "{controlPort}")],
        commands: ["systemctl enable sftpgo", ...restart],
      }),
    ],
    "access-list": [
      serverRemedy([
        "Look under IP Manager > IP Lists of the web administration.",
        "The address here is {clientAddress}.",
      ]),
    ],
    unban: [
      serverRemedy([
        "Take the address out of the defender's list (web administration, IP Manager > Auto block list).",
        "The address here is {clientAddress}.",
      ]),
    ],
  },
};
