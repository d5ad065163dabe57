import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "ctl-dns";

describe(ID, () => {
  it("is certain where the name does not exist", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").resolve([], "not-found", "ENOTFOUND").resolve([], "not-found", "ENOTFOUND", "ipv6"),
      [ID],
    );
    expect(report.verdict).toBe("broken");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "critical",
      confidence: "certain",
      at: "dns",
      summary: "The host name ftp.example.com does not exist in DNS.",
      seen: ["ftp.example.com A: not found (ENOTFOUND)", "ftp.example.com AAAA: not found (ENOTFOUND)"],
      evidence: ["resolve-1", "resolve-2"],
    });
  });

  it("tells a name without a record of the kind from one that does not exist", () => {
    const report = expectCauses(probeOf("203.0.113.5").resolve([], "not-found", "ENODATA", "ipv6"), [ID]);
    expect(findingOf(report, ID).summary).toBe("The host name ftp.example.com has no IPv6 address in DNS.");
  });

  it("is only likely where the resolver failed", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").resolve([], "lookup-failed", "SERVFAIL").resolve([], "not-found", "ENODATA", "ipv6"),
      [ID],
    );
    expect(findingOf(report, ID).confidence).toBe("likely");
    expect(findingOf(report, ID).rivals.map(({ cause }) => cause)).toEqual([
      "this machine's network or resolver is down",
    ]);
  });

  it("does not fire where one family has an address", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").resolve(["203.0.113.5"]).resolve([], "not-found", "ENODATA", "ipv6").works("epsv"),
      [],
    );
    expect(checkOf(report, ID).status).toBe("absent");
    expect(report.verdict).toBe("healthy");
  });

  it("does not apply to an address", () => {
    const report = expectCauses(probeOf("203.0.113.5", "203.0.113.5").works("epsv"), []);
    expect(checkOf(report, ID).status).toBe("not-applicable");
  });

  it("cannot tell where a look-up was stopped, or where there is no network to ask over", () => {
    const stopped = expectCauses(
      probeOf("203.0.113.5").interrupted().resolve([], "not-found", "ENODATA", "ipv6").resolve([], "cancelled"),
      [],
    );
    expect(checkOf(stopped, ID).status).toBe("undetermined");
    expect(stopped.verdict).toBe("undetermined");
    const offline = expectCauses(
      probeOf("203.0.113.5").client({ addresses: [] }).resolve([], "lookup-failed", "ECONNREFUSED"),
      [],
    );
    expect(checkOf(offline, ID).status).toBe("undetermined");
    expect(offline.verdict).toBe("undetermined");
  });

  it("cannot tell where no name was looked up", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").works("epsv"), []), ID).status).toBe("undetermined");
  });
});

describe("a resolver that is not heard", () => {
  it("says nothing of the host: the verdict is undetermined, and this machine's resolver is to be mended", () => {
    const report = diagnose(
      probeOf("203.0.113.5")
        .resolve([], "timed-out", null, "ipv4")
        .resolve([], "lookup-failed", "ETIMEOUT", "ipv6")
        .build(),
    );
    expect(report.verdict).toBe("undetermined");
    expect(report.summary).toContain("resolver of this machine does not answer");
    expect(report.findings[0]).toMatchObject({ id: "ctl-dns", at: "client" });
    expect(report.findings[0]?.remedies[0]?.commands).toContain("cat /etc/resolv.conf");
  });

  it("is told from one that answers with a failure", () => {
    const report = diagnose(
      probeOf("203.0.113.5")
        .resolve([], "lookup-failed", "ESERVFAIL", "ipv4")
        .resolve([], "lookup-failed", "ESERVFAIL", "ipv6")
        .build(),
    );
    expect(report.verdict).toBe("broken");
    expect(report.findings[0]).toMatchObject({ id: "ctl-dns", at: "dns" });
  });
});
