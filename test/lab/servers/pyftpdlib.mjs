import { join } from "node:path";

/**
 * pyftpdlib is a library, so its settings are lines of the script that starts it, as in its own documentation;
 * `port` alone is none of them.
 * @param {import("../servers.mjs").Place} place
 * @param {import("../servers.mjs").ServerSettings} settings
 * @returns {import("../servers.mjs").Recipe}
 */
export function pyftpdlib({ packages, folder }, { range, advertise, accounts, options }) {
  const { port = 21, ...own } = options;
  const settings = {
    "handler.passive_ports": `range(${range.from}, ${range.to + 1})`,
    ...(advertise === undefined ? {} : { "handler.masquerade_address": `"${advertise}"` }),
    ...own,
  };
  // What concerns the listening socket can be set only once there is one.
  const [before, after] = [false, true].map((ofServer) =>
    Object.entries(settings)
      .filter(([name]) => name.startsWith("server.") === ofServer)
      .map(([name, value]) => `${name} = ${value}`),
  );
  const lines = [
    "import os",
    "from pyftpdlib.authorizers import DummyAuthorizer",
    `from pyftpdlib.handlers import ${"handler.certfile" in settings ? "TLS_FTPHandler" : "FTPHandler"} as handler`,
    "from pyftpdlib.servers import FTPServer",
    "handler.authorizer = DummyAuthorizer()",
    ...(accounts === "named" ? [] : [`handler.authorizer.add_anonymous(${JSON.stringify(join(folder, "ftp"))})`]),
    ...(accounts === "anonymous"
      ? []
      : [
          `handler.authorizer.add_user("lab", os.environ["LAB_PASSWORD"], ${JSON.stringify(join(folder, "home"))}, perm="elradfmw")`,
        ]),
    ...(before ?? []),
    `server = FTPServer(("::", ${port}), handler)`,
    ...(after ?? []),
    "server.serve_forever()",
    "",
  ];
  return {
    files: { "server.py": lines.join("\n") },
    argv: ["/usr/bin/python3", join(folder, "server.py")],
    env: { PYTHONPATH: join(packages, "usr/lib/python3/dist-packages") },
  };
}
