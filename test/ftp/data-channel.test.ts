import { describe, expect, test } from "vitest";
import { acceptFrom, listenOn, receive } from "../../src/ftp/data-channel.ts";
import { failure } from "../../src/model/failure.ts";
import { createClock } from "../../src/system/clock.ts";
import type { AcceptAnswer, Connection, Listener, Network } from "../../src/system/ports.ts";
import { virtualTime } from "../support/sim-clock.ts";
import { simWorld } from "../support/sim-network.ts";
import { never, Spoken } from "./spoken.ts";

function receiving(far: Spoken, limitMs = 1_000, signal = never()) {
  const clock = createClock(virtualTime());
  const received = { bytes: 0, firstByteMs: null, sample: "" };
  let firsts = 0;
  const outcome = receive(far, received, {
    clock,
    limitMs,
    signal,
    redact: hide,
    onFirstByte: () => {
      firsts += 1;
    },
  });
  return { clock, received, outcome, firsts: () => firsts };
}

const hide = (text: string) => text.replaceAll("hidden", "[secret]");

describe("receiving", () => {
  test("counts, keeps the beginning and tells the first byte once", async () => {
    const far = new Spoken();
    const { received, outcome, firsts, clock } = receiving(far);
    await clock.sleep(40);
    far.hear("one\r\n");
    far.hear("two\r\n");
    far.hearEnd();
    expect(await outcome).toBe("ok");
    expect(received).toEqual({ bytes: 10, firstByteMs: 40, sample: "one\r\ntwo\r\n" });
    expect(firsts()).toBe(1);
  });

  test("of nothing is in order too", async () => {
    const far = new Spoken();
    const { received, outcome, firsts } = receiving(far);
    far.hearEnd();
    expect(await outcome).toBe("ok");
    expect(received).toEqual({ bytes: 0, firstByteMs: null, sample: "" });
    expect(firsts()).toBe(0);
  });

  test.each([
    ["that flows as it ends is cut off", [300, 600, 900], "protocol-error"],
    ["that flowed a moment ago is cut off", [501], "protocol-error"],
    ["that fell silent is silence", [100, 300, 500], "timed-out"],
    ["in which nothing comes is silence", [], "timed-out"],
  ] as const)("for a limit %s", async (_, atMs, expected) => {
    const far = new Spoken();
    const { received, outcome, clock } = receiving(far);
    for (const ms of atMs) void clock.sleep(ms).then(() => far.hear("x"));
    expect(await outcome).toBe(expected);
    expect(received.bytes).toBe(atMs.length);
    expect(clock.now()).toBe(1_000);
  });

  test("tells a reset and what came before it", async () => {
    const far = new Spoken();
    const { received, outcome } = receiving(far);
    far.hear("half");
    far.hearReset();
    expect(await outcome).toBe("reset");
    expect(received.bytes).toBe(4);
  });

  test("is cancelled by the run", async () => {
    const stop = new AbortController();
    const { outcome, clock } = receiving(new Spoken(), 1_000, stop.signal);
    void clock.sleep(10).then(() => stop.abort());
    expect(await outcome).toBe("cancelled");
  });

  test("ends at 8 MiB and keeps 2 KiB", async () => {
    const far = new Spoken();
    const { received, outcome } = receiving(far);
    for (let chunk = 0; chunk < 200; chunk += 1) far.hear("x".repeat(64 * 1024));
    expect(await outcome).toBe("protocol-error");
    expect(received.bytes).toBeLessThanOrEqual(8 * 1024 * 1024 + 64 * 1024);
    expect(received.sample).toHaveLength(2_048);
  });

  test("hides a secret that comes in two pieces", async () => {
    const far = new Spoken();
    const { received, outcome } = receiving(far);
    far.hear("a hid");
    far.hear("den name");
    far.hearEnd();
    await outcome;
    expect(received.sample).toBe("a [secret] name");
  });
});

const busy = failure("local-error", "EADDRINUSE");

/** A network that only listens, and says where it was asked to. */
function listening(taken: (port: number) => boolean): { network: Network; asked: number[] } {
  const asked: number[] = [];
  const network: Network = {
    addresses: () => [],
    dialMany: () => ({ dial: () => {}, giveUp: () => {}, close: () => {} }),
    socketsLeft: () => 1,
    resolve: () => Promise.reject(new Error("not asked")),
    connect: () => Promise.reject(new Error("not asked")),
    secure: () => Promise.reject(new Error("not asked")),
    async listen(at) {
      asked.push(at.port);
      if (taken(at.port)) return { ok: false, failure: busy };
      return { ok: true, listener: fakeListener([], at.port) };
    },
  };
  return { network, asked };
}

function fakeListener(answers: AcceptAnswer[], port = 1): Listener {
  return {
    local: { address: "198.51.100.10", port },
    accept: async () => answers.shift() ?? { ok: false, failure: failure("timed-out") },
    close: () => {},
  };
}

describe("listening", () => {
  test("takes any port where none is asked for", async () => {
    const { network, asked } = listening(() => false);
    await listenOn(network, "198.51.100.10", null, () => 0.5);
    expect(asked).toEqual([0]);
  });

  test("begins anywhere in the range and goes round", async () => {
    const { network, asked } = listening((port) => port !== 5_000);
    const answer = await listenOn(network, "198.51.100.10", { from: 5_000, to: 5_003 }, () => 0.6);
    expect(asked).toEqual([5_002, 5_003, 5_000]);
    expect(answer.ok && answer.listener.local.port).toBe(5_000);
  });

  test("gives up when all are taken, or very many", async () => {
    const few = listening(() => true);
    expect(await listenOn(few.network, "::1", { from: 5_000, to: 5_001 }, () => 0)).toEqual({
      ok: false,
      failure: busy,
    });
    expect(few.asked).toHaveLength(2);
    const many = listening(() => true);
    await listenOn(many.network, "::1", { from: 5_000, to: 60_000 }, () => 0.999);
    expect(many.asked).toHaveLength(64);
  });

  test("does not try others where the system forbids it", async () => {
    const { network, asked } = listening(() => false);
    network.listen = async ({ port }) => {
      asked.push(port);
      return { ok: false, failure: failure("local-error", "EACCES") };
    };
    await listenOn(network, "198.51.100.10", { from: 20, to: 30 }, () => 0);
    expect(asked).toEqual([20]);
  });
});

describe("being called", () => {
  const caller = (address: string) => {
    const connection = new Spoken();
    const remote = { address, port: 20 };
    return Object.defineProperty(connection, "remote", { value: remote }) as Connection & Spoken;
  };

  test("takes the peer's call", async () => {
    const server = caller("203.0.113.5");
    const called = await acceptFrom(fakeListener([{ ok: true, connection: server }]), "203.0.113.5", never());
    expect(called).toMatchObject({ outcome: "connected", code: null, strangers: [] });
    expect(called.connection).toBe(server);
  });

  test("hangs up on strangers and waits on", async () => {
    const [stranger, server] = [caller("192.0.2.66"), caller("203.0.113.5")];
    const answers: AcceptAnswer[] = [
      { ok: true, connection: stranger },
      { ok: true, connection: server },
    ];
    const called = await acceptFrom(fakeListener(answers), "203.0.113.5", never());
    expect(called).toMatchObject({ outcome: "connected", strangers: [{ address: "192.0.2.66" }] });
    expect([stranger.closed, server.closed]).toEqual([true, false]);
  });

  test("tells when only strangers called", async () => {
    const answers: AcceptAnswer[] = [{ ok: true, connection: caller("192.0.2.66") }];
    expect(await acceptFrom(fakeListener(answers), "203.0.113.5", never())).toMatchObject({
      outcome: "wrong-peer",
      connection: null,
    });
  });

  test("is not put off by callers that are gone before they are seen", async () => {
    const gone: AcceptAnswer = { ok: false, failure: failure("reset") };
    const server = caller("203.0.113.5");
    const listener = fakeListener([gone, gone, { ok: true, connection: server }]);
    expect(await acceptFrom(listener, "203.0.113.5", never())).toMatchObject({ outcome: "connected" });
    let told = 0;
    const again = fakeListener([gone, gone, { ok: true, connection: server }]);
    await acceptFrom(again, "203.0.113.5", never(), () => {
      told += 1;
    });
    expect(told).toBe(2);
    const many = fakeListener(Array.from({ length: 50 }, () => gone));
    expect(await acceptFrom(many, "203.0.113.5", never())).toMatchObject({ outcome: "reset" });
  });

  test("ends with the limit or the run", async () => {
    const world = simWorld();
    const { network } = world.host("client", ["198.51.100.10"]);
    const answer = await network.listen({ address: "198.51.100.10", port: 0 });
    if (!answer.ok) throw new Error("cannot listen");
    const limit = world.clock.limit(500);
    expect((await acceptFrom(answer.listener, "203.0.113.5", limit.signal)).outcome).toBe("timed-out");
    expect((await acceptFrom(answer.listener, "203.0.113.5", AbortSignal.abort())).outcome).toBe("cancelled");
    answer.listener.close();
  });
});
