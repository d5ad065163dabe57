import { describe, expect, test } from "vitest";
import { filesIn, namesIn, rungsFrom } from "../../src/experiments/known-files.ts";
import { type Act, LISTING, type ServerScript, saying, type Talk } from "./scripted-server.ts";
import { recordsOf, SERVER, sent, stage } from "./stage.ts";

/** A data connection that carries `text` as far as the way lets it: more than a packet's worth is lost. */
async function carry(talk: Talk, text: string, packet = 1_000): Promise<void> {
  const data = await talk.data();
  await talk.say("150 Here it comes");
  if (text.length > packet) return talk.hang();
  await data.write(Buffer.from(text));
  data.close();
  await talk.say("226 Done");
}

const FILES: Record<string, number> = { "small.txt": 500, "page.html": 1_400, "photo.jpg": 20_000, locked: 4_000 };
const LONG = LISTING.repeat(100);

/** A server behind a path that loses what is longer than a packet. */
const shortWay = (packet: number): ServerScript => ({
  LIST: (talk, argument) => carry(talk, argument === "" ? LONG : "", packet),
  NLST: (talk) =>
    carry(
      talk,
      Object.keys(FILES)
        .map((name) => `${name}\r\n`)
        .join(""),
      packet,
    ),
  TYPE: saying("200 Ok"),
  SIZE: (talk, name) => talk.say(FILES[name] === undefined ? "550 No" : `213 ${FILES[name]}`),
  RETR: (talk, name) => (name === "locked" ? talk.say("550 No") : carry(talk, "x".repeat(FILES[name] ?? 0), packet)),
});

describe("downloads of growing size", () => {
  test("follow a stalled listing, from nothing upwards, and end at the first that stalls", async () => {
    const { probe, scripted } = stage();
    await scripted(shortWay(1_000));
    const evidence = await probe({ modes: ["epsv"] });
    const [ladder] = recordsOf(evidence, "ladder");
    expect(ladder).toMatchObject({ direction: "download", mode: "epsv", status: "done", note: null });
    expect(
      ladder?.steps.map(({ what, path, sizeBytes, transfer }) => [what, path, sizeBytes, transfer?.dataOutcome]),
    ).toEqual([
      ["listing", ".ftp-doctor-nothing", null, "ok"],
      ["listing", null, null, "ok"],
      ["file", "small.txt", 500, "ok"],
      ["file", "page.html", 1_400, "timed-out"],
    ]);
    expect(evidence.durationMs).toBeLessThan(28_000);
    expect(evidence.sessions.length).toBeLessThanOrEqual(6);
  });

  test("find their time after two listings of ten silent seconds and an address that cost its dial", async () => {
    const { probe, scripted, world } = stage();
    world.rule({ to: "server", ports: [51_000, 65_535], action: "drop" });
    await scripted({
      ...shortWay(1_000),
      PASV: async (talk) => {
        const port = await talk.offer();
        await talk.say(`227 Entering Passive Mode (10,0,0,2,${port >> 8},${port & 255})`);
      },
    });
    const evidence = await probe({ modes: ["epsv", "pasv"] });
    const [ladder] = recordsOf(evidence, "ladder");
    expect(ladder?.steps.at(-1)?.transfer?.dataOutcome).toBe("timed-out");
    // An unlikely port that drops what comes is waited for meanwhile.
    const [tarpit] = recordsOf(evidence, "other-ports");
    expect(tarpit?.tried.map(({ outcome }) => outcome)).toContain("timed-out");
    expect(ladder?.startedMs).toBeLessThan((tarpit?.startedMs ?? 0) + (tarpit?.durationMs ?? 0));
    expect(evidence.durationMs).toBeLessThan(30_000);
  });

  test("pass over a file that may not be read", async () => {
    const { probe, scripted } = stage();
    await scripted(shortWay(5_000));
    const [ladder] = recordsOf(await probe({ modes: ["epsv"] }), "ladder");
    expect(ladder?.steps.map(({ path }) => path).slice(2)).toEqual(["small.txt", "page.html", "photo.jpg"]);
    expect(ladder?.steps.at(-1)?.transfer?.dataOutcome).toBe("timed-out");
  });

  test("keep nothing of a file", async () => {
    const { probe, scripted } = stage();
    await scripted(shortWay(1_000));
    const evidence = await probe({ modes: ["epsv"] });
    const steps = recordsOf(evidence, "ladder").flatMap(({ steps }) => steps.filter(({ what }) => what === "file"));
    expect(steps.map(({ transfer }) => transfer?.sample)).toEqual(["", ""]);
    expect(steps[0]?.transfer?.bytes).toBe(500);
  });

  test("count a name that nobody has as an empty listing, where a data connection came and went", async () => {
    const { probe, scripted } = stage();
    await scripted({
      ...shortWay(10),
      LIST: async (talk, argument) => {
        if (argument === "") return carry(talk, LONG, 10);
        const data = await talk.data();
        await talk.say("150 Opening");
        data.close();
        await talk.say("450 No such file or directory");
      },
    });
    const [ladder] = recordsOf(await probe({ modes: ["epsv"] }), "ladder");
    expect(ladder?.steps.map(({ path, transfer }) => [path, transfer?.dataOutcome])).toEqual([
      [".ftp-doctor-nothing", "ok"],
      [null, "timed-out"],
    ]);
  });

  test("are not made of a healthy server", async () => {
    const { probe, simulator } = stage();
    await simulator();
    expect(recordsOf(await probe(), "ladder")).toEqual([]);
  });
});

describe("files to read", () => {
  test("are read from the listings of Unix and DOS, whole lines and plain names alone", () => {
    const listing = [
      "total 12",
      "drwxr-xr-x    2 ftp ftp 4096 Jan 15 2024 pub",
      "-rw-r--r--    1 ftp      ftp            65 Jan 15  2024 two words.txt",
      "-rw-r--r--    1 ftp      ftp            66 Jan 15 12:30 b\xe4h.txt",
      "01-15-24  12:30PM       <DIR>          sub",
      "01-15-24  12:30PM                 1400 report.doc",
      "-rw-r--r--    1 ftp      ftp            67 Jan 15  2024 cut-o",
    ].join("\r\n");
    expect(filesIn(listing)).toEqual([
      { path: "two words.txt", sizeBytes: 65 },
      { path: "report.doc", sizeBytes: 1_400 },
    ]);
  });

  test("are named with their directory", () => {
    expect(namesIn("a\r\npub/b\r\n..\r\n", "pub")).toEqual(["pub/a", "pub/b"]);
    expect(namesIn("a\r\ncut", null)).toEqual(["a"]);
  });

  test("are chosen near the sizes wanted, each once, and the largest for the last", () => {
    const files = [300, 450, 1_300, 90_000, 15_000, 30_000_000].map((sizeBytes) => ({
      path: `f${sizeBytes}`,
      sizeBytes,
    }));
    expect(rungsFrom(files).map(({ sizeBytes }) => sizeBytes)).toEqual([450, 1_300, 15_000, 30_000_000]);
    expect(rungsFrom([])).toEqual([]);
  });
});

/** A server that stores, and says what it has. */
function store(bend: ServerScript = {}, limit = Number.POSITIVE_INFINITY) {
  const stored = new Map<string, number>();
  const names = new Set<string>();
  const STOR: Act = async (talk, path) => {
    const data = await talk.data();
    await talk.say("150 Send it");
    names.add(path);
    stored.set(path, 0);
    for (let bytes = 0; ; ) {
      const answer = await data.read(AbortSignal.any([]));
      if (answer.kind !== "data") break;
      bytes += answer.bytes.length;
      stored.set(path, bytes);
      if (bytes > limit) return talk.hang();
    }
    data.close();
    await talk.say("226 Stored");
  };
  const script: ServerScript = {
    TYPE: saying("200 Ok"),
    STOR,
    SIZE: (talk, path) => talk.say(stored.has(path) ? `213 ${stored.get(path)}` : "550 No"),
    DELE: (talk, path) => talk.say(stored.delete(path) ? "250 Gone" : "550 No"),
    ...bend,
  };
  return { script, stored, names };
}

const WRITE = { writeDirectory: "/incoming/", modes: ["epsv" as const] };

describe("uploads of growing size", () => {
  test("are made, measured and taken away again, under names of our own", async () => {
    const { probe, scripted } = stage();
    const { script, stored, names } = store();
    const server = await scripted(script);
    const evidence = await probe(WRITE);
    const [ladder] = recordsOf(evidence, "ladder");
    expect(ladder).toMatchObject({ direction: "upload", mode: "epsv", status: "done", note: null });
    expect(
      ladder?.steps.map(({ sizeBytes, storedBytes, deleted, transfer }) => [
        sizeBytes,
        storedBytes,
        deleted,
        transfer?.dataOutcome,
        transfer?.bytes,
      ]),
    ).toEqual([500, 1_400, 4_000, 20_000, 1_000_000].map((size) => [size, size, true, "ok", size]));
    expect(stored.size).toBe(0);
    for (const name of names) expect(name).toMatch(/^\/incoming\/\.ftp-doctor-[0-9a-f]{12}$/);
    expect(server.commands).toHaveLength(1);
  });

  test("that stall cost the session, and the file is deleted on a fresh one", async () => {
    const { probe, scripted } = stage();
    const { script, stored } = store({}, 3_000);
    await scripted(script);
    const evidence = await probe(WRITE);
    const [ladder] = recordsOf(evidence, "ladder");
    expect(ladder?.steps.map(({ sizeBytes, deleted }) => [sizeBytes, deleted])).toEqual([
      [500, true],
      [1_400, true],
      [4_000, true],
    ]);
    expect(ladder?.steps.at(-1)?.transfer?.dataOutcome).toBe("timed-out");
    expect(stored.size).toBe(0);
    expect(evidence.sessions).toHaveLength(2);
  });

  test("that are refused leave nothing to delete", async () => {
    const { probe, scripted } = stage();
    await scripted(store({ STOR: saying("553 Could not create file.") }).script);
    const evidence = await probe(WRITE);
    expect(recordsOf(evidence, "ladder")[0]?.steps).toMatchObject([{ deleted: null, transfer: { bytes: 0 } }]);
    expect(sent(evidence).some((line) => line.startsWith("DELE"))).toBe(false);
  });

  test("that cannot be deleted are the last, and the record says where the file is", async () => {
    const { probe, scripted } = stage();
    await scripted(store({ DELE: saying("550 Permission denied.") }).script);
    const [ladder] = recordsOf(await probe(WRITE), "ladder");
    expect(ladder?.steps).toMatchObject([{ deleted: false, storedBytes: 500, leftBehind: true }]);
    expect(ladder?.note).toMatch(/^\/incoming\/\.ftp-doctor-\w+ may have been left behind/);
  });

  test("are taken away where the run is stopped in the middle", async () => {
    const { probe, scripted } = stage();
    const stop = new AbortController();
    const storing = store();
    const STOR: Act = async (talk, path) => {
      stop.abort();
      await storing.script["STOR"]?.(talk, path);
    };
    await scripted({ ...storing.script, STOR });
    const evidence = await probe(WRITE, { signal: stop.signal });
    expect(evidence.complete).toBe(false);
    expect(recordsOf(evidence, "ladder")[0]?.steps).toMatchObject([{ deleted: true }]);
    expect(storing.stored.size).toBe(0);
  });

  test("are not made where no passive mode works, which the record says", async () => {
    const { probe, scripted } = stage();
    await scripted({ EPSV: saying("502 No") });
    const [ladder] = recordsOf(await probe(WRITE, {}, SERVER), "ladder");
    expect(ladder).toMatchObject({ status: "skipped", note: expect.stringContaining("no passive mode") });
  });
});
