import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { exitCode, worstVerdict } from "../../../src/diagnosis/verdict/verdict.ts";
import { type EvidenceBuilder, probeOf } from "../../support/evidence.ts";

const verdictOf = (probe: EvidenceBuilder) => diagnose(probe.build()).verdict;

describe("the verdict", () => {
  it("is healthy where control, login and a passive mode work", () => {
    const report = diagnose(probeOf("203.0.113.5").works("epsv", "pasv", "eprt", "port").build());
    expect(report.verdict).toBe("healthy");
    expect(report.findings).toEqual([]);
    expect(report.summary).toBe("FTP to ftp.example.com works: EPSV, PASV, EPRT and PORT.");
    expect(report.meanwhile).toEqual([]);
    expect(report.next).toEqual([]);
  });

  it("takes one passive mode for enough, and a repaired one too", () => {
    expect(verdictOf(probeOf("203.0.113.5").passive("epsv", { reply: "502 No." }).works("pasv"))).toBe("healthy");
    const repaired = probeOf("203.0.113.5")
      .passive("epsv", { reply: "502 No." })
      .passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out" });
    expect(verdictOf(repaired)).toBe("degraded");
  });

  it("requires an upload where that was asked for: every file stored whole", () => {
    const wanted = () =>
      probeOf("203.0.113.5")
        .policy({ required: ["upload"] })
        .works("epsv", "pasv");
    const sent = (sizeBytes: number, stall = false) => ({
      sizeBytes,
      transfer: stall
        ? ({ replies: ["150 Send"], outcome: "timed-out", data: "timed-out", bytes: sizeBytes } as const)
        : ({ replies: ["150 Send", "226 Stored"], bytes: sizeBytes } as const),
    });
    expect(verdictOf(wanted().ladder("upload", [sent(500), sent(1_000_000)]))).toBe("healthy");
    expect(verdictOf(wanted().ladder("upload", [sent(500), sent(1_400, true)]))).toBe("broken");
    expect(verdictOf(wanted())).toBe("undetermined");
  });

  it("is degraded for one dead address beside a good one, whatever the finding says", () => {
    expect(
      verdictOf(probeOf("203.0.113.5").works("epsv", "pasv").at("203.0.113.6").control({ connect: "refused" })),
    ).toBe("degraded");
  });

  it("is broken where a required mode fails without a reason that a rule knows", () => {
    const report = diagnose(
      probeOf("203.0.113.5").passive("epsv", { reply: null }).passive("pasv", { reply: null }).build(),
      [],
    );
    expect(report.verdict).toBe("broken");
    expect(report.summary).toBe("FTP to ftp.example.com does not work as required: EPSV and PASV did not.");
  });

  describe("with --require", () => {
    const repaired = () =>
      probeOf("203.0.113.5").works("epsv").passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out" });

    it("counts a repaired mode for `passive`, not for the mode itself", () => {
      expect(verdictOf(repaired().policy({ required: ["passive"] }))).toBe("degraded");
      expect(verdictOf(repaired().policy({ required: ["pasv"] }))).toBe("broken");
      expect(verdictOf(repaired().policy({ required: ["epsv"] }))).toBe("degraded");
    });

    it("replaces the default requirement", () => {
      const activeOnly = () =>
        probeOf("203.0.113.5")
          .passive("epsv", { reply: "550 Permission denied." })
          .passive("pasv", { reply: "550 Permission denied." })
          .works("eprt", "port");
      expect(verdictOf(activeOnly())).toBe("broken");
      expect(verdictOf(activeOnly().policy({ required: ["active"] }))).toBe("healthy");
    });

    it("makes a blocked active mode an error only where it is required", () => {
      const blocked = () => probeOf("203.0.113.5").works("epsv", "pasv").active("port", { accept: "timed-out" });
      expect(verdictOf(blocked())).toBe("healthy");
      expect(verdictOf(blocked().policy({ required: ["port"] }))).toBe("broken");
    });

    it("reads `ipv6` as a passive mode over IPv6, and as the other modes where some are named", () => {
      const both = () => probeOf("203.0.113.5").works("epsv").at("2001:db8::5").works("epsv");
      expect(verdictOf(both().policy({ required: ["ipv6"] }))).toBe("healthy");
      expect(
        verdictOf(
          probeOf("203.0.113.5")
            .works("epsv")
            .policy({ required: ["ipv6"] }),
        ),
      ).not.toBe("healthy");
      expect(verdictOf(both().policy({ required: ["ipv6", "eprt"] }))).not.toBe("healthy");
    });

    it("cannot tell of what was not tested", () => {
      expect(
        verdictOf(
          probeOf("203.0.113.5")
            .works("epsv")
            .policy({ required: ["upload"] }),
        ),
      ).toBe("undetermined");
      expect(
        verdictOf(
          probeOf("203.0.113.5")
            .works("epsv")
            .policy({ required: ["tls"] }),
        ),
      ).toBe("undetermined");
    });
  });

  describe("undetermined", () => {
    it("outranks broken where the login was withheld", () => {
      const report = diagnose(
        probeOf("203.0.113.5")
          .policy({ credentials: "given" })
          .login("withheld", null, null, "the server offers TLS")
          .at("203.0.113.6")
          .control({ connect: "timed-out" })
          .build(),
      );
      expect(report.verdict).toBe("undetermined");
      expect(report.next[0]?.command).toBe("ftp-doctor ftp.example.com --allow-cleartext");
    });

    it("asks again with the options that were given, and under TLS first where that was ruled out", () => {
      const commands = (security: "none" | "explicit", input: string) =>
        diagnose(
          probeOf("203.0.113.5")
            .policy({ credentials: "given", caFile: "/etc/my roots.pem", required: ["tls"] })
            .target({ user: "web1", security, input })
            .login("withheld", null, null, "the server offers TLS")
            .build(),
        ).next.map(({ command }) => command);
      const begin = "ftp-doctor ftp.example.com --user web1 --ca-file '/etc/my roots.pem'";
      expect(commands("none", "ftp.example.com").slice(0, 2)).toEqual([
        `${begin} --require tls`,
        `${begin} --security none --require tls --allow-cleartext`,
      ]);
      expect(commands("explicit", "ftp.example.com")[0]).toBe(
        `${begin} --security explicit --require tls --allow-cleartext`,
      );
      expect(commands("explicit", "ftpes://ftp.example.com")[0]).not.toContain("--security");
    });

    it("is where an anonymous login is refused, but broken where given credentials are", () => {
      const refused = () => probeOf("203.0.113.5").login("rejected", "331 Password required.", "530 Login incorrect.");
      const report = diagnose(refused().build());
      expect(report.verdict).toBe("undetermined");
      expect(report.next[0]?.command).toBe("ftp-doctor ftp.example.com --user NAME");
      expect(verdictOf(refused().policy({ credentials: "given" }).target({ user: "web1" }))).toBe("broken");
    });

    it("is where this machine has no network", () => {
      const none = probeOf("203.0.113.5")
        .client({ addresses: [] })
        .control({ connect: "unreachable", code: "ENETUNREACH" });
      expect(verdictOf(none)).toBe("undetermined");
    });

    it("is where the run was stopped before it could tell, never healthy", () => {
      expect(verdictOf(probeOf("203.0.113.5").interrupted())).toBe("undetermined");
      expect(verdictOf(probeOf("203.0.113.5").interrupted().works("epsv", "pasv"))).toBe("undetermined");
    });

    it("names what stopped the run, whatever the verdict", () => {
      const report = (built: EvidenceBuilder) => diagnose(built.build());
      const late = probeOf("203.0.113.5").policy({ deadlineMs: 4_000 }).interrupted("deadline");
      expect(report(late).summary).toMatch(
        /before it could tell\. The deadline of 4 s \(--deadline\) ended the run\.$/,
      );
      const blocked = late.passive("epsv", { dial: "timed-out" }).passive("pasv", { dial: "timed-out" });
      expect(report(blocked)).toMatchObject({
        verdict: "broken",
        summary: expect.stringMatching(/ The deadline of 4 s \(--deadline\) ended the run\.$/),
      });
      expect(report(probeOf("203.0.113.5").interrupted("user")).summary).toMatch(
        /interrupted from outside \(Ctrl\+C or another signal\)\.$/,
      );
      expect(report(probeOf("203.0.113.5").works("epsv", "pasv")).summary).not.toMatch(/deadline|interrupted/);
    });

    it("gives way to what was proven before the run was stopped", () => {
      const filtered = probeOf("203.0.113.5")
        .interrupted()
        .passive("epsv", { dial: "timed-out" })
        .passive("pasv", { dial: "timed-out" });
      expect(verdictOf(filtered)).toBe("broken");
    });

    it("is where no mode could be tried", () => {
      const skipped = { status: "skipped", note: "no session could be had for it" } as const;
      expect(verdictOf(probeOf("203.0.113.5").passive("epsv", skipped).passive("pasv", skipped))).toBe("undetermined");
    });
  });
});

describe("worstVerdict", () => {
  it("orders broken, undetermined, degraded, healthy", () => {
    expect(worstVerdict(["healthy", "degraded", "undetermined", "broken"])).toBe("broken");
    expect(worstVerdict(["healthy", "degraded", "undetermined"])).toBe("undetermined");
    expect(worstVerdict(["healthy", "degraded"])).toBe("degraded");
    expect(worstVerdict(["healthy"])).toBe("healthy");
  });
});

describe("exitCode", () => {
  it.each([
    ["healthy", "degraded", 0],
    ["degraded", "degraded", 1],
    ["degraded", "broken", 0],
    ["broken", "broken", 2],
    ["undetermined", "broken", 3],
  ] as const)("%s with --fail-on %s is %i", (verdict, failOn, code) => {
    expect(exitCode(verdict, { failOn, interrupted: false })).toBe(code);
    expect(exitCode(verdict, { failOn, interrupted: true })).toBe(130);
  });
});
