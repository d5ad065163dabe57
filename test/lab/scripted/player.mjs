import { readFileSync } from "node:fs";
import { createConnection, createServer } from "node:net";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { FILE_COMMANDS, filesOf, listingOf } from "./files.mjs";
import { serveTls, shaken } from "./tls-side.mjs";

/**
 * Plays a server from a script: a line-based FTP server without any knowledge of the product under test, for servers that cannot be had
 * here. Run as a program of its own: `node player.mjs SCRIPT.json ADDRESS`.
 *
 * An answer is the text to send (lines parted by \n, each sent with CR LF), or an object. `{p}` stands for the passive port, `{hi}` and
 * `{lo}` for its two bytes, `{a}` for the address with commas; what is not in the script is answered as a plain, healthy server does.
 *
 * @typedef {object} Answer
 * @property {string} [say]
 * @property {number} [afterMs] wait before
 * @property {true} [raw] in clear, though TLS is spoken
 * @property {"close" | "reset" | "mute"} [ends] what becomes of the session; `mute`: nothing is ever said again
 *
 * @typedef {string | Answer | null} Said null: no answer at all
 *
 * @typedef {object} Script
 * @property {number} [port]
 * @property {Said} [greeting]
 * @property {string} [bytes] sent first in place of a greeting, in base64
 * @property {boolean} [greetsWhenSpokenTo] the greeting comes after the client's first line
 * @property {Record<string, Said | Said[]>} [answers] by command; of a list each in turn, the last for good
 * @property {{ from: number, to: number }} range passive ports
 * @property {number} [offset] what is added to the port that it really listens on, in every offer
 * @property {boolean} [deaf] it offers ports and listens on none
 * @property {{ key: string, certificate: string }} [tls] in PEM; AUTH is then answered with 234 unless the script says otherwise, and any 2xx
 *   to it begins TLS, as PROT with 2xx does on data connections
 * @property {"clear" | "raw-end" | "unresumed"} [dataTls] data connections stay in clear whatever was agreed, end without close_notify, or
 *   cannot resume a session
 * @property {"drips" | "stops"} [handshake] what is answered to the handshake of the control connection: the beginning of a ServerHello, a
 *   byte now and then, or at once and then nothing
 * @property {Transfer} [listing]
 * @property {import("./files.mjs").Storing} [storing] files can be written and read where this is there: STOR, RETR, SIZE and DELE
 *
 * @typedef {object} Transfer
 * @property {Said} [opening] before any data; default 150
 * @property {string} [text]
 * @property {number} [pauseMs] between opening and text
 * @property {"end" | "reset" | "hang" | "drip"} [close] what becomes of the data connection after the text; default `end`; `drip`: a byte
 *   comes now and then, and no end
 * @property {Said} [closing] default 226
 * @property {boolean} [oneAtATime] a second data connection within a second of another, of whatever session, is refused
 */

const HEALTHY = {
  USER: "331 Tell me your password",
  PASS: "230 Come in",
  SYST: "215 UNIX Type: L8",
  FEAT: "211-These\n EPSV\n EPRT\n211 End",
  TYPE: "200 Fine",
  PWD: '257 "/" is where you are',
  CWD: "250 Fine",
  NOOP: "200 Fine",
  EPSV: "229 Passive it is (|||{p}|)",
  PASV: "227 Passive it is ({a},{hi},{lo})",
  EPRT: "200 Fine",
  PORT: "200 Fine",
  LIST: "",
  QUIT: { say: "221 Until then", ends: "close" },
};
/** What a server with TLS knows besides. */
const UNDER_TLS = {
  AUTH: "234 Begin",
  PBSZ: "200 PBSZ=0",
  PROT: "200 Fine",
  FEAT: "211-These\n AUTH TLS\n PBSZ\n PROT\n EPSV\n EPRT\n211 End",
};
const UNKNOWN = "502 No such command";
const TEXT = "-rw-r--r-- 1 ftp ftp 34 Jan 01 2024 welcome.txt\r\n";

/** The head of a record of 16 KiB, of a ServerHello in it, and its version. */
const SERVER_HELLO = Buffer.from([22, 3, 3, 0x3f, 0xff, 2, 0, 0x3f, 0xfb, 3, 3]);
const DRIP_MS = 300;

/** Sends the bytes one by one, and their last one again and again. @param {import("node:stream").Duplex} to @param {Buffer} bytes */
function drip(to, bytes) {
  let at = 0;
  const timer = setInterval(() => {
    if (to.destroyed) clearInterval(timer);
    else to.write(bytes.subarray(at, at + 1));
    at = Math.min(at + 1, bytes.length - 1);
  }, DRIP_MS);
}

const [, , file = "", address = "127.0.0.1"] = process.argv;
/** @type {Script} */
const script = JSON.parse(readFileSync(file, "utf8"));
let nextPort = script.range.from;
let lastDataMs = Number.NEGATIVE_INFINITY;
/** Bytes of each file that is there, by path. @type {Map<string, number>} */
const stored = new Map((script.storing?.holds ?? []).map((bytes) => [`file-${bytes}`, bytes]));

createServer(serve).listen(script.port ?? 21, "::");

/** @param {import("node:net").Socket} socket */
function serve(socket) {
  socket.on("error", () => {});
  /** @type {Map<string, number>} */
  const turns = new Map();
  const session = { listener: null, accepted: null, active: null, port: 0, over: false, protects: false };
  /** @type {import("node:net").Socket} */
  let wire = socket;
  socket.on("close", () => session.listener?.close());

  /** @param {Said} said */
  const answer = async (said) => {
    if (said === null || said === undefined || session.over) return;
    const { say, afterMs = 0, ends, raw } = typeof said === "string" ? { say: said } : said;
    if (afterMs > 0) await sleep(afterMs);
    if (say !== undefined && say !== "" && !socket.destroyed) {
      const hi = Math.floor(session.port / 256);
      const text = say
        .replaceAll("{p}", String(session.port))
        .replaceAll("{hi}", String(hi))
        .replaceAll("{lo}", String(session.port % 256))
        .replaceAll("{a}", address.replaceAll(".", ","));
      (raw ? socket : wire).write(text.replace(/\n?$/, "\n").replaceAll("\n", "\r\n"), "latin1");
    }
    if (ends === "close") (raw ? socket : wire).end();
    if (ends === "reset") socket.resetAndDestroy();
    if (ends !== undefined) session.over = true;
  };

  /** @param {string} verb */
  const scripted = (verb) => {
    const own = script.answers?.[verb];
    if (own === undefined) return (script.tls === undefined ? undefined : UNDER_TLS[verb]) ?? HEALTHY[verb] ?? UNKNOWN;
    if (!Array.isArray(own)) return own;
    const turn = turns.get(verb) ?? 0;
    turns.set(verb, turn + 1);
    return own[Math.min(turn, own.length - 1)] ?? null;
  };

  const listen = async () => {
    session.listener?.close();
    session.active = null;
    const port = nextPort;
    nextPort = nextPort >= script.range.to ? script.range.from : nextPort + 1;
    session.port = port + (script.offset ?? 0);
    if (script.deaf) return;
    const listener = createServer();
    session.listener = listener;
    session.accepted = new Promise((resolve) => {
      listener.once("connection", (data) => {
        data.on("error", () => {});
        listener.close();
        resolve(data);
      });
    });
    await new Promise((resolve) => listener.listen(port, "::", resolve));
  };

  const data = async () => {
    if (session.active === null) return session.accepted;
    const connection = createConnection(session.active);
    connection.on("error", () => {});
    return new Promise((resolve) => {
      connection.once("connect", () => resolve(connection)).once("error", () => resolve(null));
    });
  };

  const transfer = async () => {
    const {
      opening = "150 Here it comes",
      text = stored.size === 0 ? TEXT : listingOf(stored),
      pauseMs = 0,
      close = "end",
      closing,
      oneAtATime,
    } = script.listing ?? {};
    if (oneAtATime && performance.now() - lastDataMs < 1000) {
      session.listener?.close();
      return answer("425 One at a time");
    }
    lastDataMs = performance.now();
    await answer(opening);
    const plain = await data();
    if (plain === null) return answer("425 Nobody there");
    const secured = session.protects ? serveTls(plain, script.tls, { resumes: script.dataTls !== "unresumed" }) : null;
    if (secured !== null && !(await shaken(secured))) return answer("425 No handshake");
    if (secured !== null && script.dataTls === "raw-end") {
      secured.write(text);
      await sleep(100);
      plain.end();
      return answer(closing === undefined ? "226 That was it" : closing);
    }
    const connection = secured ?? plain;
    if (pauseMs > 0) await sleep(pauseMs);
    if (close === "drip") {
      drip(connection, Buffer.from(text));
      return;
    }
    if (close === "hang") {
      if (text !== "") connection.write(text);
    } else if (close === "end") {
      await new Promise((resolve) => connection.end(text, resolve));
    } else {
      // What was sent must arrive before the reset, which would overtake it.
      if (text !== "") connection.write(text);
      await sleep(100);
      plain.resetAndDestroy();
    }
    return answer(closing === undefined ? "226 That was it" : closing);
  };

  /** A data connection, under TLS where that was agreed on; in place of one that does not come about, what is said then. */
  const protectedData = async () => {
    const plain = await data();
    if (plain === null) return { plain: null, refusal: "425 Nobody there" };
    const secured = session.protects ? serveTls(plain, script.tls) : null;
    if (secured !== null && !(await shaken(secured))) return { plain: null, refusal: "425 No handshake" };
    return { plain, connection: secured ?? plain, underTls: secured !== null };
  };
  const file = script.storing === undefined ? null : filesOf({ answer, protectedData }, script.storing, stored);

  /** @param {string} line */
  const obey = async (line) => {
    const [verb = "", argument = ""] = line.trim().split(" ");
    const name = verb.toUpperCase();
    if (file !== null && FILE_COMMANDS.includes(name)) return file(name, argument);
    const said = scripted(name);
    if (name === "LIST" && said === "") return transfer();
    const code = typeof said === "string" ? said[0] : said?.say?.[0];
    if ((name === "EPSV" || name === "PASV") && code === "2") await listen();
    if (name === "PORT" && code === "2") {
      const [a, b, c, d, hi, lo] = argument.split(",").map(Number);
      session.active = { host: `${a}.${b}.${c}.${d}`, port: hi * 256 + lo };
    }
    if (name === "EPRT" && code === "2") {
      const [, , host = "", port] = argument.split(argument[0] ?? "|");
      session.active = { host, port: Number(port) };
    }
    await answer(said);
    if (script.tls === undefined || code !== "2") return;
    if (name === "PROT") session.protects = argument === "P" && script.dataTls !== "clear";
    if (name === "AUTH") {
      socket.removeAllListeners("data");
      if (script.handshake !== undefined) {
        if (script.handshake === "drips") drip(socket, SERVER_HELLO);
        else socket.write(SERVER_HELLO);
        socket.resume();
        return;
      }
      wire = serveTls(socket, script.tls);
      wire.on("data", hear);
    }
  };

  let rest = "";
  // One after the other, as a server does that reads a line, answers, and reads the next.
  let work = begin();
  async function begin() {
    if (script.bytes !== undefined) socket.write(Buffer.from(script.bytes, "base64"));
    else if (!script.greetsWhenSpokenTo) await answer(script.greeting === undefined ? "220 Ready" : script.greeting);
  }
  socket.on("data", hear);
  /** @param {Buffer} chunk */
  function hear(chunk) {
    const lines = (rest + chunk.toString("latin1")).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      work = work.then(async () => {
        if (script.greetsWhenSpokenTo && !turns.has("greeting")) {
          turns.set("greeting", 1);
          await answer(script.greeting === undefined ? "220 Ready" : script.greeting);
        }
        if (!session.over && script.bytes === undefined) await obey(line);
      });
    }
  }
}
