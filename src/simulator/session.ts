import type { Clock, Connection } from "../system/ports.ts";
import type { Command, WholeBehaviour } from "./behaviour.ts";
import { COMMANDS } from "./commands/index.ts";
import { closeGently } from "./connection-end.ts";
import type { Account, Conversation } from "./conversation.ts";
import { DataChannel, type DataSurroundings } from "./data-channel.ts";
import { type LineAnswer, LineReader } from "./line-reader.ts";
import { Notice } from "./notice.ts";
import { type Performance, perform, type Stage } from "./performer.ts";
import { reply, type Script } from "./script.ts";
import type { SessionTls } from "./tls/session-tls.ts";
import type { Wording } from "./wordings/wording.ts";

/** What a control connection is served with. */
export interface SessionOptions {
  /** The client's connection. */
  connection: Connection;
  /** What pauses and limits are measured by. */
  clock: Clock;
  /** What its data channel shares with those of the other sessions. */
  surroundings: DataSurroundings;
  /** The faults that are on. */
  behaviour: WholeBehaviour;
  /** How TLS is done; null where it is not offered. */
  tls: SessionTls | null;
  /** How replies are worded. */
  wording: Wording;
  /** The account beside the anonymous one. */
  account: Account;
  /** Address to put into 227; null for our end's. */
  publicAddress: string | null;
  /** Sees every command line, secrets replaced. */
  onCommand(line: string): void;
  /** The conversation is over; freeing the connection may take the client's part and a moment longer. */
  onOver(): void;
}

/** Command lines kept while one is carried out; more are dropped, so that reading on costs no memory. */
const MAX_QUEUED = 64;

/** Serves one control connection to its end. */
export async function serve(options: SessionOptions): Promise<void> {
  await new Session(options).run();
}

class Session {
  readonly #options: SessionOptions;
  readonly #conversation: Conversation;
  readonly #stage: Stage;
  readonly #reader: LineReader;
  readonly #stopReading = new AbortController();
  /** Aborts when the client ended its side or the simulator stopped. */
  readonly #gone = new AbortController();
  readonly #queue: LineAnswer[] = [];
  readonly #queueChanged = new Notice();
  /** Ends the transfer that is being carried out; null where none is. */
  #transfer: AbortController | null = null;

  constructor(options: SessionOptions) {
    const { connection, surroundings, clock } = options;
    this.#options = options;
    this.#reader = new LineReader(connection, AbortSignal.any([surroundings.stopped, this.#stopReading.signal]));
    this.#conversation = {
      wording: options.wording,
      account: options.account,
      behaviour: options.behaviour,
      data: new DataChannel(surroundings, connection),
      local: connection.local,
      remote: connection.remote,
      publicAddress: options.publicAddress,
      tls: options.tls,
      user: null,
      loggedIn: false,
      directory: "/",
      type: "A",
      restart: 0,
      epsvAll: false,
      aborted: false,
    };
    this.#stage = {
      connection,
      conversation: this.#conversation,
      clock,
      gone: this.#gone.signal,
      stopped: surroundings.stopped,
      reader: this.#reader,
    };
  }

  async run(): Promise<void> {
    const { connection, clock, surroundings, behaviour, wording, tls } = this.#options;
    const reading = this.#read();
    const begin: Script = tls?.policy.implicit === true ? [{ do: "begin-tls", reply: null }] : [];
    const usual = behaviour.greeting([reply(wording.greeting(connection.local))]);
    let state = await this.#perform([...begin, ...usual]);
    while (state !== "over") {
      const line = await this.#nextLine();
      if (line.kind === "end") break;
      state = line.kind === "line" ? await this.#obey(line.text) : await this.#perform([reply("500 Line too long")]);
    }
    this.#options.onOver();
    this.#conversation.data.drop();
    this.#stopReading.abort();
    await reading;
    this.#stage.connection.end();
    await closeGently(this.#stage.connection, clock, surroundings.stopped);
  }

  /** Reads on while a command is carried out: ABOR must be seen during a transfer, and so must the client's end. */
  async #read(): Promise<void> {
    for (;;) {
      const line = await this.#reader.next();
      if (line.kind === "line" && /^ABOR$/i.test(line.text.trim())) this.#transfer?.abort();
      if (line.kind === "end") this.#gone.abort();
      if (this.#queue.length < MAX_QUEUED || line.kind === "end") this.#queue.push(line);
      this.#queueChanged.give();
      if (line.kind === "end") return;
    }
  }

  async #nextLine(): Promise<LineAnswer> {
    for (;;) {
      const line = this.#queue.shift();
      if (line !== undefined) return line;
      await this.#queueChanged.wait();
    }
  }

  async #obey(line: string): Promise<Performance> {
    const command = parseCommand(line);
    this.#options.onCommand(SECRET_VERBS.has(command.verb) ? `${command.verb} ***` : line);
    const usual = async () => this.#usualScript(command);
    return this.#perform(await this.#options.behaviour.command(usual, command));
  }

  #usualScript(command: Command): Script | Promise<Script> {
    const talk = this.#conversation;
    const entry = COMMANDS.get(command.verb);
    if (entry === undefined || talk.wording.lacks.includes(command.verb)) {
      return [
        reply(talk.loggedIn ? talk.wording.unknown(command.verb) : talk.wording.unknownBeforeLogin(command.verb)),
      ];
    }
    if (entry.login && !talk.loggedIn) return [reply(talk.wording.notLoggedIn)];
    return entry.run(command.argument, talk, command.verb);
  }

  async #perform(script: Script): Promise<Performance> {
    const transfer = new AbortController();
    const usesData = script.some((action) => action.do === "open-data");
    if (usesData) this.#transfer = transfer;
    const signal = AbortSignal.any([transfer.signal, this.#gone.signal]);
    const result = await perform(script, this.#stage, signal);
    this.#transfer = null;
    if (result !== "aborted" || !transfer.signal.aborted) return result === "aborted" ? "over" : result;
    this.#conversation.data.drop();
    this.#conversation.aborted = true;
    return perform([reply(this.#conversation.wording.aborted)], this.#stage, this.#gone.signal);
  }
}

/** Commands whose argument is nobody's business. */
const SECRET_VERBS: ReadonlySet<string> = new Set(["PASS", "ACCT"]);

function parseCommand(line: string): Command {
  const space = line.indexOf(" ");
  const verb = (space < 0 ? line : line.slice(0, space)).toUpperCase();
  return { verb: ALIASES.get(verb) ?? verb, argument: space < 0 ? "" : line.slice(space + 1).trim() };
}

/** Names of RFC 775 that old clients use. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["XPWD", "PWD"],
  ["XCWD", "CWD"],
  ["XCUP", "CDUP"],
]);
