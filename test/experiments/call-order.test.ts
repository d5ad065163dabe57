import { describe, expect, it } from "vitest";
import { nextPort } from "../../src/experiments/call-order.ts";

/** Tries ports until there is none left or no session: which were tried, and the silent ones among them. */
function tried(ports: readonly number[], isSilent: (port: number) => boolean, sessions: number) {
  const silent = new Map<number, boolean>();
  let left = sessions;
  while (left > 0) {
    const port = nextPort(ports, silent, left);
    if (port === null) break;
    expect(silent.has(port)).toBe(false);
    silent.set(port, isSilent(port));
    if (isSilent(port)) left -= 1;
  }
  return { order: [...silent.keys()], silent: [...silent].filter(([, is]) => is).map(([port]) => port) };
}

const PORTS = Array.from({ length: 32 }, (_, index) => index);

describe("the order in which our own ports are called", () => {
  it("comes to every port where all are called, the ends first, then ever finer", () => {
    const { order } = tried(PORTS, () => false, 1);
    expect(order.slice(0, 5)).toEqual([0, 31, 15, 23, 7]);
    expect([...order].sort((a, b) => a - b)).toEqual(PORTS);
  });

  it("comes to every port where there are sessions enough, whatever is silent", () => {
    for (const isSilent of [() => true, (port: number) => port % 3 === 0, (port: number) => port > 12]) {
      expect(tried(PORTS, isSilent, 100).order).toHaveLength(32);
    }
  });

  it.each(PORTS.slice(1))("finds with five sessions that the ports from %i on are silent", (first) => {
    const { order, silent } = tried(PORTS, (port) => port >= first, 5);
    expect(silent.length).toBeLessThanOrEqual(5);
    expect(silent).toContain(first);
    // And that all before it are called.
    expect(order.filter((port) => port < first)).toHaveLength(first);
  });

  it.each(PORTS.slice(1))("finds with five sessions that the ports before %i are silent", (first) => {
    const { order } = tried(PORTS, (port) => port < first, 5);
    expect(order).toContain(first - 1);
    expect(order.filter((port) => port >= first)).toHaveLength(32 - first);
  });

  it("spreads five sessions over a range in which all are silent", () => {
    expect(tried(PORTS, () => true, 5).order).toEqual([0, 31, 15, 23, 7]);
  });

  it("finds silent ports that lie between others", () => {
    const { silent } = tried(PORTS, (port) => port >= 14 && port <= 17, 5);
    expect(silent).toEqual(expect.arrayContaining([14, 17]));
  });

  it("has a single port, and two", () => {
    expect(tried([7], () => true, 5).order).toEqual([7]);
    expect(tried([7, 8], () => false, 1).order).toEqual([7, 8]);
    expect(nextPort([], new Map(), 5)).toBeNull();
  });
});
