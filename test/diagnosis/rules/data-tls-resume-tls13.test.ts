import { describe, expect, it } from "vitest";
import { probeOf, type TransferSketch } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "data-tls-resume-tls13";
const PEER = "203.0.113.5";
const REFUSED: TransferSketch = {
  replies: ["150 Go.", "522 SSL connection failed; session reuse required"],
  data: "closed",
  bytes: 0,
  tls: { resumed: false, offeredSession: true },
};
const underTls = () => probeOf(PEER).secure().login();

describe(ID, () => {
  it("fires where TLS 1.3 never resumes and TLS 1.2 always does, in place of the demand to resume", () => {
    const report = expectCauses(
      underTls()
        .passive("epsv", { transfer: REFUSED })
        .passive("pasv", { transfer: REFUSED })
        .matrix("TLSv1.3", [
          { what: "resume-1", transfer: REFUSED },
          { what: "resume-2", transfer: REFUSED },
        ])
        .matrix("TLSv1.2", [{ what: "resume-1" }, { what: "resume-2" }, { what: "no-resume", transfer: REFUSED }]),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({
      severity: "error",
      confidence: "certain",
      args: { never: true, tls12: true, modes: ["epsv", "pasv"] },
    });
    expect(checkOf(report, "data-tls-session-reuse-required").note).toBe(`covered by ${ID}`);
  });

  it("fires where no session was left to try TLS 1.3 again, and names the ticket that never came", () => {
    const without: TransferSketch = { ...REFUSED, tls: { resumed: false, offeredSession: false } };
    const report = expectCauses(
      underTls()
        .passive("epsv", { transfer: without })
        .passive("pasv", { transfer: without })
        .matrix("TLSv1.2", [{ what: "resume-1" }, { what: "no-resume", transfer: REFUSED }]),
      [ID],
    );
    const { confidence, args, explanation } = findingOf(report, ID);
    expect({ confidence, args }).toMatchObject({ confidence: "certain", args: { never: true, ticketless: true } });
    expect(explanation).toContain("gave no ticket");
  });

  it("explains a session that was cut before the refusal was heard", () => {
    const cut: TransferSketch = { ...REFUSED, replies: ["150 Go."], outcome: "reset" };
    const report = expectCauses(
      underTls()
        .passive("epsv", { transfer: REFUSED })
        .passive("pasv", { transfer: cut })
        .matrix("TLSv1.2", [{ what: "resume-1" }, { what: "no-resume", transfer: REFUSED }]),
      [ID],
    );
    expect(findingOf(report, "ctl-closed-mid-session").role).toBe("consequence");
  });

  it("fires where the first transfer of a session arrives and the second is refused", () => {
    const report = expectCauses(underTls().works("epsv").passive("pasv", { transfer: REFUSED }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "likely",
      args: { modes: ["pasv"] },
    });
  });

  it("says of tickets that serve once no more than a note", () => {
    const report = expectCauses(
      underTls()
        .works("epsv", "pasv")
        .matrix("TLSv1.3", [{ what: "resume-1" }, { what: "resume-2" }, { what: "same-ticket", transfer: REFUSED }]),
      [],
    );
    expect(checkOf(report, ID)).toMatchObject({ status: "absent", note: expect.stringContaining("one connection") });
  });

  it("does not fire where both versions fail, or all transfers arrive", () => {
    const both = expectCauses(
      underTls()
        .passive("epsv", { transfer: REFUSED })
        .matrix("TLSv1.3", [{ what: "resume-1", transfer: REFUSED }])
        .matrix("TLSv1.2", [{ what: "resume-1", transfer: REFUSED }]),
      ["data-tls-session-reuse-required"],
    );
    expect(checkOf(both, ID).status).toBe("absent");
    expectCauses(
      underTls()
        .works("epsv")
        .matrix("TLSv1.3", [{ what: "resume-1" }, { what: "same-ticket" }]),
      [],
    );
  });

  it("cannot tell where the versions were not compared, and does not apply in clear", () => {
    const report = expectCauses(underTls().passive("epsv", { transfer: REFUSED }), ["data-tls-session-reuse-required"]);
    expect(checkOf(report, ID).status).toBe("undetermined");
    expect(checkOf(expectCauses(probeOf(PEER).works("epsv"), []), ID).status).toBe("not-applicable");
  });
});
