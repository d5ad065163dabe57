import { spawn } from "node:child_process";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { LabProblem } from "../problem.mjs";
import { runToEnd } from "../processes.mjs";

/** @typedef {import("../topology.mjs").HostName} HostName */

/** Programs of the machine that a host of the lab cannot have: what they are told is written down and taken as done. */
const TAKEN_AS_DONE = ["systemctl", "service", "netfilter-persistent"];

/**
 * Lays a writable copy over every folder of the machine that commands may change, with the lab's packages as if they were installed.
 * `$1` folder for the copies, `$2` the packages.
 */
const COVER = `
set -e
mount -t tmpfs lab "$1/copies"
over() {
  mkdir -p "$1/copies$2" "$1/copies$2.work"
  mount -t overlay lab -o "lowerdir=$3,upperdir=$1/copies$2,workdir=$1/copies$2.work" "$2"
}
over "$1" /etc "$2/etc:/etc"
over "$1" /usr "$2/usr:/usr"
over "$1" /var /var
over "$1" /root /root
mount -t tmpfs lab /run
mkdir -p /etc/sysconfig /run/pure-ftpd
cp -a "$2/lib/ufw" /usr/lib/
echo ready
exec sleep infinity`;

/**
 * One host of a scenario as its administrator's own machine: root may change files and start services there, and nothing of it
 * reaches the real machine.
 */
export class Workshop {
  /**
   * @param {number} pid of the process that keeps the host's mounts
   * @param {string} folder
   */
  constructor(pid, folder) {
    this.pid = pid;
    this.folder = folder;
  }

  /**
   * @param {import("../net.mjs").World} world
   * @param {HostName} host
   * @param {string} packages
   * @param {string} stageFolder
   */
  static async open(world, host, packages, stageFolder) {
    const folder = join(stageFolder, `workshop-${host}`);
    const programs = join(folder, "programs");
    await mkdir(programs, { recursive: true });
    await mkdir(join(folder, "copies"));
    for (const name of TAKEN_AS_DONE) {
      const path = join(programs, name);
      await writeFile(path, `#!/bin/sh\necho "${name} $*" >> '${join(folder, "done")}'\n`);
      await chmod(path, 0o755);
    }
    const [program = "", ...args] = world.argvIn(host, ["sh", "-c", COVER, "sh", folder, packages]);
    const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"], detached: true });
    child.unref();
    const heard = await new Promise((resolve) => {
      let words = "";
      child.stderr.on("data", (chunk) => {
        words += chunk;
      });
      child.stdout.once("data", () => resolve(""));
      child.once("error", (error) => resolve(error.message));
      child.once("close", (code) => resolve(words.trim() || `exit code ${code}`));
    });
    child.stdout.destroy();
    child.stderr.destroy();
    if (heard !== "") throw new LabProblem(`no private files for ${host}: ${heard}`);
    return new Workshop(child.pid ?? 0, folder);
  }

  /**
   * The command line that runs `argv` here.
   * @param {readonly string[]} argv
   */
  argv(argv) {
    const path = `PATH=${join(this.folder, "programs")}:/usr/sbin:/usr/bin:/sbin:/bin`;
    return ["nsenter", `--target=${this.pid}`, "--mount", "--net", "--", "env", path, "HOME=/root", ...argv];
  }

  /**
   * One command as an administrator types it.
   * @param {string} command
   * @param {string} [input]
   */
  run(command, input) {
    return runToEnd(this.argv(["sh", "-c", command]), { limitMs: 60_000, ...(input === undefined ? {} : { input }) });
  }

  /**
   * A command that must succeed: it is the lab's own doing.
   * @param {string} command
   * @param {string} [input]
   */
  async prepare(command, input) {
    const { code, stdout, stderr } = await this.run(command, input);
    if (code !== 0) throw new LabProblem(`${command.split("\n")[0]}: ${(stderr || stdout).trim().split("\n").at(-1)}`);
    return stdout;
  }

  /**
   * @param {string} path
   * @param {string} text
   */
  async write(path, text) {
    await this.prepare(`mkdir -p "$(dirname '${path}')" && cat > '${path}'`, text);
  }

  /**
   * The text of a file; empty where there is none.
   * @param {string} path
   */
  async read(path) {
    return (await this.run(`cat '${path}' 2>/dev/null`)).stdout;
  }

  /**
   * A service that runs until the end of the world.
   * @param {readonly string[]} argv
   */
  start(argv) {
    const [program = "", ...args] = this.argv(argv);
    spawn(program, args, { stdio: "ignore", detached: true })
      .on("error", () => {})
      .unref();
  }

  /** What was taken as done so far, a line each. */
  async takenAsDone() {
    const text = await readFile(join(this.folder, "done"), "utf8").catch(() => "");
    return text.split("\n").filter((line) => line !== "");
  }
}
