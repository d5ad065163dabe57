import type { Endpoint } from "../../src/model/endpoint.ts";
import type { Clock, Connection, Listener, Network } from "../../src/system/ports.ts";

/** One control connection of a scripted server. */
export interface Talk {
  /** 1 for the server's first control connection, 2 for the next, ... */
  readonly ordinal: number;
  readonly connection: Connection;
  readonly clock: Clock;
  /** The server's own network. */
  readonly network: Network;
  /** Where the client wants to be called; null before PORT or EPRT. */
  readonly callTo: Endpoint | null;
  /** Sends lines, each with its line end, in one packet. */
  say(...lines: string[]): Promise<void>;
  /** Sends bytes as they are, one character each. */
  send(text: string): Promise<void>;
  /** Opens a passive port. */
  offer(): Promise<number>;
  /** The data connection: takes the client's call, or calls it. */
  data(): Promise<Connection>;
  /** Waits. */
  wait(ms: number): Promise<void>;
  /** Does nothing until the client leaves. */
  hang(): Promise<void>;
  /** Ends the control connection. */
  close(options?: { reset?: boolean }): void;
}

/** What is done at a command. */
export type Act = (talk: Talk, argument: string) => Promise<void> | void;

/** What differs from a healthy server: acts by verb, and `greeting`. */
export type ServerScript = Readonly<Partial<Record<string, Act>>>;

export interface ScriptedServer {
  /** Command lines seen, per control connection. */
  readonly commands: string[][];
  stop(): Promise<void>;
}

export const LISTING = "-rw-r--r--    1 ftp      ftp            65 Jan 15  2024 welcome.txt\r\n";

/** The answer that one reply is. */
export const saying =
  (...lines: string[]): Act =>
  (talk) =>
    talk.say(...lines);

/** The address and port of a PORT argument, or of an EPRT one. */
function endpointOf(argument: string): Endpoint {
  if (argument.startsWith("|")) {
    const [, , address = "", port = ""] = argument.split("|");
    return { address, port: Number(port) };
  }
  const numbers = argument.split(",").map(Number);
  return { address: numbers.slice(0, 4).join("."), port: (numbers[4] ?? 0) * 256 + (numbers[5] ?? 0) };
}

const HEALTHY: Readonly<Record<string, Act>> = {
  greeting: saying("220 ready"),
  FEAT: saying("211-Features:", " EPSV", " UTF8", "211 End"),
  AUTH: saying("502 no TLS here"),
  USER: saying("331 Password required"),
  PASS: saying("230 Welcome"),
  SYST: saying("215 UNIX Type: L8"),
  CWD: saying("250 Directory changed"),
  EPSV: async (talk) => talk.say(`229 Entering Extended Passive Mode (|||${await talk.offer()}|)`),
  PASV: async (talk) => {
    const port = await talk.offer();
    const address = talk.connection.local.address.replaceAll(".", ",");
    await talk.say(`227 Entering Passive Mode (${address},${port >> 8},${port & 255})`);
  },
  EPRT: saying("200 EPRT ok"),
  PORT: saying("200 PORT ok"),
  LIST: async (talk) => {
    const data = await talk.data();
    await talk.say("150 Here it comes");
    await data.write(Buffer.from(LISTING));
    data.close();
    await talk.say("226 Done");
  },
  QUIT: async (talk) => {
    await talk.say("221 Bye");
    talk.close();
  },
};

/** Starts a server of which everything can be bent; for what the simulator has no fault for. */
export async function scriptedServer(
  network: Network,
  clock: Clock,
  at: Endpoint,
  script: ServerScript,
): Promise<ScriptedServer> {
  const answer = await network.listen(at);
  if (!answer.ok) throw new Error(answer.failure.detail);
  const stop = new AbortController();
  const commands: string[][] = [];
  const tasks: Promise<void>[] = [];
  const accepting = (async () => {
    for (;;) {
      const call = await answer.listener.accept(stop.signal);
      if (!call.ok) return;
      const seen: string[] = [];
      commands.push(seen);
      tasks.push(serve({ network, clock, script, connection: call.connection, ordinal: commands.length, seen, stop }));
    }
  })();
  return {
    commands,
    async stop() {
      stop.abort();
      answer.listener.close();
      await accepting;
      await Promise.all(tasks);
    },
  };
}

interface Serving {
  network: Network;
  clock: Clock;
  script: ServerScript;
  connection: Connection;
  ordinal: number;
  seen: string[];
  stop: AbortController;
}

async function serve({ network, clock, script, connection, ordinal, seen, stop }: Serving): Promise<void> {
  let listener: Listener | null = null;
  let callTo: Endpoint | null = null;
  let closed = false;
  const data: Connection[] = [];
  const gone = new AbortController();
  const ended = AbortSignal.any([stop.signal, gone.signal]);
  const talk: Talk = {
    ordinal,
    connection,
    clock,
    network,
    get callTo() {
      return callTo;
    },
    say: (...lines) => talk.send(lines.map((line) => `${line}\r\n`).join("")),
    async send(text) {
      await connection.write(Buffer.from(text, "latin1"));
    },
    async offer() {
      listener?.close();
      const opened = await network.listen({ address: connection.local.address, port: 0 });
      if (!opened.ok) throw new Error(opened.failure.detail);
      listener = opened.listener;
      return listener.local.port;
    },
    async data() {
      const localAddress = connection.local.address;
      const got =
        callTo !== null
          ? await network.connect(callTo, { signal: ended, localAddress })
          : await listener?.accept(ended);
      if (!got?.ok) throw new NoData();
      data.push(got.connection);
      return got.connection;
    },
    wait: (ms) => clock.sleep(ms, ended),
    hang: () => new Promise((resolve) => ended.addEventListener("abort", () => resolve(), { once: true })),
    close(options) {
      closed = true;
      connection.close(options);
    },
  };

  // Reads ahead, so that an act that hangs learns that the client has left.
  const lines: string[] = [];
  let wake = () => {};
  stop.signal.addEventListener("abort", () => wake(), { once: true });
  const reading = (async () => {
    let text = "";
    for (;;) {
      const answer = await connection.read(stop.signal);
      if (answer.kind !== "data") break;
      text += Buffer.from(answer.bytes).toString("utf8");
      const parts = text.split("\r\n");
      text = parts.pop() ?? "";
      lines.push(...parts);
      wake();
    }
    gone.abort();
    wake();
  })();

  const act = async (name: string, argument: string) => {
    try {
      const run = script[name] ?? HEALTHY[name] ?? saying("502 Not known");
      await run(talk, argument);
    } catch (error) {
      if (!(error instanceof NoData)) throw error;
      if (!ended.aborted) await talk.say("425 No data connection");
    }
  };
  await act("greeting", "");
  while (!closed && !stop.signal.aborted) {
    const line = lines.shift();
    if (line === undefined) {
      if (gone.signal.aborted) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    seen.push(line);
    const [verb = "", ...rest] = line.split(" ");
    if (verb === "PORT" || verb === "EPRT") callTo = endpointOf(rest.join(" "));
    if (verb === "PASV" || verb === "EPSV") callTo = null;
    await act(verb.toUpperCase(), rest.join(" "));
  }
  (listener as Listener | null)?.close();
  for (const open of data) open.close();
  connection.close();
  await reading;
}

class NoData extends Error {}
