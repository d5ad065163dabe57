import { describe, expect, it } from "vitest";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import type { TlsVersion } from "../../src/model/evidence.ts";
import type { Report } from "../../src/model/report.ts";
import { askedLines } from "../../src/reporters/asked-lines.ts";
import { message } from "../../src/reporters/message.ts";
import { table } from "../../src/reporters/table.ts";
import { type EvidenceBuilder, probeOf } from "../support/evidence.ts";
import { runOf } from "../support/report.ts";

const PEER = "203.0.113.5";
const OPTIONS = { color: false, width: 80, verbose: false, quiet: false, clients: false };
const lines = (probe: EvidenceBuilder) => askedLines(diagnose(probe.build()), 200);
const file = (sizeBytes: number) => ({ sizeBytes, transfer: { bytes: sizeBytes } });
const writing = () => probeOf(PEER).policy({ writeDirectory: "/in" }).login().works("epsv");

/** The report of an upload whose only file could not be deleted. */
function leaving(): Report {
  const report = diagnose(
    writing()
      .ladder("upload", [file(500)])
      .build(),
  );
  for (const record of report.evidence.experiments) {
    if (record.experiment !== "ladder") continue;
    record.note = "/file-500 may have been left behind: it could not be deleted";
    for (const step of record.steps) Object.assign(step, { deleted: false, leftBehind: true, storedBytes: 500 });
  }
  return report;
}

describe("what was asked for beside the modes", () => {
  it("is one line each where it went well", () => {
    expect(lines(writing().ladder("upload", [500, 1_400, 1_000_000].map(file)))).toEqual([
      "Upload    3 files of 500 bytes to 1 MB arrived over EPSV   deleted again",
    ]);
    expect(lines(probeOf(PEER).policy({ holdSeconds: 300 }).login().works("epsv").hold())).toEqual([
      "Hold      idle for 5 min   the connection lived on",
    ]);
    const sampled = probeOf(PEER).policy({ samples: 3 }).login().works("epsv");
    const [line] = lines(sampled.offers("epsv", "one-by-one", [{}, {}, {}]));
    expect(line).toMatch(/^Samples {3}3 offers of EPSV {3}ports \d+ to \d+ {3}all opened$/);
  });

  it("tells of files that were read with --tls-matrix alone, and how both went where both were tried", () => {
    const read = (last = file(20_000)) => [{ sizeBytes: null, transfer: { bytes: 70 } }, file(500), last];
    const all = (probe: EvidenceBuilder, last = file(20_000)) =>
      probe
        .login()
        .works("epsv")
        .ladder("download", read())
        .control()
        .secure()
        .login()
        .works("epsv")
        .ladder("download", read(last));
    const asked = probeOf(PEER).policy({ tlsMatrix: true });
    expect(lines(all(asked, { sizeBytes: 20_000, transfer: { bytes: 16_384 } }))).toEqual([
      "Download  in clear   2 files of 500 bytes to 20 kB arrived over EPSV",
      expect.stringMatching(
        /^Download {2}under TLS {3}1 file of 500 bytes arrived over EPSV {3}one of 20 kB did not: 16 kB came, "226/,
      ),
    ]);
    expect(lines(all(probeOf(PEER)))).toEqual([]);
    const empty = probeOf(PEER).policy({ tlsMatrix: true }).login().works("epsv");
    expect(lines(empty.ladder("download", read().slice(0, 1)))).toEqual(["Download  nothing was found to read"]);
  });

  it("says what failed of it", () => {
    const failing = writing().ladder("upload", [
      file(500),
      { sizeBytes: 20_000, transfer: { bytes: 20_000, replies: ["150 Go.", "451 Broken."] } },
    ]);
    expect(lines(failing).join()).toMatch(
      /1 file of 500 bytes arrived over EPSV {3}one of 20 kB did not: "?451 Broken\./,
    );
    const idle = { said: null, ended: "reset" as const, exchange: null };
    expect(lines(probeOf(PEER).login().works("epsv").hold(idle)).join()).toContain("then connection reset");
    const closed = probeOf(PEER).policy({ samples: 2 }).login().works("epsv");
    expect(lines(closed.offers("epsv", "one-by-one", [{}, { dial: "timed-out" }])).join()).toContain(
      "1 of 2 opened   1 no answer",
    );
  });

  it("says nothing of offers that were made because something failed", () => {
    const followed = probeOf(PEER).login().passive("pasv", { dial: "timed-out" });
    expect(lines(followed.offers("pasv", "one-by-one", [{ dial: "timed-out" }]))).toEqual([]);
  });
});

describe("a file that was left behind", () => {
  it("is named in the table with what deletes it", () => {
    const text = table.render(runOf(leaving()), OPTIONS);
    expect(text.replaceAll(/\s+/g, " ")).toContain("To delete by hand - /file-500: the upload test wrote this file");
    expect(text).toContain("DELE /file-500");
  });

  it("is named in the message, also where nothing else is to be told, and without the login", () => {
    expect(message.render(runOf(leaving()), OPTIONS)).toMatch(/To delete by hand:\n\/file-500: /);
    const report = leaving();
    const named = JSON.parse(
      JSON.stringify({ ...report, target: { ...report.target, user: "web1" } }).replaceAll("/file-500", "/home/web1/f"),
    ) as Report;
    expect(message.render(runOf(named), OPTIONS)).toContain("/home/LOGIN/f: ");
  });

  it("is no matter where every file was deleted", () => {
    const report = diagnose(
      writing()
        .ladder("upload", [file(500)])
        .build(),
    );
    expect(table.render(runOf(report), OPTIONS)).not.toContain("by hand");
  });
});

describe("an interrupted run", () => {
  it.each([
    ["deadline", /The deadline of 4 s \(--deadline\) ended the run\. Stopped after \d+ ms: this is what was known/],
    ["user", /interrupted from outside \(Ctrl\+C or another signal\)\. Stopped after \d+ ms: this is what was known/],
    [undefined, /Interrupted after \d+ ms: this is what was known by then\./],
  ] as const)("says once what stopped it: %s", (by, words) => {
    const built = probeOf(PEER).policy({ deadlineMs: 4_000 }).login().works("epsv").interrupted(by);
    const text = table.render(runOf(diagnose(built.build())), OPTIONS).replaceAll(/\s+/g, " ");
    expect(text).toMatch(words);
    expect(text.match(/deadline of|Ctrl/g) ?? []).toHaveLength(by === undefined ? 0 : 1);
  });

  it("says that it was the upload, and not the mode of its data connections", () => {
    const report = diagnose(
      writing()
        .ladder("upload", [file(500)])
        .build(),
    );
    for (const record of report.evidence.experiments) if (record.experiment === "ladder") record.status = "cancelled";
    const text = table.render(runOf({ ...report, complete: false }), OPTIONS).replaceAll(/\s+/g, " ");
    expect(text).toContain("Not finished: upload of growing files.");
  });

  it("names steps before the modes as people do", () => {
    const report = diagnose(probeOf(PEER).secure({ outcome: "cancelled" }).login().works("epsv").build());
    for (const record of report.evidence.experiments) if (record.experiment === "secure") record.status = "cancelled";
    const text = table.render(runOf({ ...report, complete: false }), OPTIONS).replaceAll(/\s+/g, " ");
    expect(text).toContain("Not finished: TLS handshake.");
  });

  it("says plain words for every step, none by its name inside", () => {
    const built = probeOf(PEER).secure().identify(["EPSV"]).login().works("epsv").ccc("200 Fine.", "cancelled").build();
    for (const record of built.experiments) record.status = "cancelled";
    const text = table.render(runOf({ ...diagnose(built), complete: false }), OPTIONS).replaceAll(/\s+/g, " ");
    const [, unfinished = ""] = /Not finished: (.*?)\./.exec(text) ?? [];
    expect(unfinished).toContain("question what the server is (FEAT, SYST)");
    expect(unfinished).toContain("request to protect data connections (PROT P)");
    expect(unfinished).toContain("return to clear text (CCC)");
    expect(unfinished).not.toMatch(/\b(?:identify|secure|ccc|hold|ladder|other-ports|passive|directory|resolve)\b/);
  });
});

describe("what was asked for about TLS", () => {
  const secured = (policy: { tlsMatrix?: boolean; ccc?: boolean }) =>
    probeOf(PEER).policy(policy).secure().login().works("epsv");

  it("is answered also where all went well", () => {
    const went = secured({ ccc: true }).ccc(
      "200 Clearing.",
      "ok",
      "200 Ok",
      "227 Entering Passive Mode (203,0,113,5,156,67).",
    );
    expect(lines(went)).toEqual([
      "CCC       agreed to, and the session went on in clear   a listing over PASV did not arrive",
    ]);
    const matrix = secured({ tlsMatrix: true }).matrix("TLSv1.3", [
      { what: "resume-1" },
      { what: "resume-2" },
      {
        what: "no-resume",
        transfer: { replies: ["150 Here", "425 Session reuse required"], data: "closed", bytes: 0 },
      },
      { what: "prot-c", prot: "200 Fine" },
    ]);
    expect(lines(matrix)).toEqual([
      'Data TLS  EPSV under TLS 1.3   session resumed: all 2 arrive   new session: fails ("425 Session reuse required")   in clear (PROT C): arrives',
    ]);
  });

  it("says what the server said, or that nothing came", () => {
    expect(lines(secured({ ccc: true }).ccc("534 CCC not allowed by policy"))).toEqual([
      'CCC       refused: "534 CCC not allowed by policy"',
    ]);
    expect(lines(secured({ ccc: true }).ccc(null))).toEqual(["CCC       no answer"]);
    expect(lines(secured({ ccc: true }).ccc("200 Clearing.", "ok", null))).toEqual([
      "CCC       agreed to, and then the conversation broke",
    ]);
  });

  it("is left to the finding where a failure gave rise to it", () => {
    expect(lines(secured({}).matrix("TLSv1.3", [{ what: "resume-1" }]))).toEqual([]);
  });

  it("names the versions that are accepted, each once", () => {
    const trial = (version: TlsVersion, weak: boolean, outcome: "ok" | "tls-failed") => ({
      versions: { from: version, to: version },
      weak,
      named: false,
      handshake: { outcome, version },
    });
    const tried = secured({ tlsMatrix: true }).tlsVersions([
      trial("TLSv1.2", false, "ok"),
      trial("TLSv1.3", false, "ok"),
      trial("TLSv1", true, "tls-failed"),
      trial("TLSv1.2", true, "ok"),
    ]);
    expect(lines(tried)).toEqual(["Versions  accepted: TLS 1.2 and TLS 1.3   not accepted: TLS 1.0"]);
  });
});
