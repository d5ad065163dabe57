import { spawn } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { CLIENT, SERVER } from "./addresses.mjs";
import { LabProblem } from "./problem.mjs";

const PROGRAM = fileURLToPath(new URL("scripted/middlebox.mjs", import.meta.url));
const PORT = 2121;

/**
 * What leads the control connection through the device on the router, on the public topology: the client is led to the device, and what the
 * device opens towards the server bears the client's address, so that neither side sees it. Data connections pass beside it.
 */
export const THROUGH_MIDDLEBOX = `table ip middlebox {
  chain taken {
    type nat hook prerouting priority dstnat
    iifname "outside" ip daddr ${SERVER} tcp dport 21 redirect to :${PORT}
  }
  chain unseen {
    type nat hook postrouting priority srcnat
    oifname "inside" ip daddr ${SERVER} tcp dport 21 snat to ${CLIENT}
  }
}`;

/** The same, and a firewall that lets in what the device opens, once each, and no other passive port. */
export const OPENED_BY_MIDDLEBOX = `${THROUGH_MIDDLEBOX}
table inet filter {
  set opened {
    type inet_service
    flags timeout,dynamic
  }
  chain forward {
    type filter hook forward priority filter
    ct state established,related accept
    iifname "outside" tcp dport @opened delete @opened { tcp dport } accept
    iifname "outside" tcp dport 1024-65535 drop
  }
}`;

/**
 * Starts the device on the router; it ends with the world.
 * @param {import("./net.mjs").World} world
 * @param {import("./scripted/middlebox.mjs").Box} box
 */
export async function startMiddlebox(world, box) {
  const argv = [process.execPath, PROGRAM, String(PORT), SERVER, JSON.stringify(box)];
  const [program = "", ...args] = world.argvIn("router", argv);
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "ignore"], detached: true });
  child.unref();
  const heard = await new Promise((resolve) => {
    child.stdout.once("data", () => resolve("listening"));
    child.once("error", () => resolve("cannot run node"));
    child.once("exit", (code) => resolve(`exit code ${code}`));
  });
  child.stdout.destroy();
  if (heard !== "listening") throw new LabProblem(`the device on the router does not listen: ${heard}`);
}
