import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Endpoint } from "../../src/model/endpoint.ts";
import type { Clock, Connection, DialAnswer, Listener, Network } from "../../src/system/ports.ts";
import { TIMED_OUT } from "../../src/system/ports.ts";

/** Two machines (or one twice) on which the contract is tried. */
export interface Stage {
  clock: Clock;
  client: Network;
  server: Network;
  /** The server's address. */
  address: string;
  /** An endpoint that never answers a SYN; null where none can be had. */
  silent(): Promise<Endpoint | null>;
  /** A name that leads to 192.0.2.7 and 192.0.2.8, and to no IPv6 address. */
  knownName: string;
  /** A name that leads nowhere. */
  unknownName: string;
  /** A name about which the resolver fails. */
  brokenName: string;
  /** A name about which the resolver is silent. */
  silentName: string;
  /** What is still open, in words, once all tests' ends were closed. */
  leaks(): Promise<string[]>;
  close(): Promise<void>;
}

const NEVER = new AbortController().signal;

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");
const bytesOf = (words: string) => Buffer.from(words, "latin1");

/** What every Network and Clock must keep to, real or simulated. */
export function systemContract(name: string, setUp: () => Promise<Stage>): void {
  describe(name, () => {
    let stage: Stage;
    beforeEach(async () => {
      stage = await setUp();
    });
    afterEach(async () => {
      const leaks = await stage.leaks();
      await stage.close();
      expect(leaks).toEqual([]);
    });

    async function listening(): Promise<Listener> {
      const answer = await stage.server.listen({ address: stage.address, port: 0 });
      if (!answer.ok) throw new Error(`cannot listen: ${answer.failure.detail}`);
      return answer.listener;
    }

    async function dialled(to: Endpoint): Promise<Connection> {
      const answer = await stage.client.connect(to, { signal: NEVER });
      if (!answer.ok) throw new Error(`cannot connect: ${answer.failure.detail}`);
      return answer.connection;
    }

    async function accepted(listener: Listener): Promise<Connection> {
      const answer = await listener.accept(NEVER);
      if (!answer.ok) throw new Error(`cannot accept: ${answer.failure.detail}`);
      return answer.connection;
    }

    /** Both ends of an open connection. */
    async function joined(): Promise<{ near: Connection; far: Connection }> {
      const listener = await listening();
      const [near, far] = await Promise.all([dialled(listener.local), accepted(listener)]);
      listener.close();
      return { near, far };
    }

    async function readSome(connection: Connection, length: number): Promise<string> {
      let all = "";
      while (all.length < length) {
        const answer = await connection.read(NEVER);
        if (answer.kind !== "data") return `${all}[${answer.kind}]`;
        all += text(answer.bytes);
      }
      return all;
    }

    async function readToEnd(connection: Connection): Promise<{ bytes: number; ending: string }> {
      let bytes = 0;
      for (;;) {
        const answer = await connection.read(NEVER);
        if (answer.kind === "data") bytes += answer.bytes.length;
        else return { bytes, ending: answer.kind === "end" ? "end" : answer.failure.outcome };
      }
    }

    describe("connecting", () => {
      it("connects, and both sides agree on the endpoints", async () => {
        const { near, far } = await joined();
        expect(near.remote).toEqual(far.local);
        expect(far.remote).toEqual(near.local);
        expect(near.remote.address).toBe(stage.address);
        near.close();
        far.close();
      });

      it("is refused where nobody listens", async () => {
        const listener = await listening();
        listener.close();
        const answer = await stage.client.connect(listener.local, { signal: NEVER });
        expect(answer).toMatchObject({ ok: false, failure: { outcome: "refused", code: "ECONNREFUSED" } });
      });

      it("times out where nobody answers", async () => {
        const silent = await stage.silent();
        if (silent === null) return;
        const before = stage.clock.now();
        const limit = stage.clock.limit(200);
        const answer = await stage.client.connect(silent, { signal: limit.signal });
        limit.clear();
        expect(answer).toMatchObject({ ok: false, failure: { outcome: "timed-out", code: null } });
        expect(stage.clock.now() - before).toBeGreaterThan(190);
      });

      it("tells a limit from a cancellation, and leaves nothing behind", async () => {
        const listener = await listening();
        for (const [reason, outcome] of [
          [TIMED_OUT, "timed-out"],
          ["deadline", "cancelled"],
        ] as const) {
          const stop = new AbortController();
          const answer = stage.client.connect(listener.local, { signal: stop.signal });
          stop.abort(reason);
          expect(await answer).toMatchObject({ ok: false, failure: { outcome } });
          const late = await stage.client.connect(listener.local, { signal: stop.signal });
          expect(late).toMatchObject({ ok: false, failure: { outcome } });
        }
        listener.close();
      });

      it("does not take names", () => {
        expect(() => stage.client.connect({ address: "localhost", port: 21 }, { signal: NEVER })).toThrow(TypeError);
      });

      it("comes from the local address it is told, and says when this machine has no such address", async () => {
        const listener = await listening();
        const first = await dialled(listener.local);
        const own = first.local.address;
        const options = { signal: NEVER, localAddress: own };
        const answer = await stage.client.connect(listener.local, options);
        expect(answer.ok && answer.connection.local.address).toBe(own);
        const foreign = own.includes(":") ? "2001:db8:ffff::1" : "192.0.2.99";
        const failed = await stage.client.connect(listener.local, { signal: NEVER, localAddress: foreign });
        expect(failed).toMatchObject({ ok: false, failure: { outcome: "local-error" } });
        first.close();
        if (answer.ok) answer.connection.close();
        for (let i = 0; i < 2; i += 1) (await accepted(listener)).close();
        listener.close();
      });
    });

    describe("dialling many", () => {
      it("answers for each dial in its slot, and ends what was accepted", async () => {
        const [open, closed] = [await listening(), await listening()];
        closed.close();
        const answers = new Map<number, DialAnswer>();
        const dials = stage.client.dialMany(stage.address, {
          onAnswer: (slot, answer) => answers.set(slot, answer),
        });
        dials.dial(0, open.local.port);
        dials.dial(3, closed.local.port);
        expect(answers.size).toBe(0);
        await stage.clock.sleep(50);
        expect([...answers].sort()).toEqual([
          [0, "connected"],
          [3, "refused"],
        ]);
        dials.dial(3, open.local.port);
        await stage.clock.sleep(50);
        expect(answers.get(3)).toBe("connected");
        dials.giveUp(3);
        dials.close();
        for (let call = 0; call < 2; call += 1) {
          const far = await accepted(open);
          expect((await readToEnd(far)).bytes).toBe(0);
          far.close();
        }
        open.close();
      });

      it("tells nothing of a dial that was given up", async () => {
        const silent = await stage.silent();
        if (silent === null) return;
        const answers: DialAnswer[] = [];
        const dials = stage.client.dialMany(silent.address, { onAnswer: (_, answer) => answers.push(answer) });
        dials.dial(0, silent.port);
        dials.dial(1, silent.port);
        await stage.clock.sleep(50);
        dials.giveUp(0);
        dials.close();
        await stage.clock.sleep(50);
        expect(answers).toEqual([]);
      });

      it("does not blame the other side for a local address that is not ours", async () => {
        const listener = await listening();
        const answers: DialAnswer[] = [];
        const foreign = stage.address.includes(":") ? "2001:db8:ffff::1" : "192.0.2.99";
        const dials = stage.client.dialMany(stage.address, {
          localAddress: foreign,
          onAnswer: (_, answer) => answers.push(answer),
        });
        dials.dial(0, listener.local.port);
        await stage.clock.sleep(50);
        expect(["no-local-port", "local-error"]).toContain(answers[0]);
        dials.close();
        listener.close();
      });

      it("does not take names, and knows how many sockets it may open", () => {
        expect(() => stage.client.dialMany("localhost", { onAnswer: () => {} })).toThrow(TypeError);
        expect(stage.client.socketsLeft()).toBeGreaterThan(0);
      });
    });

    describe("reading and writing", () => {
      it("carries bytes both ways, in order", async () => {
        const { near, far } = await joined();
        expect(await far.write(bytesOf("220 "))).toBeNull();
        expect(await far.write(bytesOf("hello\r\n"))).toBeNull();
        expect(await readSome(near, 11)).toBe("220 hello\r\n");
        expect(await near.write(bytesOf("QUIT\r\n"))).toBeNull();
        expect(await readSome(far, 6)).toBe("QUIT\r\n");
        near.close();
        far.close();
      });

      it("loses no bytes to a read that its limit ended", async () => {
        const { near, far } = await joined();
        for (let i = 0; i < 5; i += 1) {
          const limit = stage.clock.limit(20);
          expect(await near.read(limit.signal)).toMatchObject({ kind: "failed", failure: { outcome: "timed-out" } });
          limit.clear();
          const stop = new AbortController();
          const reading = near.read(stop.signal);
          await far.write(bytesOf(`line ${i}\r\n`));
          stop.abort("user");
          const answer = await reading;
          if (answer.kind === "data") expect(text(answer.bytes)).toBe(`line ${i}\r\n`);
          else {
            expect(answer).toMatchObject({ kind: "failed", failure: { outcome: "cancelled" } });
            expect(await readSome(near, 8)).toBe(`line ${i}\r\n`);
          }
        }
        near.close();
        far.close();
      });

      it("ends in order, can still be written to after the peer's end, and answers the same ever after", async () => {
        const { near, far } = await joined();
        await far.write(bytesOf("226 done\r\n"));
        far.end();
        expect(await readToEnd(near)).toEqual({ bytes: 10, ending: "end" });
        expect(await near.read(NEVER)).toEqual({ kind: "end" });
        expect(await near.write(bytesOf("still here"))).toBeNull();
        expect(await readSome(far, 10)).toBe("still here");
        expect(await far.write(bytesOf("no more"))).toMatchObject({ outcome: "local-error" });
        near.end();
        expect(await readToEnd(far)).toEqual({ bytes: 0, ending: "end" });
        near.close();
        far.close();
      });

      it("gets what was written before an end that did not wait for it", async () => {
        const { near, far } = await joined();
        const writing = far.write(new Uint8Array(3_000_000));
        far.end();
        expect(await readToEnd(near)).toEqual({ bytes: 3_000_000, ending: "end" });
        expect(await writing).toBeNull();
        near.close();
        far.close();
      });

      it("hears a reset behind the bytes that came before it", async () => {
        const { near, far } = await joined();
        await far.write(bytesOf("421 go away\r\n"));
        await stage.clock.sleep(50);
        far.close({ reset: true });
        await stage.clock.sleep(50);
        expect(await readToEnd(near)).toEqual({ bytes: 13, ending: "reset" });
        expect(await near.read(NEVER)).toMatchObject({ kind: "failed", failure: { outcome: "reset" } });
        expect(await near.write(bytesOf("?"))).toMatchObject({ outcome: "reset" });
        near.close();
      });

      it("hears a reset while it reads, and while it writes", async () => {
        const { near, far } = await joined();
        const reading = near.read(NEVER);
        await stage.clock.sleep(20);
        far.close({ reset: true });
        expect(await reading).toMatchObject({ kind: "failed", failure: { outcome: "reset" } });
        near.close();

        const second = await joined();
        const writing = second.near.write(new Uint8Array(64 * 1024 * 1024));
        await stage.clock.sleep(20);
        second.far.close({ reset: true });
        expect(await writing).toMatchObject({ outcome: "reset" });
        second.near.close();
      });

      it("is told at the next write but one that the peer closed for good", async () => {
        const { near, far } = await joined();
        far.close();
        expect(await near.read(NEVER)).toEqual({ kind: "end" });
        await near.write(bytesOf("NOOP\r\n"));
        await stage.clock.sleep(50);
        expect(await near.write(bytesOf("NOOP\r\n"))).toMatchObject({ outcome: "reset" });
        near.close();
      });

      it("may be closed twice; what was waiting is cancelled, and so is all that follows", async () => {
        const { near, far } = await joined();
        const reading = near.read(NEVER);
        const writing = far.write(new Uint8Array(64 * 1024 * 1024));
        await stage.clock.sleep(20);
        near.close();
        near.close({ reset: true });
        await reading;
        expect(await near.read(NEVER)).toMatchObject({ kind: "failed", failure: { outcome: "cancelled" } });
        expect(await near.write(bytesOf("x"))).toMatchObject({ outcome: "cancelled" });
        near.end();
        expect(await writing).toMatchObject({ outcome: "reset" });
        far.close();
        far.close();
      });

      it("gives up a blocked write when it is closed", async () => {
        const { near, far } = await joined();
        const writing = near.write(new Uint8Array(64 * 1024 * 1024));
        await stage.clock.sleep(50);
        near.close();
        expect(await writing).toMatchObject({ outcome: "cancelled" });
        far.close();
      });

      it("refuses a second read at the same time", async () => {
        const { near, far } = await joined();
        const stop = new AbortController();
        const first = near.read(stop.signal);
        await expect(near.read(NEVER)).rejects.toThrow("second read");
        stop.abort("user");
        await first;
        near.close();
        far.close();
      });

      it("holds a flood up at the sender, in bounded memory, and goes on when it is read", async () => {
        const { near, far } = await joined();
        const chunk = new Uint8Array(64 * 1024);
        const before = process.memoryUsage().arrayBuffers;
        let taken = 0;
        let last = far.write(chunk);
        const isTaken = () => Promise.race([last.then(() => true), stage.clock.sleep(200).then(() => false)]);
        while (taken < 64 * 1024 * 1024 && (await isTaken())) {
          taken += chunk.length;
          last = far.write(chunk);
        }
        // What a kernel buffers for both sides on loopback is at most 10 MiB.
        expect(taken).toBeLessThan(32 * 1024 * 1024);
        expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024);
        far.end();
        expect(await readToEnd(near)).toEqual({ bytes: taken + chunk.length, ending: "end" });
        near.close();
        far.close();
      });
    });

    describe("listening", () => {
      it("accepts callers in order of arrival, also those who came first and left again", async () => {
        const listener = await listening();
        const callers: Connection[] = [];
        for (const word of ["one", "two", "three"]) {
          const caller = await dialled(listener.local);
          await caller.write(bytesOf(word));
          callers.push(caller);
        }
        callers[1]?.end();
        await stage.clock.sleep(20);
        for (const [index, word] of ["one", "two", "three"].entries()) {
          const far = await accepted(listener);
          expect(far.remote).toEqual(callers[index]?.local);
          expect(await readSome(far, word.length)).toBe(word);
          far.close();
        }
        for (const caller of callers) caller.close();
        listener.close();
      });

      it("waits for a caller as long as its signal allows", async () => {
        const listener = await listening();
        const limit = stage.clock.limit(30);
        expect(await listener.accept(limit.signal)).toMatchObject({ ok: false, failure: { outcome: "timed-out" } });
        limit.clear();
        const stop = new AbortController();
        const waiting = listener.accept(stop.signal);
        stop.abort("user");
        expect(await waiting).toMatchObject({ ok: false, failure: { outcome: "cancelled" } });
        const next = listener.accept(NEVER);
        const near = await dialled(listener.local);
        const answer = await next;
        expect(answer.ok && answer.connection.remote).toEqual(near.local);
        near.close();
        if (answer.ok) answer.connection.close();
        listener.close();
      });

      it("hangs up on callers beyond sixteen, and on those who wait when it closes", async () => {
        const listener = await listening();
        const callers: Connection[] = [];
        for (let i = 0; i < 18; i += 1) callers.push(await dialled(listener.local));
        const extra = await Promise.all(callers.slice(16).map(readToEnd));
        expect(extra.map(({ bytes }) => bytes)).toEqual([0, 0]);
        listener.close();
        listener.close();
        const waiting = await Promise.all(callers.slice(0, 16).map(readToEnd));
        expect(waiting.every(({ bytes }) => bytes === 0)).toBe(true);
        expect(await listener.accept(NEVER)).toMatchObject({ ok: false, failure: { outcome: "cancelled" } });
        for (const caller of callers) caller.close();
      });

      it("cancels a waiting accept when it closes, and keeps open what it accepted", async () => {
        const listener = await listening();
        const [near, far] = await Promise.all([dialled(listener.local), accepted(listener)]);
        const waiting = listener.accept(NEVER);
        listener.close();
        expect(await waiting).toMatchObject({ ok: false, failure: { outcome: "cancelled" } });
        await far.write(bytesOf("still open"));
        expect(await readSome(near, 10)).toBe("still open");
        near.close();
        far.close();
      });

      it("says why it cannot listen", async () => {
        const listener = await listening();
        expect(await stage.server.listen(listener.local)).toMatchObject({
          ok: false,
          failure: { outcome: "local-error", code: "EADDRINUSE" },
        });
        const foreign = stage.address.includes(":") ? "2001:db8:ffff::1" : "192.0.2.99";
        expect(await stage.server.listen({ address: foreign, port: 0 })).toMatchObject({
          ok: false,
          failure: { outcome: "local-error", code: "EADDRNOTAVAIL" },
        });
        listener.close();
        const again = await stage.server.listen(listener.local);
        expect(again.ok).toBe(true);
        if (again.ok) again.listener.close();
      });
    });

    describe("resolving", () => {
      it("gives the addresses of a name, each family apart", async () => {
        const { client, knownName } = stage;
        expect(await client.resolve(knownName, "ipv4", NEVER)).toEqual({
          ok: true,
          addresses: ["192.0.2.7", "192.0.2.8"],
        });
        expect(await client.resolve(knownName.toUpperCase(), "ipv4", NEVER)).toMatchObject({ ok: true });
        expect(await client.resolve(knownName, "ipv6", NEVER)).toMatchObject({
          ok: false,
          failure: { outcome: "not-found", code: "ENODATA" },
        });
      });

      it("knows localhost", async () => {
        expect(await stage.client.resolve("localhost", "ipv4", NEVER)).toEqual({ ok: true, addresses: ["127.0.0.1"] });
        expect(await stage.client.resolve("a.localhost", "ipv6", NEVER)).toEqual({ ok: true, addresses: ["::1"] });
      });

      it("tells a name that is nowhere from a resolver that fails", async () => {
        expect(await stage.client.resolve(stage.unknownName, "ipv4", NEVER)).toMatchObject({
          ok: false,
          failure: { outcome: "not-found", code: "ENOTFOUND" },
        });
        expect(await stage.client.resolve(stage.brokenName, "ipv6", NEVER)).toMatchObject({
          ok: false,
          failure: { outcome: "lookup-failed", code: "ESERVFAIL" },
        });
      });

      it("can be ended while the resolver is silent", async () => {
        const limit = stage.clock.limit(50);
        expect(await stage.client.resolve(stage.silentName, "ipv4", limit.signal)).toMatchObject({
          ok: false,
          failure: { outcome: "timed-out" },
        });
        const stop = new AbortController();
        const asking = stage.client.resolve(stage.silentName, "ipv4", stop.signal);
        stop.abort("user");
        expect(await asking).toMatchObject({ ok: false, failure: { outcome: "cancelled" } });
        expect(await stage.client.resolve(stage.knownName, "ipv4", limit.signal)).toMatchObject({ ok: false });
      });
    });

    describe("the clock", () => {
      it("sleeps as long as told, or until the signal aborts", async () => {
        const before = stage.clock.now();
        await stage.clock.sleep(30);
        // A timer may ring a fraction of a millisecond early by another clock.
        expect(stage.clock.now() - before).toBeGreaterThanOrEqual(29);
        const stop = new AbortController();
        const sleeping = stage.clock.sleep(600_000, stop.signal);
        stop.abort("user");
        await sleeping;
        await stage.clock.sleep(600_000, stop.signal);
        expect(stage.clock.now() - before).toBeLessThan(10_000);
        expect(stage.clock.date()).toBeInstanceOf(Date);
      });

      it("limits with TIMED_OUT, or with the parent's reason when that comes first", async () => {
        const short = stage.clock.limit(10);
        await stage.clock.sleep(600_000, short.signal);
        expect(short.signal.reason).toBe(TIMED_OUT);
        short.clear();

        const parent = new AbortController();
        const long = stage.clock.limit(600_000, parent.signal);
        parent.abort("deadline");
        expect(long.signal.reason).toBe("deadline");
        long.clear();
        expect(stage.clock.limit(10, parent.signal).signal.reason).toBe("deadline");

        const cleared = stage.clock.limit(10);
        cleared.clear();
        cleared.clear();
        await stage.clock.sleep(30);
        expect(cleared.signal.aborted).toBe(false);
      });
    });
  });
}
