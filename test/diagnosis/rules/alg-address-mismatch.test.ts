import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "alg-address-mismatch";
const PEER = "203.0.113.5";
const at = (ports: readonly number[], dial: "timed-out" | "connected") =>
  ports.map((port) => ({ names: `${PEER}:${port}`, dial }));

describe(ID, () => {
  it("fires where no port of PASV answers and those of EPSV do", () => {
    const report = expectCauses(
      probeOf(PEER)
        .works("epsv")
        .passive("pasv", { dial: "timed-out" })
        .offers("pasv", "side-by-side", at([40028, 40016, 40021, 40010, 40046], "timed-out"))
        // The helper opens one port at a time, so of EPSV's offers only the last stands.
        .offers("epsv", "side-by-side", [
          ...at([40011, 40038, 40022, 40033], "timed-out"),
          ...at([40030], "connected"),
        ]),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "likely",
      at: "middlebox",
      args: { pasv: 6, epsv: 2 },
    });
  });

  it("does not fire where PASV names another address, nor after a single port", () => {
    expectCauses(probeOf(PEER).works("epsv").passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out" }), [
      "pasv-private-address",
    ]);
    expectCauses(probeOf(PEER).works("epsv").passive("pasv", { dial: "timed-out" }), ["pasv-range-partly-open"]);
  });

  it("cannot tell where no port was dialled", () => {
    expect(checkOf(expectCauses(probeOf(PEER).control(), []), ID).status).toBe("undetermined");
  });
});

describe(`${ID} in clear text only`, () => {
  const silent = { dial: "timed-out" } as const;

  it("fires where the ports open under TLS and PASV's, or both modes', do not in clear", () => {
    const pasv = expectCauses(
      probeOf(PEER).login().works("epsv").passive("pasv", silent).control().secure().login().works("epsv", "pasv"),
      [ID],
    );
    expect(findingOf(pasv, ID)).toMatchObject({
      severity: "warning",
      confidence: "likely",
      at: "middlebox",
      args: { protection: "clear", modes: ["pasv"] },
    });
    expect(checkOf(pasv, "pasv-range-partly-open").note).toBe(`covered by ${ID}`);
    const both = expectCauses(
      probeOf(PEER)
        .login()
        .passive("epsv", silent)
        .passive("pasv", { dial: "refused" })
        .control()
        .secure()
        .login()
        .works("epsv", "pasv"),
      [ID],
    );
    expect(findingOf(both, ID).args["modes"]).toEqual(["epsv", "pasv"]);
  });

  it("leaves EPSV alone to the firewall that does not read EPSV", () => {
    const report = expectCauses(
      probeOf(PEER).login().passive("epsv", silent).works("pasv").control().secure().login().works("epsv", "pasv"),
      ["alg-no-epsv"],
    );
    expect(findingOf(report, "alg-no-epsv").confidence).toBe("likely");
  });
});

describe(`${ID}, an address rewritten in clear`, () => {
  const both = (names: string) =>
    probeOf(PEER)
      .login()
      .works("epsv")
      .passive("pasv", { names, dial: "timed-out" })
      .control()
      .secure()
      .login()
      .works("epsv", "pasv");

  it("fires where a stranger's address stands in 227 in clear only; an inside one is the server's own", () => {
    const report = expectCauses(both("198.51.100.77:40003"), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ confidence: "likely", args: { rewritten: "198.51.100.77" } });
    expect(checkOf(report, "pasv-wrong-public-address").note).toBe(`covered by ${ID}`);
    expectCauses(both("10.0.0.2:40003"), ["pasv-private-address"]);
  });
});

it("a helper that knows neither the address nor TLS makes two findings, also where an offer was dialled in the other mode", () => {
  const at = (ports: readonly number[], dial: "timed-out" | "connected" | "none") =>
    ports.map((port) => ({ names: `${PEER}:${port}`, dial }));
  expectCauses(
    probeOf(PEER)
      .login()
      .works("epsv")
      .passive("pasv", { dial: "timed-out" })
      .offers("pasv", "side-by-side", at([40040, 40027, 40009, 40043, 40028], "timed-out"))
      .offers("epsv", "side-by-side", [
        ...at([40010], "timed-out"),
        ...at([40027], "none"),
        ...at([40020, 40036], "timed-out"),
        ...at([40023], "connected"),
      ])
      .control()
      .secure()
      .login()
      .passive("epsv", { dial: "timed-out" })
      .passive("pasv", { dial: "timed-out" }),
    ["data-tls-alg-blind", ID],
  );
});
