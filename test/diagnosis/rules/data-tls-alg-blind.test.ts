import { describe, expect, it } from "vitest";
import { type EvidenceBuilder, probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "data-tls-alg-blind";
const PEER = "203.0.113.5";

/** All modes in clear, then a session under TLS. */
const clearThenTls = (probe: EvidenceBuilder) =>
  probe.login().works("epsv", "pasv", "eprt", "port").control().secure().login();

describe(ID, () => {
  it("fires where ports open in clear and stay silent under TLS, in place of the reading as a closed range", () => {
    const report = expectCauses(
      clearThenTls(probeOf(PEER))
        .passive("epsv", { dial: "timed-out" })
        .passive("pasv", { dial: "timed-out" })
        .works("eprt", "port"),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "likely",
      at: "middlebox",
      args: { modes: ["epsv", "pasv"], protection: "tls", portsClosed: true, advertised: null },
    });
    expect(checkOf(report, "pasv-ports-filtered").note).toBe(`covered by ${ID}`);
    expect(report.verdict).toBe("degraded");
  });

  it("grows certain with the ports", () => {
    const silent = [0, 1, 2, 3, 4].map(() => ({ dial: "timed-out" as const }));
    const report = expectCauses(
      clearThenTls(probeOf(PEER).passive("epsv"))
        .passive("epsv", { dial: "timed-out" })
        .offers("epsv", "one-by-one", silent),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "certain", rivals: [] });
  });

  it("is an error where TLS is required", () => {
    const report = expectCauses(
      clearThenTls(probeOf(PEER).policy({ required: ["tls"] }))
        .passive("epsv", { dial: "timed-out" })
        .passive("pasv", { dial: "timed-out" }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("error");
    expect(report.verdict).toBe("broken");
  });

  it("fires where the address in 227 is rewritten in clear only, in place of the private address", () => {
    const report = expectCauses(
      clearThenTls(probeOf(PEER))
        .passive("epsv", { dial: "timed-out" })
        .passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out", peer: "timed-out" }),
      [ID],
    );
    const finding = findingOf(report, ID);
    expect(finding).toMatchObject({ confidence: "certain", at: "server-nat", args: { advertised: "10.0.0.2" } });
    expect(finding.seen.slice(0, 2)).toEqual([
      expect.stringContaining("in clear: 227 Entering Passive Mode (203,0,113,5,"),
      "under TLS: 227 Entering Passive Mode (10,0,0,2,156,67).",
    ]);
    expect(checkOf(report, "pasv-private-address").note).toBe(`covered by ${ID}`);
  });

  it("fires where the range is open, and only the address is rewritten in clear", () => {
    const report = expectCauses(
      clearThenTls(probeOf(PEER)).works("epsv").passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out" }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", args: { portsClosed: false, modes: ["pasv"] } });
  });

  it("advises what is missing: the address, the ports, or both in one change", () => {
    const wrong = { names: "10.0.0.2:40003", dial: "timed-out" } as const;
    const closed = { dial: "timed-out" } as const;
    const advised = (probe: EvidenceBuilder) => findingOf(expectCauses(probe, [ID]), ID).remedies;
    const given = () => clearThenTls(probeOf(PEER).control({ greeting: "220 (vsFTPd 3.0.3)" }));
    const settings = (remedies: ReturnType<typeof advised>) =>
      remedies
        .filter(({ product }) => product === "vsftpd")
        .map(({ config }) => (config ?? []).map(({ directive }) => directive));
    const address = advised(given().works("epsv").passive("pasv", wrong));
    expect(settings(address)).toEqual([["pasv_address", "listen", "listen_ipv6"]]);
    expect(address.some(({ who }) => who === "firewall-admin")).toBe(false);
    const ports = advised(given().passive("epsv", closed).passive("pasv", closed));
    expect(settings(ports)).toEqual([["pasv_enable", "pasv_min_port", "pasv_max_port"]]);
    const both = advised(
      given()
        .passive("epsv", closed)
        .passive("pasv", { ...wrong, peer: "timed-out" }),
    );
    expect(settings(both)).toEqual([
      ["pasv_address", "listen", "listen_ipv6", "pasv_enable", "pasv_min_port", "pasv_max_port"],
    ]);
    expect(both.some(({ who }) => who === "firewall-admin")).toBe(true);
  });

  it("leaves a private address that is named in clear as well to its own finding, and says no more than the ports", () => {
    const report = expectCauses(
      probeOf(PEER)
        .login()
        .works("epsv")
        .passive("pasv", { names: "10.0.0.2:40001", dial: "timed-out" })
        .control()
        .secure()
        .login()
        .passive("epsv", { dial: "timed-out" })
        .passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out", peer: "timed-out" }),
      ["pasv-private-address", ID],
    );
    expect(findingOf(report, ID).args).toMatchObject({ advertised: null, portsClosed: true });
  });

  it("one fault that shows in both is one cause: ports closed in both, a private address in both", () => {
    const closed = { dial: "timed-out" } as const;
    expectCauses(
      probeOf(PEER)
        .login()
        .passive("epsv", closed)
        .passive("pasv", closed)
        .control()
        .secure()
        .login()
        .passive("epsv", closed)
        .passive("pasv", closed),
      ["pasv-ports-filtered"],
    );
    const wrong = { names: "10.0.0.2:40003", dial: "timed-out" } as const;
    const report = expectCauses(
      probeOf(PEER)
        .login()
        .works("epsv")
        .passive("pasv", wrong)
        .control()
        .secure()
        .login()
        .works("epsv")
        .passive("pasv", wrong),
      ["pasv-private-address"],
    );
    expect(findingOf(report, "pasv-private-address").evidence).toHaveLength(2);
  });

  it("does not fire where the number decides, in clear as under TLS", () => {
    const at = (port: number, dial: "connected" | "timed-out") => ({ names: `${PEER}:${port}`, dial });
    expectCauses(
      probeOf(PEER)
        .login()
        .passive("epsv", at(40001, "connected"))
        .passive("pasv", at(40091, "timed-out"))
        .offers("pasv", "one-by-one", [at(40003, "connected"), at(40095, "timed-out"), at(40005, "connected")])
        .control()
        .secure()
        .login()
        .passive("epsv", at(40097, "timed-out"))
        .passive("pasv", at(40007, "connected")),
      ["pasv-range-partly-open"],
    );
  });

  it("says so of the server's call in active mode, from a public address", () => {
    const nobody = {
      accept: "timed-out",
      transfer: { replies: ["425 Failed to establish connection."], data: null },
    } as const;
    const report = expectCauses(
      clearThenTls(probeOf(PEER)).works("epsv", "pasv").active("eprt", nobody).active("port", nobody),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({
      severity: "notice",
      at: "client-firewall",
      args: { modes: ["eprt", "port"], portsClosed: false },
    });
    expect(report.verdict).toBe("healthy");
  });

  it("cannot tell where nothing was tried in clear, and does not apply without TLS", () => {
    const report = expectCauses(probeOf(PEER).secure().login().passive("epsv", { dial: "timed-out" }), [
      "pasv-ports-filtered",
    ]);
    expect(checkOf(report, ID).status).toBe("undetermined");
    expect(checkOf(expectCauses(probeOf(PEER).works("epsv"), []), ID).status).toBe("not-applicable");
  });

  it("takes CCC for the comparison where nothing was tried in clear", () => {
    const probe = probeOf(PEER)
      .secure()
      .login()
      .passive("epsv", { dial: "timed-out" })
      .passive("pasv", { dial: "timed-out" });
    const before = probe.build().experiments.at(-1);
    if (before?.experiment !== "passive" || before.offer === null) throw new Error("a passive attempt was built");
    const { offer, dialled, transfer, mode, ...base } = before;
    const report = expectCauses(
      probe.record({
        ...base,
        id: "ccc-1",
        experiment: "ccc",
        mode,
        exchange: probe.exchange("CCC", "200 Control channel protection cleared."),
        left: null,
        offer,
        dialled: dialled.map((dial) => ({ ...dial, outcome: "connected", ms: 3 })),
        transfer,
      }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ args: { ccc: true }, severity: "error" });
  });
});
