import { execFileSync } from "node:child_process";
import { createConnection, createServer } from "node:net";
import process from "node:process";

/**
 * A device that reads along: a TCP relay for one control port, with hooks on the lines of either direction. Run as a program of its own on
 * the router: `node middlebox.mjs PORT SERVER BOX`, BOX being JSON.
 *
 * The first hook whose pattern fits a line decides what becomes of it; lines without one pass.
 *
 * @typedef {object} Hook
 * @property {string} line pattern that a line (without its end) must fit; letter case does not matter
 * @property {"drop" | "reset" | "close" | "opens"} [act] what the device does in place of passing it on; `opens`: it opens the port that
 *   the line names (227, 229), and passes it on
 * @property {string} [answer] what the client gets in place of the server's answer; the line is not passed on
 * @property {string} [replace] what is passed on in place of the line; `$1` and so on as usual
 *
 * @typedef {object} Box
 * @property {Hook[]} [toServer]
 * @property {Hook[]} [toClient]
 * @property {number} [commands] after so many the device ends the session
 * @property {"swallows" | "closes" | "resets"} [underTls] what becomes of the client's bytes once the server has agreed to TLS; default: they pass
 * @property {"lf" | "chopped"} [passes] how replies are passed on: their lines end in LF alone, or every byte travels in a packet of its own
 */

const [, , port = "", server = "", text = "{}"] = process.argv;
/** @type {Box} */
const box = JSON.parse(text);

createServer((client) => {
  const inner = createConnection({ host: server, port: 21 });
  client.setNoDelay();
  const reset = () => {
    client.resetAndDestroy();
    inner.resetAndDestroy();
  };
  for (const [one, other] of [
    [client, inner],
    [inner, client],
  ]) {
    one.on("error", () => other.destroy());
    one.on("close", () => other.end());
  }
  // What follows is none of the device's business: it cannot read it.
  let dark = false;
  let commands = 0;
  let sent = Promise.resolve();
  /** @param {string} line */
  const toClient = (line) => {
    const whole = `${line}${box.passes === "lf" ? "\n" : "\r\n"}`;
    if (box.passes !== "chopped") return client.write(whole, "latin1");
    sent = [...whole].reduce(async (before, byte) => {
      await before;
      if (!client.destroyed) client.write(byte, "latin1");
      await new Promise((resolve) => setTimeout(resolve, 1));
    }, sent);
  };
  eachLine(
    client,
    () => dark,
    fromDark,
    (line) => {
      commands += 1;
      if (box.commands !== undefined && commands > box.commands) return reset();
      pass(line, box.toServer ?? [], (passed) => inner.write(`${passed}\r\n`, "latin1"));
    },
  );
  eachLine(
    inner,
    () => dark,
    (chunk) => client.write(chunk),
    (line) => {
      pass(line, box.toClient ?? [], toClient);
      dark ||= line.startsWith("234 ");
    },
  );

  /** @param {Buffer} chunk */
  function fromDark(chunk) {
    if (box.underTls === undefined) return inner.write(chunk);
    if (box.underTls === "resets") return reset();
    if (box.underTls === "closes") {
      client.end();
      inner.end();
    }
  }

  /**
   * @param {string} line
   * @param {Hook[]} hooks
   * @param {(line: string) => void} on
   */
  function pass(line, hooks, on) {
    const hook = hooks.find(({ line: pattern }) => new RegExp(pattern, "i").test(line));
    if (hook === undefined) return on(line);
    const { act, answer, replace } = hook;
    if (act === "opens") {
      open(portIn(line));
      return on(line);
    }
    if (answer !== undefined) return toClient(answer);
    if (replace !== undefined) return on(line.replace(new RegExp(hook.line, "i"), replace));
    if (act === "reset") return reset();
    if (act === "close") {
      client.end();
      inner.end();
    }
  }
}).listen(Number(port), () => console.log("listening"));

/** A pinhole, as a firewall's helper makes it: the ruleset has the set. @param {number} opened */
function open(opened) {
  execFileSync("nft", ["add", "element", "inet", "filter", "opened", `{ ${opened} timeout 20s }`]);
}

/** @param {string} line */
function portIn(line) {
  const [hi = 0, lo = 0] = (/,(\d+),(\d+)\)/.exec(line) ?? []).slice(1).map(Number);
  return hi === 0 ? Number(/\|(\d+)\|\)/.exec(line)?.[1]) : 256 * hi + lo;
}

/**
 * @param {import("node:net").Socket} socket
 * @param {() => boolean} isDark whether there are no lines any more
 * @param {(chunk: Buffer) => void} pass takes what has none
 * @param {(line: string) => void} take
 */
function eachLine(socket, isDark, pass, take) {
  let rest = "";
  socket.on("data", (chunk) => {
    if (isDark()) return pass(chunk);
    const lines = (rest + chunk.toString("latin1")).split(/\r?\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) take(line);
  });
}
