import { spawn } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { NAME, SERVER, SERVER_V6 } from "./addresses.mjs";
import { startMiddlebox } from "./middlebox.mjs";
import { nameFiles } from "./names.mjs";
import { buildWorld } from "./net.mjs";
import { LabProblem } from "./problem.mjs";
import { startServer } from "./servers.mjs";

/**
 * What all scenarios of one run share.
 * @typedef {object} Context
 * @property {string} packages folder with the unpacked servers
 * @property {string} folder for this run's files; everybody may enter it, since servers do so as their users
 * @property {import("./accounts.mjs").Accounts} accounts
 * @property {import("./certificates.mjs").Certificates} certificates
 */

/**
 * A scenario that is up.
 * @typedef {object} Stage
 * @property {import("./net.mjs").World} world
 * @property {string} folder the scenario's files
 * @property {string} authority file with the certificate of the lab's own authority
 * @property {() => Promise<string>} handedOut folder with `ca.pem`, the certificates that whoever administers the server hands out
 * @property {(argv: readonly string[]) => string[]} asClient the command line that runs `argv` where the client stands
 */

/**
 * Sets a scenario up, lets `act` play in it, and takes everything down again.
 * @template T
 * @param {import("./scenario.mjs").Scenario} scenario
 * @param {Context} context
 * @param {(stage: Stage) => Promise<T>} act
 * @param {(world: import("./net.mjs").World) => import("./servers.mjs").Install} [installer] how the main server is put on its host, where it
 *   is not to run from the lab's own folder
 * @returns {Promise<T>}
 */
export async function onStage(scenario, { packages, folder, accounts, certificates }, act, installer) {
  const { name, server, topology = {}, firewall = {}, commands = {}, held } = scenario;
  const own = join(folder, name);
  await mkdir(own, { recursive: true });
  if (scenario.trustsLab) await certificates.ready();
  const world = await buildWorld(topology, firewall, commands);
  const shared = { world, accounts, certificates, packages };
  try {
    if (server !== null) {
      const install = installer === undefined ? {} : { install: installer(world) };
      await startServer(server, { ...shared, folder: join(own, "server"), ...install });
    }
    if (scenario.twin !== undefined) {
      await startServer(scenario.twin, { ...shared, folder: join(own, "twin"), host: "twin" });
    }
    if (scenario.middlebox !== undefined) await startMiddlebox(world, scenario.middlebox);
    for (const { on, port } of scenario.mute ?? []) await startListener(world, on, MUTE, [port], world.serverAddress);
    for (const { on, ports } of scenario.userProxy ?? []) {
      await startListener(world, on, USER_PROXY, ports, world.serverAddress);
    }
    if (held !== undefined) await holdSessions(world, held);
    const binds = await nameFiles(own, { [NAME]: scenario.names ?? [SERVER, SERVER_V6] });
    return await act({
      world,
      folder: own,
      authority: certificates.authority,
      handedOut: () => certificates.handedOut(),
      asClient: (argv) => world.argvIn("client", argv, binds),
    });
  } finally {
    world.close();
  }
}

/** Takes every connection and says nothing. */
const MUTE = `
const server = require("node:net").createServer((socket) => socket.on("error", () => {}).resume());
server.listen(Number(process.argv[2]), "::", () => console.log("listening"));`;

/** Takes every connection, opens one to the same port of the server for it, and hangs up where that is refused: as docker-proxy does. */
const USER_PROXY = `
const net = require("node:net");
const [, inside, ...ports] = process.argv;
let left = ports.length;
for (const port of ports) {
  const server = net.createServer({ allowHalfOpen: true }, (outer) => {
    const inner = net.connect({ host: inside, port: Number(port), allowHalfOpen: true });
    for (const [one, other] of [[outer, inner], [inner, outer]]) one.on("error", () => other.destroy()).pipe(other);
  });
  server.listen(Number(port), "::", () => (left -= 1) === 0 && console.log("listening"));
}`;

/**
 * A program that listens on ports of a host; it ends with the world.
 * @param {import("./net.mjs").World} world
 * @param {import("./topology.mjs").HostName} host
 * @param {string} program
 * @param {readonly number[]} ports
 * @param {string} inside the server's own address
 */
async function startListener(world, host, program, ports, inside) {
  const [command = "", ...args] = world.argvIn(host, [process.execPath, "-e", program, inside, ...ports.map(String)]);
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "ignore"], detached: true });
  child.unref();
  const heard = await new Promise((resolve) => {
    child.stdout.once("data", () => resolve("listening"));
    child.once("error", () => resolve("cannot run node"));
    child.once("exit", (code) => resolve(`exit code ${code}`));
  });
  child.stdout.destroy();
  if (heard !== "listening") throw new LabProblem(`nothing listens on port ${ports.join(", ")}: ${heard}`);
}

/** Logs in, asks for a passive port where a second argument says so, and stays until the end of the world. */
const HOLDER = `
exec 3<>/dev/tcp/$1/21
printf 'USER anonymous\\r\\nPASS lab@example.com\\r\\n' >&3
while IFS= read -r line <&3
do
  echo "$line"
  case $line in
    230\\ *) if [ -n "$2" ]; then printf 'PASV\\r\\n' >&3; else exec sleep 600; fi ;;
    227\\ *) exec sleep 600 ;;
    [45]??\\ *) exit 1 ;;
  esac
done
exit 1`;

/**
 * @param {import("./net.mjs").World} world
 * @param {import("./scenario.mjs").Held} held
 */
async function holdSessions(world, { from, sessions, listening }) {
  const asked = listening === undefined ? [] : ["listening"];
  const last = listening === undefined ? /^230 /m : /^227 /m;
  for (let session = 0; session < sessions; session += 1) {
    const [program = "", ...args] = world.argvIn(from, ["bash", "-c", HOLDER, "bash", world.serverAddress, ...asked]);
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"], detached: true });
    child.unref();
    const heard = await new Promise((resolve) => {
      let text = "";
      child.stdout.on("data", (chunk) => {
        text += chunk;
        if (last.test(text)) resolve("held");
      });
      child.once("error", () => resolve("cannot run bash"));
      child.once("exit", () => resolve(text.trim()));
    });
    child.stdout.destroy();
    if (heard !== "held") throw new LabProblem(`a session to be held open was refused: ${heard}`);
  }
}
