import { describe, expect, test } from "vitest";
import { defaultOptions, policyOf } from "../../src/engine/options.ts";
import { Recorder } from "../../src/engine/recorder.ts";
import type { ResolveRecord, SessionRecord } from "../../src/model/evidence.ts";
import { Secret } from "../../src/model/secret.ts";
import { createClock } from "../../src/system/clock.ts";
import { virtualTime } from "../support/sim-clock.ts";

function recorder(...secrets: string[]) {
  const clock = createClock(virtualTime(new Date("2024-05-01T12:00:00Z")));
  return {
    clock,
    recorder: new Recorder(
      clock,
      secrets.map((value) => new Secret(value)),
    ),
  };
}

function session(): SessionRecord {
  return {
    id: "session-1",
    address: "203.0.113.5",
    port: 21,
    protection: "clear",
    local: null,
    ended: null,
    unexpected: [],
    transcript: [],
  };
}

const ABOUT = {
  tool: { name: "ftp-doctor", version: "0" },
  target: { input: "h", host: "h", port: 21, security: "auto", user: null, path: null },
  client: { platform: "linux", addresses: ["198.51.100.10"] },
  policy: policyOf(defaultOptions),
  stoppedBy: null,
} satisfies Parameters<Recorder["evidence"]>[0];

describe("the funnel", () => {
  test("hides a secret wherever it stands", () => {
    const { recorder: funnel } = recorder("s3cret!");
    expect(funnel.redact("s3cret! and s3cret!s3cret!")).toBe("[secret] and [secret][secret]");
  });

  test("takes a secret for text, not for a pattern", () => {
    expect(recorder("a.c$&").recorder.redact("abc a.c$& $1")).toBe("abc [secret] $1");
  });

  test.each(["secret", "[secret]", "ecr", "[se"])(
    "does not hide what is hidden already, where the secret is %s",
    (word) => {
      const { recorder: funnel } = recorder(word);
      expect(funnel.redact("PASS [secret]")).toBe("PASS [secret]");
      expect(funnel.redact(funnel.redact(`x ${word} y`))).toBe("x [secret] y");
    },
  );

  test("leaves secrets alone that are too short to tell from text", () => {
    expect(recorder("22").recorder.redact("229 on port 22")).toBe("229 on port 22");
  });

  test("hides the bytes of a secret shown as latin1 too", () => {
    expect(recorder("geheimß").recorder.redact("geheimß geheim\xc3\x9f")).toBe("[secret] [secret]");
  });

  test("hides the beginning of a secret where a text was cut off in it", () => {
    const { recorder: funnel } = recorder("s3cret!");
    expect(funnel.redact("it is s3cre", true)).toBe("it is [secret]");
    expect(funnel.redact("it is s3cre")).toBe("it is s3cre");
    expect(funnel.redact("it is s3", true)).toBe("it is s3");
  });

  test("lets text through where there is no secret", () => {
    expect(recorder().recorder.redact("anything", true)).toBe("anything");
  });
});

describe("a transcript", () => {
  test("hides secrets and keeps what was hidden by position", () => {
    const { recorder: funnel } = recorder("PASS");
    const log = session();
    funnel.line(log, "sent", "PASS [secret]");
    funnel.line(log, "received", "530 PASS PASS is wrong");
    expect(log.transcript.map(({ text }) => text)).toEqual(["PASS [secret]", "530 [secret] [secret] is wrong"]);
  });

  test("is cut, with a note that it was", () => {
    const { recorder: funnel } = recorder();
    const log = session();
    for (let line = 0; line < 1_000; line += 1) funnel.line(log, "received", `line ${line}`);
    expect(log.transcript).toHaveLength(401);
    expect(log.transcript.at(-1)).toMatchObject({
      direction: "note",
      text: "the rest of this conversation was not kept",
    });
  });
});

describe("the evidence", () => {
  test("is a copy of what is known", () => {
    const { recorder: funnel } = recorder();
    const record: ResolveRecord = {
      id: funnel.nextId("resolve"),
      experiment: "resolve",
      startedMs: 0,
      durationMs: 0,
      status: "done",
      note: null,
      host: "h",
      family: "ipv4",
      outcome: "cancelled",
      code: null,
      addresses: [],
    };
    const log = session();
    funnel.add(record);
    funnel.addSession(log);
    const evidence = funnel.evidence(ABOUT);
    record.outcome = "ok";
    record.addresses.push("203.0.113.5");
    funnel.line(log, "sent", "QUIT");
    expect(evidence.experiments).toMatchObject([{ outcome: "cancelled", addresses: [] }]);
    expect(evidence.sessions).toMatchObject([{ transcript: [] }]);
    expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence);
  });

  test("begins with the recorder and lasts to the last event", async () => {
    const { recorder: funnel, clock } = recorder();
    await clock.sleep(1_234.56);
    expect(funnel.now()).toBe(1_234.6);
    await clock.sleep(500);
    const evidence = funnel.evidence(ABOUT);
    expect(evidence).toMatchObject({ startedAt: "2024-05-01T12:00:00.000Z", durationMs: 1_234.6, evidenceVersion: 1 });
  });

  test("numbers the records of each kind", () => {
    const { recorder: funnel } = recorder();
    expect([funnel.nextId("passive"), funnel.nextId("active"), funnel.nextId("passive")]).toEqual([
      "passive-1",
      "active-1",
      "passive-2",
    ]);
  });
});
