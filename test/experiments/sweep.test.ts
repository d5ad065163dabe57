import { expect, test } from "vitest";
import type { Clock } from "../../src/system/ports.ts";
import { SERVER } from "./stage.ts";
import { sequence, serving, swept } from "./sweeping.ts";

const FROM = 49_152;

test("each port of the range has its state, neighbours of one state are one interval", async () => {
  const { client, server, world, leave } = await serving();
  const open = await server.network.listen({ address: SERVER, port: FROM + 10 });
  world.rule({ to: "server", ports: [FROM + 100, FROM + 299], action: "drop" });
  world.rule({ to: "server", ports: [FROM + 300, FROM + 399], action: "unreachable" });
  const { record, counts } = await swept(client.machine, {});
  if (open.ok) open.listener.close();
  leave();
  expect(record.intervals).toEqual([
    { from: FROM, to: FROM + 9, state: "closed" },
    { from: FROM + 10, to: FROM + 10, state: "open" },
    { from: FROM + 11, to: FROM + 99, state: "closed" },
    { from: FROM + 100, to: FROM + 299, state: "filtered" },
    { from: FROM + 300, to: FROM + 399, state: "rejected" },
    { from: FROM + 400, to: FROM + 499, state: "closed" },
  ]);
  expect(counts.untried).toBeUndefined();
  expect(record).toMatchObject({ status: "done", stopped: null, slowdowns: [], answeredLate: 0, rate: 180 });
  expect(record.elsewhere.map(({ state }) => state)).toEqual(["closed", "closed", "closed"]);
  const outside = world.attempts.filter(({ to }) => (to.port < FROM || to.port > FROM + 499) && to.port !== 21);
  expect(outside).toHaveLength(3);
});

test("where nothing accepts, no port outside of the range is asked, and few ports more than once", async () => {
  const { client, world, leave } = await serving();
  const { record } = await swept(client.machine, {});
  leave();
  expect(record.elsewhere.map(({ state }) => state)).toEqual(["untried", "untried", "untried"]);
  expect(world.attempts.filter(({ to }) => (to.port < FROM || to.port > FROM + 499) && to.port !== 21)).toEqual([]);
});

test("the rate is kept", async () => {
  const { client, world, leave } = await serving();
  await swept(client.machine, { pace: { rate: 50, concurrency: null } });
  leave();
  const begun = world.attempts.map(({ atMs }) => atMs);
  // The first few are begun at once, to learn who answers.
  const busiest = Math.max(...begun.map((at) => begun.filter((other) => other >= at && other < at + 1_000).length));
  expect(busiest).toBeLessThanOrEqual(50 + 45);
  expect((begun.at(-1) ?? 0) - (begun[0] ?? 0)).toBeGreaterThan(8_000);
});

test("a range that is all silent is asked twice, and the control port no more than three times", async () => {
  const { client, world, leave } = await serving();
  world.rule({ to: "server", ports: [1_024, 65_535], action: "drop" });
  const { record, counts } = await swept(client.machine, {});
  leave();
  expect(counts).toEqual({ filtered: 500 });
  expect(record.elsewhere.map(({ state }) => state)).toEqual(["untried", "untried", "untried"]);
  expect(world.attempts.filter(({ to }) => to.port === 21).length).toBeLessThanOrEqual(3);
  expect(world.attempts.filter(({ to }) => to.port === FROM + 77)).toHaveLength(2);
});

test("what is stopped keeps what it knows, and calls nothing filtered that was asked once", async () => {
  const { client, world, clock, leave } = await serving();
  world.rule({ to: "server", ports: [FROM + 100, FROM + 299], action: "drop" });
  const stop = new AbortController();
  void clock.sleep(1_500).then(() => stop.abort("interrupted"));
  const { record, counts } = await swept(client.machine, {}, stop);
  leave();
  expect(record.status).toBe("cancelled");
  expect(counts.closed).toBeGreaterThan(100);
  expect(counts.filtered).toBeUndefined();
  expect((counts.closed ?? 0) + (counts.untried ?? 0)).toBe(500);
});

test("a machine without descriptors asks again with fewer in flight, and blames nobody", async () => {
  const { world, leave } = await serving();
  const poor = world.host("poor", ["198.51.100.20"], {
    troubled: (inFlight) => (inFlight >= 20 ? "no-descriptor" : null),
  });
  world.rule({ to: "server", ports: [FROM + 100, FROM + 299], action: "drop" });
  const { record, counts } = await swept(poor.machine, { pace: { rate: null, concurrency: null } });
  leave();
  expect(counts).toEqual({ closed: 300, filtered: 200 });
  expect(record.slowdowns.map(({ why }) => why)).toContain("descriptors");
});

test("in haste the usual range goes out at once, and a larger one takes no more memory than that", async () => {
  const { client, leave } = await serving();
  const aborted = new AbortController();
  aborted.abort();
  const concurrencyOf = async (from: number) => {
    const { record } = await swept(
      { ...client.machine, network: { ...client.machine.network, socketsLeft: () => 1_000_000 } },
      { range: { from, to: 65_534 }, pace: { rate: null, concurrency: null } },
      aborted,
    );
    return record.concurrency;
  };
  expect(await concurrencyOf(49_152)).toBe(16_383);
  expect(await concurrencyOf(1_024)).toBeLessThanOrEqual(16_383);
  leave();
});

test("a machine that cannot dial at all says so, and blames nobody", async () => {
  const { world, leave } = await serving();
  const broken = world.host("broken", ["198.51.100.20"], { troubled: () => "local-error" });
  const { record, counts } = await swept(broken.machine, {});
  leave();
  expect(counts).toEqual({ untried: 500 });
  expect(record.stopped).toBe("own-limits");
});

test("a host that accepts everything shows it elsewhere", async () => {
  const { client, server, leave } = await serving();
  const range = { from: 40_000, to: 40_003 };
  const inside = await server.network.listen({ address: SERVER, port: range.from });
  const { record: before } = await swept(client.machine, { range });
  expect(before.elsewhere.map(({ state }) => state)).toEqual(["closed", "closed", "closed"]);
  for (const { port } of before.elsewhere) expect(Math.abs(port - range.from)).toBeGreaterThan(900);
  const listeners = await Promise.all(
    before.elsewhere.map(({ port }) => server.network.listen({ address: SERVER, port })),
  );
  const { record } = await swept(client.machine, { range });
  for (const answer of [inside, ...listeners]) if (answer.ok) answer.listener.close();
  leave();
  expect(record.elsewhere).toEqual(before.elsewhere.map(({ port }) => ({ port, state: "open" })));
});

/** Lets so many through per second, and a burst of them. */
function bucket(clock: Clock, perSecond: number, burst: number): () => boolean {
  let tokens = burst;
  let lastMs = clock.now();
  return () => {
    tokens = Math.min(burst, tokens + ((clock.now() - lastMs) * perSecond) / 1_000);
    lastMs = clock.now();
    if (tokens < 1) return false;
    tokens -= 1;
    return true;
  };
}

test("a limit on new connections makes it slower, not wrong", async () => {
  const { client, world, clock, leave } = await serving();
  const passes = bucket(clock, 100, 60);
  world.rule({ to: "server", action: "drop", when: () => !passes() });
  world.rule({ to: "server", ports: [FROM + 100, FROM + 199], action: "drop" });
  const { record, counts } = await swept(client.machine, { pace: { rate: null, concurrency: null } });
  leave();
  expect(counts).toEqual({ closed: 400, filtered: 100 });
  expect(record.slowdowns.map(({ why }) => why)).toContain("probe-lost");
  expect(record.answeredLate).toBeGreaterThan(50);
  expect(record.stopped).toBeNull();
});

test.each([
  ["50", "at once", 5, 50, 180],
  ["100", "at once", 5, 100, 180],
  ["500", "in haste", 5, 500, null],
])(
  "a limit of %s connections per second with hardly any %s is no firewall that rejects",
  async (_s, _h, burst, perSecond, rate) => {
    const { client, world, clock, leave } = await serving();
    const passes = bucket(clock, perSecond, burst);
    world.rule({ to: "server", ports: [FROM, FROM + 499], action: "drop", when: () => !passes() });
    const { record, counts } = await swept(client.machine, { pace: { rate, concurrency: null } });
    leave();
    expect(counts).toEqual({ closed: 500 });
    expect(record.limitedErrors).toBeNull();
    expect(record.answeredLate + record.slowdowns.length).toBeGreaterThan(0);
  },
);

test("a half of a range that is rejected once per second, with what looks like a reset, is told from the other half", async () => {
  const { client, world, clock, leave } = await serving();
  const errors = bucket(clock, 1, 6);
  const range = { from: FROM, to: FROM + 100 };
  const half = [FROM + 50, FROM + 100] as const;
  world.rule({ to: "server", ports: half, action: "reset", when: errors });
  world.rule({ to: "server", ports: half, action: "drop" });
  const { record } = await swept(client.machine, { range });
  leave();
  expect(record.intervals).toEqual([
    { from: FROM, to: FROM + 49, state: "closed" },
    { from: FROM + 50, to: FROM + 100, state: "rejected" },
  ]);
});

test("whoever is banned in the middle says so, and calls nothing filtered that was asked since", async () => {
  const { client, world, clock, leave } = await serving();
  world.rule({ to: "server", action: "drop", when: () => clock.now() > 1_500 });
  const { record, counts } = await swept(client.machine, {});
  leave();
  expect(record.stopped).toBe("shut-out");
  expect(counts.filtered).toBeUndefined();
  expect(counts.closed).toBeGreaterThan(150);
  expect(counts.untried).toBe(500 - (counts.closed ?? 0));
});

test.each([
  ["host-unreachable", "unreachable"],
  ["port-unreachable, which looks like a closed port", "reset"],
] as const)(
  "a firewall that rejects with %s, but only once per second, is told from one that drops",
  async (_how, action) => {
    const { client, world, clock, leave } = await serving();
    const errors = bucket(clock, 1, 6);
    const limited = [1_024, 65_535] as const;
    world.rule({ to: "server", ports: limited, action, when: errors });
    world.rule({ to: "server", ports: limited, action: "drop" });
    const { record, counts } = await swept(client.machine, {});
    leave();
    expect(counts).toEqual({ rejected: 500 });
    expect(record.limitedErrors?.assumed).toBeGreaterThan(400);
    expect(record.durationMs).toBeLessThan(40_000);
  },
);

test("a firewall that rejects some and drops others is not taken to reject all", async () => {
  const { client, world, clock, leave } = await serving();
  const errors = bucket(clock, 1, 6);
  world.rule({ to: "server", ports: [FROM + 100, FROM + 299], action: "unreachable", when: errors });
  world.rule({ to: "server", ports: [FROM + 100, FROM + 499], action: "drop" });
  const { record, counts } = await swept(client.machine, {});
  leave();
  expect(counts.closed).toBe(100);
  expect((counts.filtered ?? 0) + (counts.rejected ?? 0)).toBe(400);
  expect(counts.filtered).toBeGreaterThan(200);
  expect(record.limitedErrors).toEqual({ assumed: 0 });
});

const HASTE = { pace: { rate: null, concurrency: null } };

test("in haste a silent port has its second chance from the system, only what may be lost among answers is dialled again", async () => {
  const { client, world, leave } = await serving();
  const alone = FROM + 600;
  world.rule({ to: "server", ports: [FROM + 700, FROM + 899], action: "drop" });
  world.rule({ to: "server", ports: [alone, alone], action: "drop" });
  const { record, counts } = await swept(client.machine, { ...HASTE, range: { from: FROM, to: FROM + 899 } });
  leave();
  expect(counts).toEqual({ closed: 699, filtered: 201 });
  const dials = (port: number) => world.attempts.filter(({ to }) => to.port === port).length;
  expect([dials(FROM + 800), dials(alone)]).toEqual([1, 2]);
  expect(record).toMatchObject({ status: "done", stopped: null, slowdowns: [] });
});

test("in haste, what is lost now and then is found", async () => {
  const { client, world, leave } = await serving();
  const chance = sequence();
  world.rule({ to: "server", action: "drop", when: () => chance() < 0.05 });
  const { counts, record } = await swept(client.machine, HASTE);
  leave();
  expect(counts).toEqual({ closed: 500 });
  expect(record.answeredLate).toBeGreaterThan(10);
});

test("answers that are lost to the very end are told of", async () => {
  const { client, server, world, leave } = await serving();
  const range = { from: FROM, to: FROM + 99 };
  const listeners = await Promise.all(
    Array.from({ length: 100 }, (_, index) => server.network.listen({ address: SERVER, port: FROM + index })),
  );
  const chance = sequence();
  world.rule({ to: "server", ports: [range.from, range.to], action: "drop", when: () => chance() < 0.9 });
  const { record, counts } = await swept(client.machine, { range });
  for (const answer of listeners) if (answer.ok) answer.listener.close();
  leave();
  expect(record.stopped).toBe("unsettled");
  // What was silent every time is so by chance, and nothing is said of it.
  expect(counts.filtered).toBeUndefined();
  expect((counts.open ?? 0) + (counts.untried ?? 0)).toBe(100);
  expect(record.answeredLate).toBeGreaterThan(20);
});

/** Connections that a router remembers: those without an answer for so long; where it is full, it drops new ones. */
function tableOf(clock: Clock, entries: number, halfOpenMs: number) {
  let live: number[] = [];
  const isFull = () => {
    live = live.filter((until) => until > clock.now());
    return live.length >= entries;
  };
  return { isFull, enter: () => isFull() || live.push(clock.now() + halfOpenMs) > 0 };
}

test.each([
  ["that forgets soon", 100, 1_000, null, 300],
  ["of few connections", 50, 5_000, 180, 300],
  ["that forgets late", 200, 120_000, null, 300],
  ["that is full before anybody has proven to answer", 200, 120_000, null, 40],
  ["that is full before, and forgets soon", 200, 1_000, null, 40],
] as const)("a router's full table of connections %s makes no port filtered that is not", async (...world) => {
  const [, entries, halfOpenMs, rate, answering] = world;
  const { client, world: around, clock, leave } = await serving();
  const range = { from: FROM, to: FROM + 999 };
  const border = FROM + answering;
  const table = tableOf(clock, entries, halfOpenMs);
  around.rule({ to: "server", ports: [border, range.to], action: "drop", when: table.enter });
  around.rule({ to: "server", ports: [FROM, border - 1], action: "drop", when: table.isFull });
  const { record } = await swept(client.machine, { range, pace: { rate, concurrency: null } });
  leave();
  const told = (state: string) => record.intervals.filter((interval) => interval.state === state);
  expect(told("filtered").filter(({ from }) => from < border)).toEqual([]);
  expect(told("closed").filter(({ to }) => to >= border)).toEqual([]);
  expect(record.slowdowns.length > 0 || record.stopped === "shut-out").toBe(true);
});

test.each([
  ["politely", 20, 180, 199, 100],
  ["in haste", 50, null, 999, 300],
] as const)(
  "a limit that resets what is beyond it makes no port closed, swept %s",
  async (_how, limit, rate, last, answering) => {
    const { client, world, clock, leave } = await serving();
    const range = { from: FROM, to: FROM + last };
    const table = tableOf(clock, limit, 120_000);
    world.rule({ to: "server", ports: [range.from, range.to], action: "reset", when: table.isFull });
    world.rule({ to: "server", ports: [FROM + answering, range.to], action: "drop", when: table.enter });
    const { record, counts } = await swept(client.machine, { range, pace: { rate, concurrency: null } });
    leave();
    expect(record.stopped).toBe("reset-limit");
    expect(counts).toEqual({ untried: last + 1 });
  },
);

test("a limit that resets is noticed too where some ports go on being silent", async () => {
  const { client, world, clock, leave } = await serving();
  const range = { from: FROM, to: FROM + 199 };
  const table = tableOf(clock, 20, 120_000);
  const always = FROM + 150;
  world.rule({ to: "server", ports: [always, always], action: "drop" });
  world.rule({ to: "server", ports: [range.from, range.to], action: "reset", when: table.isFull });
  world.rule({ to: "server", ports: [FROM + 100, range.to], action: "drop", when: table.enter });
  const { record, counts } = await swept(client.machine, { range });
  leave();
  expect([record.stopped, counts]).toEqual(["reset-limit", { untried: 199, filtered: 1 }]);
});

test("a limit that was met at first alone, and made the sweep slower, leaves resets what they are", async () => {
  const { client, world, clock, leave } = await serving();
  const range = { from: FROM, to: FROM + 999 };
  const passes = bucket(clock, 60, 30);
  world.rule({ to: "server", action: "drop", when: () => !passes() });
  const { record, counts } = await swept(client.machine, { range });
  leave();
  expect(record.slowdowns.length).toBeGreaterThan(0);
  expect([counts, record.stopped]).toEqual([{ closed: 1_000 }, null]);
});

test.each([
  ["once", [[500, 700]]],
  ["soon after it began", [[300, 450]]],
  [
    "twice",
    [
      [400, 500],
      [1_500, 1_700],
    ],
  ],
] as const)("a way that is gone for a moment, %s, leaves resets what they are", async (_how, gone) => {
  const { client, world, clock, leave } = await serving();
  const range = { from: FROM, to: FROM + 999 };
  let begunMs: number | null = null;
  const isGone = () => {
    begunMs ??= clock.now();
    const atMs = clock.now() - begunMs;
    return gone.some(([from, to]) => atMs > from && atMs < to);
  };
  world.rule({ to: "server", ports: [range.from, range.to], action: "drop", when: isGone });
  const { record, counts } = await swept(client.machine, { range });
  leave();
  expect(record.answeredLate).toBeGreaterThan(10);
  expect([counts, record.stopped]).toEqual([{ closed: 1_000 }, null]);
});

test("a way that loses one packet in fifty is no congestion", async () => {
  const { client, world, leave } = await serving();
  const chance = sequence();
  world.rule({ to: "server", action: "drop", when: () => chance() < 0.02 });
  const { counts } = await swept(client.machine, {});
  leave();
  expect(counts).toEqual({ closed: 500 });
});

test("it tells how far it is, and how long it takes", async () => {
  const { client, leave } = await serving();
  const { progress } = await swept(client.machine, { range: { from: FROM, to: FROM + 1_999 } });
  leave();
  expect(progress[0]).toBe(`sweeping ${SERVER}: 8 of 2,000 ports`);
  expect(progress.at(-1)).toMatch(/^sweeping \S+: 1,[89]\d\d of 2,000 ports, [12] s left$/);
});

/** What connects here needs a third SYN: two seconds pass before an answer comes. */
const THIRD_SYN_MS = 2_000;

test.each([
  ["politely", 180, 2],
  ["in haste", null, 2],
  ["politely, and the control port too", 180, THIRD_SYN_MS],
  ["in haste, and the control port too", null, THIRD_SYN_MS],
] as const)(
  "where offers needed a third SYN, a port is given the time for it before it counts as filtered, swept %s",
  async (_how, rate, roundTripMs) => {
    const { client, server, world, leave } = await serving();
    world.latency(THIRD_SYN_MS / 2);
    world.rule({ to: "server", ports: [FROM + 200, FROM + 299], action: "drop" });
    const open = await server.network.listen({ address: SERVER, port: FROM + 10 });
    const { record, counts } = await swept(client.machine, {
      range: { from: FROM, to: FROM + 299 },
      pace: { rate, concurrency: null },
      roundTripMs,
      slowestMs: THIRD_SYN_MS + 20,
    });
    if (open.ok) open.listener.close();
    leave();
    expect(counts).toEqual({ open: 1, closed: 199, filtered: 100 });
    expect(record).toMatchObject({ stopped: null, slowdowns: [], answeredLate: 0 });
    expect(record.durationMs).toBeLessThan(20_000);
    expect(record.elsewhere.map(({ state }) => state)).toEqual(["closed", "closed", "closed"]);
  },
);

test("what was usual on the way is waited for even if the user's limit is no longer than that", async () => {
  const { client, leave } = await serving();
  const { record } = await swept(client.machine, { slowestMs: 9_900 });
  leave();
  expect(record.limitMs).toBe(10_600);
});
