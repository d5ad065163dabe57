import { join } from "node:path";

/**
 * aioftp is a library; the options are keyword arguments of its `Server`, as Python writes them.
 * @param {import("../servers.mjs").Place} place
 * @param {import("../servers.mjs").ServerSettings} settings
 * @returns {import("../servers.mjs").Recipe}
 */
export function aioftp({ packages, folder }, { range, advertise, accounts, options }) {
  const users = [
    ...(accounts === "anonymous"
      ? []
      : [`aioftp.User("lab", os.environ["LAB_PASSWORD"], base_path=${JSON.stringify(join(folder, "home"))})`]),
    // A user without a name is everybody whose name is not known, so a known one stands first.
    ...(accounts === "named" ? [] : [`aioftp.User(base_path=${JSON.stringify(join(folder, "ftp"))})`]),
  ];
  const settings = {
    data_ports: `range(${range.from}, ${range.to + 1})`,
    ...(advertise === undefined ? {} : { ipv4_pasv_forced_response_address: `"${advertise}"` }),
    ...options,
  };
  const lines = [
    "import asyncio, os",
    "import aioftp",
    "async def main():",
    `    users = [${users.join(", ")}]`,
    `    server = aioftp.Server(users, ${Object.entries(settings)
      .map(([name, value]) => `${name}=${value}`)
      .join(", ")})`,
    "    await server.run(None, 21)",
    "asyncio.run(main())",
    "",
  ];
  return {
    files: { "server.py": lines.join("\n") },
    argv: ["/usr/bin/python3", join(folder, "server.py")],
    env: { PYTHONPATH: join(packages, "usr/lib/python3/dist-packages") },
  };
}
