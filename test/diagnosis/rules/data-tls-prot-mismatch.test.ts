import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "data-tls-prot-mismatch";
const PEER = "203.0.113.5";
const REFUSED = "536 PROT P not supported";
const skipped = { status: "skipped", note: "the server did not agree to protect data connections (PROT P)" } as const;

describe(ID, () => {
  it("fires where PROT P is refused: a warning beside clear text, an error where TLS is required", () => {
    const probe = () =>
      probeOf(PEER)
        .login()
        .works("epsv", "pasv")
        .control()
        .secure({ prot: REFUSED })
        .login()
        .passive("epsv", skipped)
        .passive("pasv", skipped);
    const report = expectCauses(probe(), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "certain",
      at: "server-config",
      args: { refused: true, reply: REFUSED },
    });
    const required = expectCauses(probe().policy({ required: ["tls"] }), [ID]);
    expect(findingOf(required, ID).severity).toBe("error");
    expect(required.verdict).toBe("broken");
  });

  it("names the listing that came after PROT C", () => {
    const report = expectCauses(
      probeOf(PEER)
        .secure({ prot: REFUSED })
        .login()
        .passive("epsv", skipped)
        .matrix("TLSv1.3", [{ what: "prot-c" }]),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", args: { protC: true } });
    expect(report.verdict).toBe("broken");
  });

  it("fires where clear text comes although PROT P was accepted", () => {
    const report = expectCauses(
      probeOf(PEER)
        .secure()
        .login()
        .passive("epsv", {
          transfer: { data: "tls-failed", bytes: 0, tls: { outcome: "protocol-error", foreign: "-rw-r--r-- 1 ftp" } },
        }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", args: { refused: false, modes: ["epsv"] } });
  });

  it("does not call clear text what nobody can read", () => {
    const bytes = "\x8a\x1f\x00\x9c\x7f\x01\xfe\x03\x99\x88";
    const garbled = (foreign: string) =>
      probeOf(PEER)
        .secure()
        .login()
        .passive("epsv", {
          transfer: { data: "tls-failed", bytes: 0, tls: { outcome: "protocol-error", foreign } },
        });
    const report = expectCauses(garbled(bytes), [ID]);
    const finding = findingOf(report, ID);
    expect(finding).toMatchObject({ severity: "error", confidence: "likely", at: "unknown" });
    expect(finding.title).toMatch(/^What comes over data connections is no TLS/);
    expect(finding.summary).toContain("EPSV is neither TLS nor text: it begins with 8a 1f 00 9c 7f 01 fe 03 … (hex)");
    expect(finding.seen[0]).toContain("neither TLS nor text; first bytes (hex): 8a 1f 00 9c 7f 01 fe 03 …");
    const all = JSON.stringify({ ...finding, title: "" });
    expect(all).not.toMatch(/clear text|in clear|without TLS/i);
    // Of two kinds the one that can be read is told.
    const both = garbled("drwxr-xr-x 2 ftp ftp 4096 Jan 1 pub").passive("pasv", {
      transfer: { data: "tls-failed", bytes: 0, tls: { outcome: "protocol-error", foreign: bytes } },
    });
    expect(findingOf(expectCauses(both, [ID]), ID).summary).toContain("sends in clear");
  });

  it("fires where PROT P is not answered: certain where a session without it lists", () => {
    const deaf = () => probeOf(PEER).secure({ protOutcome: "timed-out" }).login().passive("epsv", skipped);
    const report = expectCauses(deaf(), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      severity: "error",
      confidence: "likely",
      at: "server-host",
      args: { unanswered: true, command: "PROT P", protC: false },
    });
    expect(report.verdict).toBe("broken");
    const compared = expectCauses(deaf().matrix("TLSv1.3", [{ what: "prot-c" }]), [ID]);
    expect(findingOf(compared, ID)).toMatchObject({ confidence: "certain", rivals: [], args: { protC: true } });
  });

  it("takes a connection that ends at PROT P for its work only where a session without it goes on", () => {
    const cut = () => probeOf(PEER).secure({ protOutcome: "closed" }).login().passive("epsv", skipped);
    expectCauses(cut(), ["ctl-closed-mid-session"]);
    const compared = expectCauses(cut().matrix("TLSv1.3", [{ what: "prot-c" }]), [ID]);
    expect(findingOf(compared, ID).summary).toContain("ends the connection at PROT P");
  });

  it("does not speak of a run that was stopped there", () => {
    const report = expectCauses(
      probeOf(PEER).secure({ protOutcome: "cancelled" }).login().passive("epsv", skipped),
      [],
    );
    expect(checkOf(report, ID).status).not.toBe("present");
  });

  it("does not fire where PROT P is accepted and kept, nor applies in clear", () => {
    expect(checkOf(expectCauses(probeOf(PEER).secure().login().works("epsv"), []), ID).status).toBe("absent");
    expect(checkOf(expectCauses(probeOf(PEER).works("epsv"), []), ID).status).toBe("not-applicable");
  });
});
