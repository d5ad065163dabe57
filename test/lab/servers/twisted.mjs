import { join } from "node:path";

/**
 * Twisted's FTP factory with its own portal; the options are attributes of the factory (`factory.NAME`), as
 * Python writes them; `interface` is where it listens.
 * @param {import("../servers.mjs").Place} place
 * @param {import("../servers.mjs").ServerSettings} settings
 * @returns {import("../servers.mjs").Recipe}
 */
export function twisted({ packages, folder }, { range, accounts, options }) {
  const settings = { "factory.passivePortRange": `range(${range.from}, ${range.to + 1})`, ...options };
  const lines = [
    "import os",
    "from twisted.cred.checkers import AllowAnonymousAccess, InMemoryUsernamePasswordDatabaseDontUse",
    "from twisted.cred.portal import Portal",
    "from twisted.internet import reactor",
    "from twisted.protocols.ftp import FTPFactory, FTPRealm",
    `os.mkdir(${JSON.stringify(join(folder, "homes"))})`,
    `os.symlink(${JSON.stringify(join(folder, "home"))}, ${JSON.stringify(join(folder, "homes/lab"))})`,
    `realm = FTPRealm(${JSON.stringify(join(folder, "ftp"))}, ${JSON.stringify(join(folder, "homes"))})`,
    "checkers = []",
    ...(accounts === "named" ? [] : ["checkers.append(AllowAnonymousAccess())"]),
    ...(accounts === "anonymous"
      ? []
      : [
          "accounts = InMemoryUsernamePasswordDatabaseDontUse()",
          // Given as arguments, names would become bytes, and its FTP protocol asks for text.
          'accounts.users = {"lab": os.environ["LAB_PASSWORD"]}',
          "checkers.append(accounts)",
        ]),
    'interface = ""',
    "factory = FTPFactory(Portal(realm, checkers))",
    ...(accounts === "named" ? ["factory.allowAnonymous = False"] : []),
    ...Object.entries(settings).map(([name, value]) => `${name} = ${value}`),
    "reactor.listenTCP(21, factory, interface=interface)",
    "reactor.run()",
    "",
  ];
  return {
    files: { "server.py": lines.join("\n") },
    argv: ["/usr/bin/python3", join(folder, "server.py")],
    env: { PYTHONPATH: join(packages, "usr/lib/python3/dist-packages") },
  };
}
