// Lists a directory as a short program on basic-ftp does: everything by default, except that it tells what it does.
// Arguments: file of the package, host, port, user, password (user and password empty: anonymous), folder (empty: where the login leads).
import process from "node:process";

const [entry = "", host = "", port = "21", user = "", password = "", folder = ""] = process.argv.slice(2);
const { Client } = (await import(entry)).default;
const client = new Client();
client.ftp.verbose = true;
try {
  await client.access({ host, port: Number(port), ...(user === "" ? {} : { user, password }) });
  const listing = await client.list(folder === "" ? undefined : folder);
  process.stdout.write(`${listing.map(({ name }) => name).join("\n")}\n`);
} catch (error) {
  process.stderr.write(`${error}\n`);
  process.exitCode = 1;
} finally {
  client.close();
}
