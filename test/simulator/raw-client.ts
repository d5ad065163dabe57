import type { Endpoint } from "../../src/model/endpoint.ts";
import { realClock } from "../../src/system/clock.ts";
import { realNetwork } from "../../src/system/network.ts";
import type { Connection } from "../../src/system/ports.ts";

/** How long a raw client waits for what it expects. */
const PATIENCE_MS = 3000;

/** A client that only moves bytes, so that a test sees what is on the wire and not what a protocol layer makes of it. */
export class RawClient {
  readonly #connection: Connection;
  /** All that came so far, one character per byte. */
  received = "";
  /** How the other side ended; null while it has not. */
  ended: "end" | "reset" | null = null;
  /** Sizes of the pieces in which it came. */
  readonly pieces: number[] = [];

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  static async connect(to: Endpoint): Promise<RawClient> {
    const answer = await realNetwork.connect(to, { signal: AbortSignal.timeout(PATIENCE_MS) });
    if (!answer.ok) throw new Error(`no connection: ${answer.failure.detail}`);
    return new RawClient(answer.connection);
  }

  get local(): Endpoint {
    return this.#connection.local;
  }

  async send(text: string): Promise<void> {
    await this.#connection.write(Buffer.from(text, "latin1"));
  }

  /** Reads until the pattern is in what came since the last call; answers all since then. */
  async until(pattern: RegExp, ms = PATIENCE_MS): Promise<string> {
    const limit = realClock.limit(ms);
    try {
      while (!pattern.test(this.received)) {
        if (!(await this.#more(limit.signal))) {
          throw new Error(
            `${pattern} did not come, but: ${JSON.stringify(this.received.slice(0, 300))} (${this.ended ?? "still open"})`,
          );
        }
      }
    } finally {
      limit.clear();
    }
    const text = this.received;
    this.received = "";
    return text;
  }

  /** Sends a command and reads its final reply, multi-line or not. */
  async command(line: string, ms?: number): Promise<string> {
    await this.send(`${line}\r\n`);
    return this.until(/^[2-5]\d\d .*\r?\n/m, ms);
  }

  /** What comes within a time in which nothing is expected. */
  async quiet(ms: number): Promise<string> {
    const limit = realClock.limit(ms);
    while (await this.#more(limit.signal));
    limit.clear();
    const text = this.received;
    this.received = "";
    return text;
  }

  /** Reads until the other side has ended; throws when it does not. */
  async untilEnd(): Promise<string> {
    const text = await this.quiet(PATIENCE_MS);
    if (this.ended === null) throw new Error(`not ended after ${JSON.stringify(text.slice(0, 300))}`);
    return text;
  }

  /** Logs in and answers the reply to PASS. */
  async login(user = "demo", password = "demo"): Promise<string> {
    await this.until(/^220 [^\n]*\n/m);
    const answer = await this.command(`USER ${user}`);
    return answer.startsWith("331") ? this.command(`PASS ${password}`) : answer;
  }

  finish(): void {
    this.#connection.end();
  }

  close(): void {
    this.#connection.close();
  }

  async #more(signal: AbortSignal): Promise<boolean> {
    if (this.ended !== null || this.received.length > 4_000_000) return false;
    const answer = await this.#connection.read(signal);
    if (answer.kind === "data") {
      this.pieces.push(answer.bytes.length);
      this.received += Buffer.from(answer.bytes).toString("latin1");
      return true;
    }
    if (answer.kind === "end") this.ended = "end";
    else if (answer.failure.outcome === "reset") this.ended = "reset";
    return false;
  }
}

/** The endpoint of a 227. */
export function read227(text: string): Endpoint {
  const n = (/(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)/.exec(text) ?? []).slice(1).map(Number);
  const [a, b, c, d, high = 0, low = 0] = n;
  if (n.length !== 6) throw new Error(`no 227: ${text}`);
  return { address: [a, b, c, d].join("."), port: high * 256 + low };
}

/** The port of a 229. */
export function read229(text: string): number {
  const port = /\(\|\|\|(\d+)\|\)/.exec(text)?.[1];
  if (port === undefined) throw new Error(`no 229: ${text}`);
  return Number(port);
}
