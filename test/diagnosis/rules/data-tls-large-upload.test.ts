import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { type EvidenceBuilder, probeOf, type TransferSketch } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "data-tls-large-upload";
const PEER = "203.0.113.5";
const file = (sizeBytes: number, transfer?: TransferSketch) => ({
  sizeBytes,
  transfer: { bytes: sizeBytes, ...transfer },
});
const hangs: TransferSketch = { replies: ["150 Go."], outcome: "timed-out", data: "timed-out" };
const small = [500, 1300, 4000, 12_000].map((size) => file(size));
const upload = (probe: EvidenceBuilder, last: TransferSketch | undefined, sizeBytes = 20_000) =>
  probe.ladder("upload", [...small, file(sizeBytes, last)]);

describe(ID, () => {
  it("fires where 12 kB arrive and 20 kB hang under TLS, and in clear they do not", () => {
    const clear = upload(probeOf(PEER).policy({ writeDirectory: "/in" }).login().works("epsv"), undefined);
    const report = expectCauses(upload(clear.control().secure().login().works("epsv"), hangs), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "likely",
      at: "tls",
      args: { passedBytes: 12_000, failedBytes: 20_000, compared: true },
    });
    expect(checkOf(report, "data-pmtu-blackhole").note ?? "").toContain(ID);
  });

  it("fires where the server reports a broken upload, and is an error where uploads are required", () => {
    const broken: TransferSketch = {
      replies: ["150 Go.", "451 Error during read from data connection"],
      data: "ok",
    };
    const report = expectCauses(
      upload(
        probeOf(PEER)
          .policy({ required: ["passive", "upload"] })
          .secure()
          .login()
          .works("epsv"),
        broken,
      ),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "possible" });
  });

  it("does not fire where it breaks in clear as well, at the length of a packet, or for want of room", () => {
    const both = upload(probeOf(PEER).login().works("epsv"), hangs);
    expectCauses(upload(both.control().secure().login().works("epsv"), hangs), ["data-pmtu-blackhole"]);
    expectCauses(
      probeOf(PEER)
        .secure()
        .login()
        .works("epsv")
        .ladder("upload", [file(500), file(1_300), file(4_000, { ...hangs, bytes: 1_400 })]),
      ["data-pmtu-blackhole"],
    );
    const full: TransferSketch = { replies: ["150 Go.", "552 Disk full - please upload later"], data: "ok" };
    expectCauses(upload(probeOf(PEER).secure().login().works("epsv"), full), ["data-aborted-by-server"]);
  });

  it("leaves files that are stored short at every size to the general reading", () => {
    const evidence = upload(probeOf(PEER).secure().login().works("epsv"), undefined).build();
    for (const record of evidence.experiments) {
      if (record.experiment !== "ladder") continue;
      for (const step of record.steps) step.storedBytes = (step.sizeBytes ?? 0) - 1;
    }
    const report = diagnose(evidence);
    expect(report.findings.map(({ id }) => id)).toEqual(["mode-unexplained"]);
    expect(findingOf(report, "mode-unexplained")).toMatchObject({
      severity: "warning",
      title: "Uploads are not stored whole",
      summary: `Every file sent to ${report.target.host} is stored with another length, 499 bytes of 500 bytes, though it was confirmed.`,
      seen: expect.arrayContaining([expect.stringContaining("500 bytes of 500 bytes sent, 499 bytes stored")]),
    });
  });

  it("leaves files that come short in clear as well to the general reading", () => {
    const short = (probe: EvidenceBuilder) => probe.ladder("download", [file(500), file(1_000_000, { bytes: 65_536 })]);
    const report = expectCauses(short(probeOf(PEER).login().works("epsv")), ["mode-unexplained"]);
    expect(findingOf(report, "mode-unexplained")).toMatchObject({
      severity: "warning",
      title: "A download is shorter than the file",
      seen: [expect.stringContaining("of 1 MB received")],
    });
    // A log that grew meanwhile is none.
    const grown = probeOf(PEER)
      .login()
      .works("epsv")
      .ladder("download", [file(500, { bytes: 600 })]);
    expectCauses(grown, []);
  });

  it("fires where small files are stored whole and a long one is not", () => {
    const evidence = upload(probeOf(PEER).secure().login().works("epsv"), undefined).build();
    for (const record of evidence.experiments) {
      if (record.experiment !== "ladder") continue;
      for (const step of record.steps) step.storedBytes = step.sizeBytes === 20_000 ? 0 : step.sizeBytes;
    }
    expect(diagnose(evidence).findings.map(({ id }) => id)).toEqual([ID]);
  });

  describe("of downloads", () => {
    const download = (probe: EvidenceBuilder, last: TransferSketch | undefined) =>
      probe.ladder("download", [...small, file(20_000, last)]);
    const both = (clear: TransferSketch | undefined, tls: TransferSketch | undefined) => {
      const first = download(probeOf(PEER).policy({ tlsMatrix: true }).login().works("epsv"), clear);
      return download(first.control().secure().login().works("epsv"), tls);
    };
    const aborted: TransferSketch = { replies: ["150 Go.", "426 Failure writing network stream."], bytes: 16_384 };

    it.each([
      ["hang", { ...hangs, bytes: 16_384 }],
      ["break off", aborted],
      ["come short", { bytes: 16_384 }],
      ["come empty", { bytes: 0 }],
    ] as [string, TransferSketch][])("fires where long ones %s under TLS, and arrive in clear", (_name, last) => {
      const report = expectCauses(both(undefined, last), [ID]);
      expect(findingOf(report, ID)).toMatchObject({
        severity: "warning",
        confidence: "likely",
        title: "Downloads under TLS break at about 16 kB",
        args: { direction: "download", passedBytes: 12_000, failedBytes: 20_000 },
      });
    });

    it("fires under TLS alone only where packets of full size have passed in the one that stands still", () => {
      const alone = (last: TransferSketch) => download(probeOf(PEER).secure().login().works("epsv"), last);
      expectCauses(alone({ ...hangs, bytes: 16_384 }), [ID]);
      expectCauses(alone({ ...hangs, bytes: 0 }), ["data-pmtu-blackhole"]);
      expectCauses(alone(aborted), ["data-aborted-by-server"]);
    });

    it("does not fire where clear text breaks as well, or where we had enough of a long file", () => {
      expectCauses(both(aborted, aborted), ["data-aborted-by-server"]);
      const enough: TransferSketch = { data: "protocol-error", bytes: 1_500_000 };
      const long = [file(500), file(4_000), { sizeBytes: 50_000_000, transfer: enough }];
      expectCauses(probeOf(PEER).secure().login().works("epsv").ladder("download", long), []);
    });
  });

  it("does not apply where nothing was written under TLS", () => {
    expect(checkOf(expectCauses(probeOf(PEER).works("epsv"), []), ID).status).toBe("not-applicable");
    const report = expectCauses(upload(probeOf(PEER).secure().login().works("epsv"), undefined), []);
    expect(checkOf(report, ID).status).toBe("absent");
  });
});
