import { describe, expect, test } from "vitest";
import { type ReadEvent, ReplyReader } from "../../src/ftp/reply-reader.ts";

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "latin1"));
const utf8 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, "utf8"));

function read(...chunks: (string | Uint8Array)[]): ReadEvent[] {
  const reader = new ReplyReader();
  return chunks.flatMap((chunk) => reader.push(typeof chunk === "string" ? utf8(chunk) : chunk));
}

function reply(code: number, lines: string[], oddities: string[] = []): ReadEvent {
  return {
    kind: "reply",
    reply: { code, lines, oddities: expect.toSatisfy((found: string[]) => same(found, oddities)) },
  };
}

function same(found: string[], expected: string[]): boolean {
  return JSON.stringify([...found].sort()) === JSON.stringify([...expected].sort());
}

const problem = (kind: string, text: unknown): unknown => ({ kind: "problem", problem: kind, text });

describe("single replies", () => {
  const table: [string, string | Uint8Array, ReadEvent[]][] = [
    ["one line", "220 ready\r\n", [reply(220, ["220 ready"])]],
    ["code alone", "220\r\n", [reply(220, ["220"])]],
    ["code and space", "220 \r\n", [reply(220, ["220 "])]],
    ["a protected reply", "631 abc\r\n", [reply(631, ["631 abc"])]],
    ["two glued", "331 go on\r\n230 in\r\n", [reply(331, ["331 go on"]), reply(230, ["230 in"])]],
    ["UTF-8", "220 grüß\t日本\r\n", [reply(220, ["220 grüß\t日本"])]],
    ["LF only", "220 ready\n", [reply(220, ["220 ready"], ["lf-only"])]],
    ["CR CR LF", "220 ready\r\r\n", [reply(220, ["220 ready"], ["bare-cr"])]],
    ["CR inside", "220 re\rady\r\n", [reply(220, ["220 re\rady"], ["bare-cr"])]],
    ["NUL", "220 a\0b\r\n", [reply(220, ["220 a\0b"], ["control-characters"])]],
    ["terminal escape", "220 \x1b[2J\r\n", [reply(220, ["220 \x1b[2J"], ["control-characters"])]],
    ["C1 control", "220 \u009b2J\r\n", [reply(220, ["220 \u009b2J"], ["control-characters"])]],
    ["latin1", latin1("220 grüß\r\n"), [reply(220, ["220 grüß"], ["not-utf-8"])]],
    ["Windows code page", latin1("220 \x93x\x94\r\n"), [reply(220, ["220 \x93x\x94"], ["not-utf-8"])]],
    ["no space", "220ready\r\n", [reply(220, ["220ready"], ["no-space-after-code"])]],
    ["tab", "220\tready\r\n", [reply(220, ["220\tready"], ["no-space-after-code"])]],
    ["space before", "  220 ready\r\n", [reply(220, ["  220 ready"], ["text-before-code"])]],
    ["blank line before", "\r\n \r\n220 ready\r\n", [reply(220, ["220 ready"], ["text-before-code"])]],
    ["byte order mark", "\uFEFF220 ready\r\n", [reply(220, ["\uFEFF220 ready"], ["text-before-code"])]],
    ["TELNET WILL", latin1("\xff\xfb\x01220 hi\r\n"), [reply(220, ["220 hi"], ["control-characters"])]],
    ["TELNET IP, DM", latin1("\xff\xf4\xff\xf2220 hi\r\n"), [reply(220, ["220 hi"], ["control-characters"])]],
    ["TELNET at the end", latin1("220 hi\xff\xfd\r\n"), [reply(220, ["220 hi"], ["control-characters"])]],
    ["TELNET 255 doubled", latin1("220 \xff\xff\r\n"), [reply(220, ["220 ÿ"], ["not-utf-8"])]],
    ["latin1 that looks like TELNET", latin1("220 \xffa\r\n"), [reply(220, ["220 ÿa"], ["not-utf-8"])]],
  ];
  test.each(table)("%s", (_name, bytes, expected) => expect(read(bytes)).toEqual(expected));
});

describe("multi-line replies", () => {
  const table: [string, string, ReadEvent[]][] = [
    ["plain", "211-Features:\r\n EPSV\r\n211 End\r\n", [reply(211, ["211-Features:", " EPSV", "211 End"])]],
    ["code on each line", "220-a\r\n220-b\r\n220 c\r\n", [reply(220, ["220-a", "220-b", "220 c"])]],
    ["ends with the code alone", "220-a\r\n220\r\n", [reply(220, ["220-a", "220"])]],
    ["blank lines inside", "220-\r\n\r\n220 \r\n", [reply(220, ["220-", "", "220 "])]],
    ["indented code inside", "220-a\r\n 220 b\r\n220 c\r\n", [reply(220, ["220-a", " 220 b", "220 c"])]],
    [
      "same code glued inside",
      "220-a\r\n220b\r\n2201 c\r\n220 d\r\n",
      [reply(220, ["220-a", "220b", "2201 c", "220 d"])],
    ],
    [
      "other code inside",
      "220-a\r\n230 b\r\n220 c\r\n",
      [reply(220, ["220-a", "230 b", "220 c"], ["continuation-code-differs"])],
    ],
    [
      "other code and hyphen",
      "220-a\r\n230-b\r\n220 c\r\n",
      [reply(220, ["220-a", "230-b", "220 c"], ["continuation-code-differs"])],
    ],
    [
      "other code alone",
      "220-a\r\n500\r\n220 c\r\n",
      [reply(220, ["220-a", "500", "220 c"], ["continuation-code-differs"])],
    ],
    [
      "a number that is no code",
      "220-a\r\n2024 b\r\n999 c\r\n220 d\r\n",
      [reply(220, ["220-a", "2024 b", "999 c", "220 d"])],
    ],
    ["oddities once", "220-a\n220-b\n220 c\n", [reply(220, ["220-a", "220-b", "220 c"], ["lf-only"])]],
    ["indented as a whole", " 220-a\r\n 220 b\r\n", [reply(220, [" 220-a", " 220 b"], ["text-before-code"])]],
    ["followed by another", "220-a\r\n220 b\r\n331 c\r\n", [reply(220, ["220-a", "220 b"]), reply(331, ["331 c"])]],
  ];
  test.each(table)("%s", (_name, bytes, expected) => expect(read(bytes)).toEqual(expected));
});

describe("what is no reply", () => {
  test.each([
    "SSH-2.0-OpenSSH_9.2",
    "HTTP/1.1 400 Bad Request",
    "22 hi",
    "2200 hi",
    "020 hi",
    "700 hi",
    "* OK IMAP",
    "-ERR",
  ])("%s", (line) => expect(read(`${line}\r\n`)).toEqual([problem("not-a-reply", line)]));
  test("the reader goes on behind it", () => {
    expect(read("hello\r\n220 hi\r\n")).toEqual([problem("not-a-reply", "hello"), reply(220, ["220 hi"])]);
  });
  test("at most 256 characters of it are carried", () => {
    expect(read(`${"é".repeat(300)}\r\n`)).toEqual([problem("not-a-reply", "é".repeat(128))]);
    expect(read(`x${"é".repeat(300)}\r\n`)).toEqual([problem("not-a-reply", `x${"é".repeat(127)}`)]);
  });
  test("a flood of it is reported a bounded number of times, replies still are", () => {
    const events = read(`${"x\r\n".repeat(5_000)}220 hi\r\n${"x\r\n".repeat(5_000)}`);
    expect(events.length).toBe(34);
    expect(events[32]).toEqual(problem("too-many-lines", "x"));
    expect(events[33]).toEqual(reply(220, ["220 hi"]));
  });
});

describe("limits", () => {
  test("a line of 8 KiB is read, of which 2 KiB are kept", () => {
    const [event] = read(`220 ${"x".repeat(8_192 - 5)}\r\n`);
    expect(event).toEqual(reply(220, [`220 ${"x".repeat(2_046 - 4)}`], ["truncated"]));
  });
  test("a longer one is a problem as soon as it is, and the next is read", () => {
    const reader = new ReplyReader();
    expect(reader.push(utf8(`220 ${"x".repeat(8_192 - 4)}`))).toEqual([]);
    expect(reader.push(utf8("x"))).toEqual([problem("line-too-long", `220 ${"x".repeat(252)}`)]);
    expect(reader.pending).toBe(true);
    expect(reader.push(utf8(`${"x".repeat(100_000)}\r\n230 in\r\n`))).toEqual([reply(230, ["230 in"])]);
    expect(reader.pending).toBe(false);
  });
  test("inside a reply it is left out", () => {
    expect(read(`220-a\r\n${"x".repeat(9_000)}\r\n220 b\r\n`)).toEqual([
      problem("line-too-long", "x".repeat(256)),
      reply(220, ["220-a", "220 b"], ["truncated"]),
    ]);
    expect(read(`220-a\r\n220 ${"x".repeat(9_000)}\r\n331 b\r\n`)).toEqual([
      problem("line-too-long", `220 ${"x".repeat(252)}`),
      reply(331, ["331 b"]),
    ]);
  });
  test("a reply keeps 2 KiB, counted with line ends", () => {
    const [event] = read(`220-a\r\n${"\r\n".repeat(3_000)}220 b\r\n`);
    const lines = event?.kind === "reply" ? event.reply.lines : [];
    expect(lines.length).toBeLessThanOrEqual(1_024);
    expect(event).toMatchObject({ reply: { oddities: ["truncated"] } });
  });
  test("the cut is never inside a character", () => {
    const [event] = read(`220 ${"日".repeat(1_000)}\r\n`);
    expect(event).toEqual(reply(220, [`220 ${"日".repeat(680)}`], ["truncated"]));
  });
  test("a reply over 64 KiB is given up once, and the next one is read", () => {
    const events = read(`220-start\r\n${`${"x".repeat(98)}\r\n`.repeat(2_000)}220 end\r\n331 go on\r\n`);
    expect(events).toEqual([problem("reply-too-long", "220-start"), reply(331, ["331 go on"])]);
  });
  test("a flood of replies is bounded too", () => {
    const events = read("220 x\r\n".repeat(30_000));
    expect(events.length).toBe(10_001);
    expect(events.at(-1)).toEqual(problem("too-many-lines", "220 x"));
  });
});

describe("the end", () => {
  const table: [string, string, ReadEvent[] | unknown[]][] = [
    ["nothing", "", []],
    ["after a whole reply", "220 hi\r\n", []],
    ["half a line", "220 hi", [reply(220, ["220 hi"], ["unfinished"])]],
    ["half a line end", "220 hi\r", [reply(220, ["220 hi"], ["unfinished"])]],
    ["half a code", "22", [problem("not-a-reply", "22")]],
    ["half a reply", "220-a\r\n b\r\n", [reply(220, ["220-a", " b"], ["unfinished"])]],
    ["half a reply and half a line", "220-a\r\n22", [reply(220, ["220-a", "22"], ["unfinished"])]],
    ["a last line without end", "220-a\r\n220 b", [reply(220, ["220-a", "220 b"], ["unfinished"])]],
    ["the first line without end", "220-a", [reply(220, ["220-a"], ["unfinished"])]],
    ["CR alone as line end", "220-a\r220 b\r", [reply(220, ["220-a\r220 b"], ["bare-cr", "unfinished"])]],
    ["blanks", "  \r\n ", []],
    ["a line too long", "x".repeat(9_000), []],
    [
      "another code inside",
      "220-a\r\n230 b\r\n",
      [reply(220, ["220-a", "230 b"], ["continuation-code-differs", "unfinished"])],
    ],
  ];
  test.each(table)("%s", (_name, text, expected) => {
    const reader = new ReplyReader();
    reader.push(utf8(text));
    expect(reader.end()).toEqual(expected);
    expect(reader.pending).toBe(false);
    expect(reader.end()).toEqual([]);
    expect(reader.push(utf8("331 x\r\n"))).toEqual([reply(331, ["331 x"])]);
  });
  test("pending says whether something has begun", () => {
    const reader = new ReplyReader();
    expect(reader.pending).toBe(false);
    reader.push(utf8("2"));
    expect(reader.pending).toBe(true);
    reader.push(utf8("20-a\r\n"));
    expect(reader.pending).toBe(true);
    reader.push(utf8("220 b\r\n"));
    expect(reader.pending).toBe(false);
  });
});

/** A small seeded generator (mulberry32), so that a failure can be repeated. */
function randomness(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PIECES = [
  "220",
  "220-",
  "220 ",
  "211",
  "331 go",
  "500-",
  "\r\n",
  "\r\n",
  "\n",
  "\r",
  "\0",
  " ",
  "x",
  "é",
  "\xff",
  "\xff\xfb\x01",
];
const LONG_PIECES = ["y".repeat(300), "z".repeat(8_190), "z".repeat(8_193), "w\r\n".repeat(400)];

function hostileBytes(random: () => number): Uint8Array {
  const from = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const parts: Uint8Array[] = [];
  for (let count = Math.floor(random() * 60); count > 0; count -= 1) {
    const kind = random();
    if (kind < 0.85) parts.push(random() < 0.8 ? latin1(from(PIECES)) : utf8(from(PIECES)));
    else if (kind < 0.9) parts.push(latin1(from(LONG_PIECES)));
    else parts.push(Uint8Array.from({ length: Math.floor(random() * 40) }, () => Math.floor(random() * 256)));
  }
  return Uint8Array.from(Buffer.concat(parts));
}

function inChunks(bytes: Uint8Array, size: () => number): ReadEvent[] {
  const reader = new ReplyReader();
  const events: ReadEvent[] = [];
  for (let from = 0; from < bytes.length; ) {
    const to = from + Math.max(1, Math.floor(size()));
    // A copy that is wiped afterwards: the reader must not keep the caller's buffer.
    const chunk = bytes.slice(from, to);
    events.push(...reader.push(chunk));
    chunk.fill(0x58);
    from = to;
  }
  events.push(...reader.end());
  return events;
}

describe("fuzz", () => {
  test("how the bytes are cut never changes the result, and every result keeps the limits", () => {
    for (let seed = 1; seed <= 200; seed += 1) {
      const random = randomness(seed);
      const bytes = hostileBytes(random);
      const whole = inChunks(bytes, () => bytes.length);
      expect(
        inChunks(bytes, () => 1),
        `seed ${seed}`,
      ).toEqual(whole);
      expect(
        inChunks(bytes, () => random() * 20),
        `seed ${seed}`,
      ).toEqual(whole);
      expect(
        inChunks(bytes, () => random() * 5_000),
        `seed ${seed}`,
      ).toEqual(whole);
      for (const event of whole) {
        if (event.kind === "problem") expect(event.text.length).toBeLessThanOrEqual(256);
        else {
          expect(event.reply.lines.join("\r\n").length).toBeLessThanOrEqual(2_048);
          expect(event.reply.code).toBeGreaterThanOrEqual(100);
          expect(new Set(event.reply.oddities).size).toBe(event.reply.oddities.length);
        }
      }
    }
  });

  test.each<[string, string]>([
    ["one endless line", "x"],
    ["one endless line of NUL", "\0"],
    ["one endless line of TELNET commands", "\xff\xfd\x01"],
    ["an endless reply", "220-x\r\n"],
    ["endless line ends", "\r\n"],
    ["endless replies", "220 x\r\n"],
    ["endless noise", "noise\n"],
  ])("%s: little is kept, and the work is linear", (_name, piece) => {
    const chunk = latin1(piece.repeat(Math.ceil(1_000_000 / piece.length)));
    const reader = new ReplyReader();
    let events = 0;
    let characters = 0;
    for (let round = 0; round < 5; round += 1) {
      for (const event of reader.push(chunk)) {
        events += 1;
        characters += event.kind === "problem" ? event.text.length : event.reply.lines.join("").length;
      }
    }
    // Work that grew with the square would take longer than any test may.
    for (const byte of chunk.subarray(0, 200_000)) reader.push(Uint8Array.of(byte));
    reader.end();
    expect(events).toBeLessThanOrEqual(10_040);
    expect(characters).toBeLessThanOrEqual(100_000);
  });
});
