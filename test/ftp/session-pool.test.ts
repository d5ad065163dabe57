import { describe, expect, test } from "vitest";
import { SessionPool } from "../../src/ftp/session-pool.ts";

/** A session that the test spoils. */
class Fake {
  readonly session = this;
  usable = true;
  turnedAway = false;
  closed = false;
  readonly ordinal: number;

  constructor(ordinal: number) {
    this.ordinal = ordinal;
  }

  close(): void {
    this.closed = true;
    this.usable = false;
  }
}

function pool(open = 2, total = 5, make: (ordinal: number) => Fake | null = (ordinal) => new Fake(ordinal)) {
  const made: (Fake | null)[] = [];
  const sessions = new SessionPool<Fake>({ open, total }, async (ordinal) => {
    const session = make(ordinal);
    made.push(session);
    return session;
  });
  return { sessions, made };
}

async function had(lease: Promise<Fake | null>): Promise<Fake> {
  const session = await lease;
  if (session === null) throw new Error("no session");
  return session;
}

/** Whether a promise is still open after everybody had a turn. */
async function pending(promise: Promise<unknown>): Promise<boolean> {
  const open = Symbol("open");
  return (await Promise.race([promise, new Promise((resolve) => setImmediate(resolve, open))])) === open;
}

describe("a pool of sessions", () => {
  test("uses a session again", async () => {
    const { sessions, made } = pool();
    const first = await had(sessions.lease());
    sessions.release(first);
    expect(await had(sessions.lease())).toBe(first);
    expect(made).toHaveLength(1);
  });

  test("opens another one beside, up to the limit, and lets the rest wait", async () => {
    const { sessions, made } = pool(2);
    const [first] = [await had(sessions.lease()), await had(sessions.lease())];
    const third = sessions.lease();
    expect(await pending(third)).toBe(true);
    sessions.release(first);
    expect(await third).toBe(first);
    expect(made).toHaveLength(2);
  });

  test("closes one that lost step and opens another in its place", async () => {
    const { sessions, made } = pool(1);
    const first = await had(sessions.lease());
    const waiting = sessions.lease();
    first.usable = false;
    sessions.release(first);
    expect((await had(waiting)).ordinal).toBe(2);
    expect(first.closed).toBe(true);
    expect(made).toHaveLength(2);
  });

  test("closes one that lost step while it lay idle", async () => {
    const { sessions } = pool();
    const first = await had(sessions.lease());
    sessions.release(first);
    first.usable = false;
    expect((await had(sessions.lease())).ordinal).toBe(2);
    expect(first.closed).toBe(true);
  });

  test("gives none beyond its total", async () => {
    const { sessions } = pool(2, 2);
    for (let time = 0; time < 2; time += 1) {
      const session = await had(sessions.lease());
      session.usable = false;
      sessions.release(session);
    }
    expect(await sessions.lease()).toBeNull();
  });

  test("opens none after an opening that failed, but uses those it has", async () => {
    const { sessions, made } = pool(2, 5, (ordinal) => (ordinal === 2 ? null : new Fake(ordinal)));
    const first = await had(sessions.lease());
    const second = sessions.lease();
    expect(await pending(second)).toBe(true);
    sessions.release(first);
    expect(await second).toBe(first);
    first.usable = false;
    sessions.release(first);
    expect(await sessions.lease()).toBeNull();
    expect(made).toHaveLength(2);
  });

  test("wakes all that wait when nobody is left", async () => {
    const { sessions } = pool(2, 2, (ordinal) => (ordinal === 2 ? null : new Fake(ordinal)));
    const first = await had(sessions.lease());
    const waiting = [sessions.lease(), sessions.lease(), sessions.lease()];
    expect(await pending(Promise.any(waiting))).toBe(true);
    first.usable = false;
    sessions.release(first);
    expect(await Promise.all(waiting)).toEqual([null, null, null]);
  });

  test("tries again where an opening gives a session that is lost already", async () => {
    const { sessions, made } = pool(2, 3, (ordinal) => Object.assign(new Fake(ordinal), { usable: ordinal === 3 }));
    expect((await had(sessions.lease())).ordinal).toBe(3);
    expect(made.map((session) => session?.closed)).toEqual([true, true, false]);
  });

  test("ends where every opening gives a lost one", async () => {
    const { sessions, made } = pool(2, 3, (ordinal) => Object.assign(new Fake(ordinal), { usable: false }));
    expect(await sessions.lease()).toBeNull();
    expect(made).toHaveLength(3);
  });

  test("opens none beside another after a 421, and none at all after two", async () => {
    const { sessions, made } = pool(2, 6);
    const [first, second] = [await had(sessions.lease()), await had(sessions.lease())];
    Object.assign(first, { usable: false, turnedAway: true });
    sessions.release(first);
    const third = sessions.lease();
    expect(await pending(third)).toBe(true);
    sessions.release(second);
    expect(await third).toBe(second);
    Object.assign(second, { usable: false });
    sessions.release(second);
    const fourth = await had(sessions.lease());
    expect(fourth.ordinal).toBe(3);
    Object.assign(fourth, { usable: false, turnedAway: true });
    sessions.release(fourth);
    expect(await sessions.lease()).toBeNull();
    expect(made).toHaveLength(3);
  });

  test("gives back what lies idle, for the farewell", async () => {
    const { sessions } = pool();
    const [first, second] = [await had(sessions.lease()), await had(sessions.lease())];
    sessions.release(first);
    sessions.release(second);
    expect(sessions.drain()).toEqual([first, second]);
    expect(sessions.drain()).toEqual([]);
  });
});
