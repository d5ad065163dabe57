import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "srv-slow-listing";

/** A listing that comes in the end; its first byte after so many milliseconds. */
function late(ms: number, greetingMs = 12) {
  const built = probeOf("203.0.113.5")
    .control({ greetingMs })
    .login("logged-in", "331 Password?", "230 In.", null, { ms: greetingMs })
    .works("epsv", "pasv")
    .build();
  for (const record of built.experiments) {
    if (record.experiment === "passive" && record.transfer !== null) {
      record.transfer.firstByteMs = ms;
      record.transfer.exchange.ms = ms + 5;
    }
  }
  return { build: () => built } as ReturnType<typeof probeOf>;
}

describe(ID, () => {
  it("is a warning where the listing comes late and the rest at once", () => {
    const report = expectCauses(late(7000), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "certain", at: "server-host" });
    expect(findingOf(report, ID).summary).toContain("only after 7 s");
  });

  it("does not fire for a pause that nobody minds", () => {
    expect(checkOf(expectCauses(late(3000), []), ID).status).toBe("absent");
  });

  it("shows no command that sends in clear a password which went under TLS alone", () => {
    const drips = {
      transfer: { replies: ["150 Here."], outcome: "timed-out", data: "protocol-error", bytes: 33 },
    } as const;
    const commands = (probe: ReturnType<typeof probeOf>) =>
      findingOf(
        expectCauses(probe.target({ user: "web1" }).policy({ credentials: "given" }).passive("epsv", drips), [ID]),
        ID,
      ).remedies.flatMap((remedy) => remedy.commands ?? []);
    const login = ["logged-in", "331 Password?", "230 In."] as const;
    expect(
      commands(
        probeOf("203.0.113.5")
          .secure()
          .login(...login),
      ),
    ).toEqual(["curl --ssl-reqd --user web1 ftp://ftp.example.com/"]);
    expect(
      commands(
        probeOf("203.0.113.5")
          .control()
          .login(...login),
      ),
    ).toEqual(["curl --user web1 ftp://ftp.example.com/"]);
  });

  it("is a warning where the listing drips: neither proof nor refutation of the mode", () => {
    const drips = {
      transfer: { replies: ["150 Here."], outcome: "timed-out", data: "protocol-error", bytes: 33 },
    } as const;
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", drips).passive("pasv", drips), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", args: { dripping: true, bytes: 33 } });
    expect(report.modes.map(({ result }) => result)).toEqual(["inconclusive", "inconclusive"]);
    expect(report.verdict).toBe("undetermined");
    expect(report.summary).toMatch(/^Data from ftp.example.com moves/);
    expect(report.next[0]?.command).toContain("--timeout 120");
    const beside = expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", drips), [ID]);
    expect(beside.verdict).toBe("degraded");
  });

  it("is silent where much came before we hung up", () => {
    const much = {
      transfer: { replies: ["150 Here."], outcome: "timed-out", data: "protocol-error", bytes: 70_000 },
    } as const;
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", much).passive("pasv", much), []);
    expect(report.verdict).toBe("healthy");
  });

  it("cannot tell where no data connection was made", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });
});

describe("a listing that was cut off by us, long after it had proved its mode", () => {
  const flood = { data: "protocol-error", bytes: 8_400_357, replies: ["150 Go."] } as const;

  it("is no fault, but told: nobody saw its end", () => {
    const report = expectCauses(probeOf("203.0.113.5").works("pasv").passive("epsv", { transfer: flood }), []);
    expect(report.verdict).toBe("healthy");
    const words = "The listing was cut off after 8.4 MB while more came: whether it has an end was not seen.";
    expect(report.summary).toBe(`FTP to ftp.example.com works: EPSV and PASV. ${words}`);
    expect(checkOf(report, "srv-slow-listing")).toMatchObject({ status: "absent", note: words });
  });

  it("goes without a word where every listing ended", () => {
    const report = expectCauses(probeOf("203.0.113.5").works("pasv", "epsv"), []);
    expect(report.summary).not.toContain("cut off");
    expect(checkOf(report, "srv-slow-listing").note ?? null).toBeNull();
  });
});
