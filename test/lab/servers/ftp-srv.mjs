import { join } from "node:path";
import process from "node:process";

/**
 * ftp-srv is a library for Node; the options are those of its `FtpSrv`, as JavaScript writes them.
 * @param {import("../servers.mjs").Place} place
 * @param {import("../servers.mjs").ServerSettings} settings
 * @returns {import("../servers.mjs").Recipe}
 */
export function ftpSrv({ packages, folder, address }, { range, advertise, accounts, options }) {
  const settings = {
    url: JSON.stringify("ftp://0.0.0.0:21"),
    // It names this address in 227, and has no other to name.
    pasv_url: JSON.stringify(advertise ?? address),
    pasv_min: range.from,
    pasv_max: range.to,
    anonymous: accounts !== "named",
    ...options,
  };
  const homes = { anonymous: join(folder, "ftp"), lab: join(folder, "home") };
  const lines = [
    `const { FtpSrv } = require(${JSON.stringify(join(packages, "npm/node_modules/ftp-srv"))});`,
    `const server = new FtpSrv({ ${Object.entries(settings)
      .map(([name, value]) => `${name}: ${value}`)
      .join(", ")} });`,
    'server.on("login", ({ username, password }, resolve, reject) => {',
    `  if (username === "lab" && password === process.env.LAB_PASSWORD && ${accounts !== "anonymous"}) resolve({ root: ${JSON.stringify(homes.lab)} });`,
    `  else if (username === "anonymous" && ${accounts !== "named"}) resolve({ root: ${JSON.stringify(homes.anonymous)} });`,
    '  else reject(Object.assign(new Error("Invalid username or password"), { code: 530 }));',
    "});",
    "server.listen();",
    "",
  ];
  return { files: { "server.cjs": lines.join("\n") }, argv: [process.execPath, join(folder, "server.cjs")] };
}
