// Lists a directory as a short program on basic-ftp does: everything by default, except that it tells what it does.
// Arguments: file of the package, host, port, user, password (user and password empty: anonymous), folder (empty: where the login leads),
// what of TLS is asked for (explicit, implicit, empty: nothing), file with the certificate to trust (empty: its own store alone).
import { readFile } from "node:fs/promises";
import process from "node:process";

const [entry = "", host = "", port = "21", user = "", password = "", folder = "", tls = "", authority = ""] =
  process.argv.slice(2);
const { Client } = (await import(entry)).default;
const client = new Client();
client.ftp.verbose = true;
try {
  const secure = tls === "" ? {} : { secure: tls === "implicit" ? "implicit" : true };
  const trust = authority === "" ? {} : { secureOptions: { ca: await readFile(authority, "utf8") } };
  await client.access({ host, port: Number(port), ...secure, ...trust, ...(user === "" ? {} : { user, password }) });
  const listing = await client.list(folder === "" ? undefined : folder);
  process.stdout.write(`${listing.map(({ name }) => name).join("\n")}\n`);
} catch (error) {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
} finally {
  client.close();
}
