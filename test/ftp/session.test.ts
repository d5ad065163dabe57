import { describe, expect, test } from "vitest";
import { command } from "../../src/ftp/commands.ts";
import { Secret } from "../../src/model/secret.ts";
import { never, Spoken, spokenSession } from "./spoken.ts";

const [FEAT, SYST, QUIT, LIST] = [command("FEAT"), command("SYST"), command("QUIT"), command("LIST")];

describe("the greeting", () => {
  test("is the first reply", async () => {
    const { far, session } = spokenSession();
    far.hear("220-Welcome\r\n220 ready\r\n");
    const greeting = await session.greeting(1_000, never());
    expect(greeting).toMatchObject({ outcome: "ok", reply: { code: 220, lines: ["220-Welcome", "220 ready"] } });
    expect(session.usable).toBe(true);
  });

  test.each([421, 500, 530, 230])("of code %i is told, and the session not used", async (code) => {
    const { far, session } = spokenSession();
    far.hear(`${code} no\r\n`);
    expect(await session.greeting(1_000, never())).toMatchObject({ outcome: "ok", reply: { code } });
    expect(session.usable).toBe(false);
    expect(session.turnedAway).toBe(code === 421);
  });

  test("that never comes is silence after its limit", async () => {
    const { session, clock } = spokenSession();
    expect(await session.greeting(30_000, never())).toMatchObject({
      outcome: "timed-out",
      reply: null,
      firstBytes: "",
    });
    expect(clock.now()).toBe(30_000);
    expect(session.usable).toBe(false);
  });

  test.each([
    ["hearEnd", "closed"],
    ["hearReset", "reset"],
  ] as const)("in place of which the end comes (%s) is %s", async (end, outcome) => {
    const { far, session, ended } = spokenSession();
    far.hear("220 half of it");
    far[end]();
    expect(await session.greeting(1_000, never())).toMatchObject({
      outcome,
      reply: null,
      firstBytes: "220 half of it",
    });
    expect(ended).toEqual([outcome]);
  });

  test("of another service costs a short while", async () => {
    const { far, session, clock } = spokenSession();
    far.hear("SSH-2.0-OpenSSH_9.6\r\n");
    expect(await session.greeting(30_000, never())).toMatchObject({ outcome: "protocol-error", reply: null });
    expect(clock.now()).toBe(2_000);
  });

  test("may follow text that is none, within the short while", async () => {
    const { far, session, clock } = spokenSession();
    far.hear("Welcome to our machine\r\n");
    void clock.sleep(1_500).then(() => far.hear("220 ready\r\n"));
    expect(await session.greeting(30_000, never())).toMatchObject({ outcome: "ok", reply: { code: 220 } });
    expect(session.usable).toBe(true);
  });

  test.each(["22", "220 half of it"])(
    "that was still arriving at the limit tells what had come, and when: %j",
    async (said) => {
      const { far, session, clock } = spokenSession();
      void clock.sleep(800).then(() => far.hear(said));
      expect(await session.greeting(1_000, never())).toMatchObject({
        outcome: "timed-out",
        reply: null,
        partial: { text: said, quietMs: 200 },
      });
    },
  );

  test("shows at most 256 of the first bytes, one character each", async () => {
    const { far, session } = spokenSession();
    far.hear(`220 ${"\xff".repeat(400)}\r\n`);
    const { firstBytes } = await session.greeting(1_000, never());
    expect(firstBytes).toHaveLength(256);
    expect(firstBytes.endsWith("\xff")).toBe(true);
  });

  test("is cancelled by the run, not timed out", async () => {
    const { session, clock } = spokenSession();
    const stop = new AbortController();
    void clock.sleep(100).then(() => stop.abort());
    expect(await session.greeting(30_000, stop.signal)).toMatchObject({ outcome: "cancelled" });
  });

  test("of blank lines without end is given up", async () => {
    const { far, session, clock } = spokenSession();
    for (let chunk = 0; chunk < 40; chunk += 1) far.hear("\r\n".repeat(32_000));
    expect(await session.greeting(30_000, never())).toMatchObject({ outcome: "protocol-error" });
    expect(clock.now()).toBe(0);
  });
});

describe("an exchange", () => {
  test("is a command and its reply, with the time between", async () => {
    const { far, session, clock, lines } = spokenSession();
    void clock.sleep(7).then(() => far.hear("215 UNIX\r\n"));
    const exchange = await session.exchange(SYST, 1_000, never());
    expect(exchange).toMatchObject({ command: "SYST", outcome: "ok", ms: 7, replies: [{ code: 215, oddities: [] }] });
    expect(far.written).toEqual(["SYST\r\n"]);
    expect(lines).toEqual(["sent SYST", "received 215 UNIX"]);
  });

  test("shows no secret and sends it", async () => {
    const { far, session, lines } = spokenSession();
    far.hear("");
    const asked = session.exchange(command("PASS", new Secret("hidden")), 1_000, never());
    await Promise.resolve();
    far.hear("530 hidden is wrong\r\n");
    const { command: shown, replies } = await asked;
    expect(far.written).toEqual(["PASS hidden\r\n"]);
    expect(shown).toBe("PASS [secret]");
    expect(replies[0]?.lines).toEqual(["530 [secret] is wrong"]);
    expect(lines[0]).toBe("sent PASS [secret]");
  });

  test("lets the reply be read as it came", async () => {
    const { far, session } = spokenSession();
    const asked = session.exchange(SYST, 1_000, never());
    far.hear("215 hidden\r\n");
    const [reply] = (await asked).replies;
    expect(reply?.lines).toEqual(["215 [secret]"]);
    expect(reply && session.wordsOf(reply)).toEqual(["215 hidden"]);
  });

  test("without an answer is silence, and the session lost", async () => {
    const { session, clock } = spokenSession();
    expect(await session.exchange(SYST, 4_000, never())).toMatchObject({
      outcome: "timed-out",
      replies: [],
      ms: 4_000,
    });
    expect(session.usable).toBe(false);
    // Nothing is sent on it again, and nothing is said to have been.
    expect(await session.exchange(FEAT, 4_000, never())).toMatchObject({ outcome: "closed", replies: [] });
    expect(clock.now()).toBe(4_000);
  });

  test.each([
    ["215 UN", "215 UN"],
    ["21", "21"],
    ["215-UNIX\r\n and more\r\n", " and more"],
  ])("tells what had come of an answer, and how long before the end: %j", async (said, text) => {
    const { far, session, clock } = spokenSession();
    void clock.sleep(700).then(() => far.hear(said));
    const exchange = await session.exchange(SYST, 1_000, never());
    expect(exchange).toMatchObject({ outcome: "timed-out", partial: { text, quietMs: 300 } });
  });

  test("with half an answer keeps the half", async () => {
    const { far, session } = spokenSession();
    const asked = session.exchange(SYST, 4_000, never());
    far.hear("215-UNIX\r\n and more");
    expect(await asked).toMatchObject({
      outcome: "timed-out",
      replies: [{ code: 215, lines: ["215-UNIX", " and more"], oddities: ["unfinished"] }],
    });
  });

  test.each(["hearEnd", "hearReset"] as const)("with half an answer and the end (%s) keeps both", async (end) => {
    const { far, session } = spokenSession();
    const asked = session.exchange(SYST, 4_000, never());
    far.hear("215 UN");
    far[end]();
    const exchange = await asked;
    expect(exchange.outcome).toBe(end === "hearEnd" ? "closed" : "reset");
    expect(exchange.replies).toMatchObject([{ code: 215, oddities: ["unfinished"] }]);
    expect(session.usable).toBe(false);
  });

  test("whose write fails still hears the last words", async () => {
    const { far, session } = spokenSession();
    far.writeFailure = "reset";
    const asked = session.exchange(SYST, 4_000, never());
    far.hear("421 Timeout\r\n");
    expect(await asked).toMatchObject({ outcome: "ok", replies: [{ code: 421 }] });
    expect(session.usable).toBe(false);
  });

  test("whose write fails here says so", async () => {
    const { far, session } = spokenSession();
    far.writeFailure = "local-error";
    expect(await session.exchange(SYST, 4_000, never())).toMatchObject({ outcome: "local-error" });
    expect(session.usable).toBe(false);
  });

  test("is cancelled by the run, not timed out", async () => {
    const { session, clock } = spokenSession();
    const stop = new AbortController();
    void clock.sleep(100).then(() => stop.abort("interrupted"));
    expect(await session.exchange(SYST, 4_000, stop.signal)).toMatchObject({ outcome: "cancelled", ms: 100 });
  });

  test("gets a new limit with the first promise alone", async () => {
    const { far, session, clock } = spokenSession();
    void (async () => {
      for (;;) {
        await clock.sleep(900);
        if (far.closed) return;
        far.hear("100 soon\r\n");
      }
    })();
    const exchange = await session.exchange(SYST, 1_000, never());
    expect(exchange.outcome).toBe("timed-out");
    expect(clock.now()).toBe(1_900);
    session.close();
    await clock.sleep(1_000);
  });
});

describe("replies out of place", () => {
  test("that were there before the question are set aside as early", async () => {
    const { far, session, unexpected } = spokenSession();
    far.hear("220 ready\r\n331 too early\r\n");
    await session.greeting(1_000, never());
    const asked = session.exchange(SYST, 1_000, never());
    far.hear("215 UNIX\r\n");
    expect((await asked).replies.map(({ code }) => code)).toEqual([215]);
    expect(unexpected).toMatchObject([{ code: 331, oddities: ["early"] }]);
  });

  test("that cannot be the answer are set aside as extra", async () => {
    const { far, session, unexpected, clock } = spokenSession();
    const asked = session.exchange(SYST, 1_000, never());
    far.hear("226 of something else\r\n");
    void clock.sleep(200).then(() => far.hear("215 UNIX\r\n"));
    expect((await asked).replies.map(({ code }) => code)).toEqual([215]);
    expect(unexpected).toMatchObject([{ code: 226, oddities: ["extra"] }]);
    expect(session.usable).toBe(true);
  });

  test("with nothing behind them end the exchange when the line has been idle", async () => {
    const { far, session, clock } = spokenSession();
    const asked = session.exchange(SYST, 10_000, never());
    far.hear("226 of something else\r\n");
    expect(await asked).toMatchObject({ outcome: "protocol-error", replies: [] });
    expect(clock.now()).toBe(300);
    expect(session.usable).toBe(false);
  });

  test("are given more time on a slow way", async () => {
    const { far, session, clock } = spokenSession(500);
    const asked = session.exchange(SYST, 10_000, never());
    far.hear("226 of something else\r\n");
    void clock.sleep(1_200).then(() => far.hear("215 UNIX\r\n"));
    expect((await asked).outcome).toBe("ok");
  });

  test.each([
    ["hearEnd", "closed"],
    ["hearReset", "reset"],
  ] as const)("followed by the end (%s) are %s", async (end, outcome) => {
    const { far, session } = spokenSession();
    const asked = session.exchange(SYST, 10_000, never());
    far.hear("221 Bye\r\n");
    far[end]();
    expect((await asked).outcome).toBe(outcome);
  });

  test("do not turn an interruption into a fault", async () => {
    const { far, session, clock } = spokenSession();
    const stop = new AbortController();
    const asked = session.exchange(SYST, 10_000, stop.signal);
    far.hear("226 of something else\r\n");
    void clock.sleep(100).then(() => stop.abort());
    expect((await asked).outcome).toBe("cancelled");
  });

  test("and the step's limit inside the idle wait are silence", async () => {
    const { far, session } = spokenSession();
    const asked = session.exchange(SYST, 100, never());
    far.hear("226 of something else\r\n");
    expect((await asked).outcome).toBe("timed-out");
  });

  test("without end are not waited for", async () => {
    const { far, session, unexpected, clock } = spokenSession();
    const asked = session.exchange(SYST, 10_000, never());
    far.hear("220 again\r\n".repeat(2_000));
    expect(await asked).toMatchObject({ outcome: "protocol-error", replies: [] });
    expect(unexpected).toHaveLength(17);
    expect(clock.now()).toBe(0);
  });

  test("of 421 turn us away", async () => {
    const { far, session } = spokenSession();
    far.hear("220 ready\r\n421 too many\r\n");
    await session.greeting(1_000, never());
    expect(await session.exchange(SYST, 1_000, never())).toMatchObject({ outcome: "closed" });
    expect(session.turnedAway).toBe(true);
    expect(far.written).toEqual([]);
  });

  test("of 200 are no answer to LIST before its 150", async () => {
    const { far, session, unexpected } = spokenSession();
    const asked = session.exchange(LIST, 1_000, never());
    far.hear("200 PORT ok\r\n150 Here\r\n200 odd, but an end\r\n");
    expect((await asked).replies.map(({ code }) => code)).toEqual([150, 200]);
    expect(unexpected.map(({ code }) => code)).toEqual([200]);
  });
});

describe("a server that says no", () => {
  test("and hangs up is not asked again", async () => {
    const { far, session, clock } = spokenSession();
    const asked = session.exchange(SYST, 1_000, never());
    far.hear("500 OOPS\r\n");
    await asked;
    void clock.sleep(3).then(() => far.hearEnd());
    await session.settle(never());
    expect(session.usable).toBe(false);
  });

  test("and stays costs a moment, once", async () => {
    const { far, session, clock } = spokenSession();
    const asked = session.exchange(SYST, 1_000, never());
    far.hear("500 no\r\n");
    await asked;
    await session.settle(never());
    await session.settle(never());
    expect(clock.now()).toBe(20);
    expect(session.usable).toBe(true);
  });

  test("and says more is taken at its word", async () => {
    const { far, session, unexpected, clock } = spokenSession();
    const asked = session.exchange(SYST, 1_000, never());
    far.hear("500 no\r\n");
    await asked;
    void clock.sleep(3).then(() => far.hear("250 what\r\n"));
    await session.settle(never());
    const next = session.exchange(FEAT, 1_000, never());
    far.hear("211 none\r\n");
    expect((await next).replies.map(({ code }) => code)).toEqual([211]);
    expect(unexpected).toMatchObject([{ code: 250, oddities: ["early"] }]);
  });

  test("costs nothing where it says yes", async () => {
    const { far, session, clock } = spokenSession();
    const asked = session.exchange(SYST, 1_000, never());
    far.hear("215 UNIX\r\n");
    await asked;
    await session.settle(never());
    expect(clock.now()).toBe(0);
  });
});

describe("the farewell", () => {
  test("is QUIT, its answer and the end", async () => {
    const { far, session, ended } = spokenSession();
    const quit = session.quit(QUIT, 500);
    far.hear("221 Bye\r\n");
    await quit;
    expect(far.written).toEqual(["QUIT\r\n"]);
    expect(far.closed).toBe(true);
    expect(ended).toEqual(["ok"]);
  });

  test("waits no longer than its limit", async () => {
    const { far, session, clock } = spokenSession();
    await session.quit(QUIT, 500);
    expect(clock.now()).toBe(500);
    expect(far.closed).toBe(true);
  });

  test("is sent and not waited for where the run was stopped", async () => {
    const { far, session, clock } = spokenSession();
    await session.quit(QUIT, 500, AbortSignal.abort());
    expect(far.written).toEqual(["QUIT\r\n"]);
    expect(clock.now()).toBe(0);
  });

  test("is left out on a session that lost step", async () => {
    const { far, session } = spokenSession();
    await session.exchange(SYST, 10, never());
    await session.quit(QUIT, 500);
    expect(far.written).toEqual(["SYST\r\n"]);
    expect(far.closed).toBe(true);
  });
});

describe("another connection under the session", () => {
  test("carries what follows: commands, replies and the end", async () => {
    const { far, session, lines, ended } = spokenSession();
    far.hear("220 ready\r\n");
    await session.greeting(1_000, never());
    const secured = new Spoken();
    session.upgrade(secured);
    expect(session.connection).toBe(secured);
    secured.hear("211 nothing\r\n");
    expect(await session.exchange(FEAT, 1_000, never())).toMatchObject({ outcome: "ok", replies: [{ code: 211 }] });
    expect({ below: far.written, above: secured.written }).toEqual({ below: [], above: ["FEAT\r\n"] });
    expect(lines).toContain("note control connection is under TLS from here on");
    secured.hearEnd();
    expect(await session.exchange(SYST, 1_000, never())).toMatchObject({ outcome: "closed" });
    expect({ ended, usable: session.usable }).toEqual({ ended: ["closed"], usable: false });
  });

  test("does not take for an answer what somebody sent in clear before TLS began", async () => {
    const { far, session, unexpected } = spokenSession();
    far.hear("220 ready\r\n");
    await session.greeting(1_000, never());
    // Behind the 234 in one packet: whoever sits on the way would have it read as the answer to the first command under TLS.
    far.hear("234 go on\r\n230 you are in\r\n");
    await session.exchange(command("AUTH", "TLS"), 1_000, never());
    const secured = new Spoken();
    session.upgrade(secured);
    secured.hear("530 not yet\r\n");
    expect(await session.exchange(command("USER", "anonymous"), 1_000, never())).toMatchObject({
      replies: [{ code: 530 }],
    });
    expect(unexpected.map(({ code }) => code)).toEqual([230]);
  });

  test("forgets half a line that came in clear", async () => {
    const { far, session } = spokenSession();
    far.hear("220 ready\r\n");
    await session.greeting(1_000, never());
    far.hear("234 go on\r\n230 half of");
    await session.exchange(command("AUTH", "TLS"), 1_000, never());
    const secured = new Spoken();
    session.upgrade(secured);
    secured.hear("331 a password\r\n");
    expect(await session.exchange(command("USER", "web1"), 1_000, never())).toMatchObject({
      replies: [{ code: 331, lines: ["331 a password"] }],
    });
  });

  test("may fail to take a command, which is told as the command's outcome", async () => {
    const { far, session } = spokenSession();
    far.hear("220 ready\r\n");
    await session.greeting(1_000, never());
    const secured = new Spoken();
    session.upgrade(secured);
    secured.writeFailure = "reset";
    secured.hearReset();
    expect(await session.exchange(SYST, 1_000, never())).toMatchObject({ outcome: "reset", replies: [] });
    expect(session.usable).toBe(false);
  });

  test("may be the first one again (CCC)", async () => {
    const { far, session, lines } = spokenSession();
    far.hear("220 ready\r\n");
    await session.greeting(1_000, never());
    session.upgrade(new Spoken());
    session.downgrade(far);
    far.hear("200 in clear\r\n");
    expect(await session.exchange(command("NOOP"), 1_000, never())).toMatchObject({ replies: [{ code: 200 }] });
    expect(far.written).toEqual(["NOOP\r\n"]);
    expect(lines).toContain("note control connection is in clear from here on");
  });
});

describe("what comes in one packet behind a reply", () => {
  const asked = async (...chunks: string[]) => {
    const { far, session } = spokenSession();
    far.hear("220 ready\r\n");
    await session.greeting(1_000, never());
    const pending = session.exchange(command("AUTH", "TLS"), 1_000, never());
    for (const chunk of chunks) far.hear(chunk);
    const [reply] = (await pending).replies;
    if (reply === undefined) throw new Error("no reply");
    return Buffer.from(session.behind(reply)).toString("latin1");
  };

  test("can be had: it belongs to TLS where TLS begins there", async () => {
    expect(await asked("234 go\r\n")).toBe("");
    expect(await asked("234 go\r\n\x15\x03\x03\x00\x02\x02\x28")).toBe("\x15\x03\x03\x00\x02\x02\x28");
    expect(await asked("234-go\r\n234 on\r\n500 OOPS: x\r\n500 y\r\nhalf")).toBe("500 OOPS: x\r\n500 y\r\nhalf");
    expect(await asked("23", "4 go\r\nHTTP/1.1 400\r\n")).toBe("HTTP/1.1 400\r\n");
  });
});
