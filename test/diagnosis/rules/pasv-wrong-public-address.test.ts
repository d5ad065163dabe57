import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-wrong-public-address";

describe(ID, () => {
  it("fires where another public address is named and only the peer's answers", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv").passive("pasv", { names: "203.0.113.99:40003", dial: "timed-out" }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "certain", at: "server-config" });
    expect(findingOf(report, ID).rivals.map(({ cause }) => cause)).toEqual(["pasv-address-cdn-or-lb"]);
    expect(report.modes.map(({ mode, result }) => [mode, result])).toEqual([
      ["epsv", "works"],
      ["pasv", "repaired"],
    ]);
  });

  it("offers a name in place of the address only where the server is known by one", () => {
    const remedies = (host: string) => {
      const probe = probeOf("203.0.113.5", host).works("epsv");
      const report = expectCauses(probe.passive("pasv", { names: "203.0.113.99:40003", dial: "timed-out" }), [ID]);
      return JSON.stringify(findingOf(report, ID).remedies);
    };
    expect(remedies("ftp.example.com")).toContain("Give the server a name");
    expect(remedies("203.0.113.5")).not.toContain("Give the server a name");
  });

  it("is named beside closed ports where neither address answers", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .passive("epsv", { dial: "timed-out" })
        .passive("pasv", { names: "203.0.113.99:40003", dial: "timed-out", peer: "timed-out" }),
      [ID, "pasv-ports-filtered"],
    );
    expect(findingOf(report, ID).confidence).toBe("likely");
    expect(report.verdict).toBe("broken");
  });

  it("fires for an address that no host can have", () => {
    expectCauses(
      probeOf("203.0.113.5").works("epsv").passive("pasv", { names: "239.1.2.3:40003", dial: "unreachable" }),
      [ID],
    );
  });

  it("does not fire where the other public address answers", () => {
    expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", { names: "203.0.113.99:40003" }), []);
  });

  it("does not fire for a client inside, where the address may be right for the internet", () => {
    expectCauses(
      probeOf("192.168.1.10").works("epsv").passive("pasv", { names: "203.0.113.99:40003", dial: "timed-out" }),
      ["pasv-hairpin"],
    );
  });

  it("cannot tell without a 227", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").works("epsv"), []), ID).status).toBe("undetermined");
  });

  it("does not say that nothing answers where something did", () => {
    const stranger = {
      names: "198.51.100.77:40001",
      dial: "connected",
      transfer: { replies: ["425 Nobody called."], data: "closed", bytes: 0 },
    } as const;
    const report = diagnose(probeOf("203.0.113.5").works("epsv").passive("pasv", stranger).build());
    const { summary, explanation } = findingOf(report, ID);
    expect(`${summary} ${explanation}`).not.toMatch(/nothing answers|failed/);
    expect(summary).toContain("what answers at the address it names is not this server's data port");
  });

  it("promises nothing to clients for whom no listing came", () => {
    const dead = { replies: [], outcome: "timed-out", data: "timed-out", bytes: 0 } as const;
    const wrong = { names: "198.51.100.77:40001", dial: "timed-out", peer: "connected", transfer: dead } as const;
    const report = diagnose(probeOf("203.0.113.5").passive("epsv", { transfer: dead }).passive("pasv", wrong).build());
    expect(findingOf(report, ID).summary).not.toContain("work;");
  });
});
