import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-range-exhausted";

describe(ID, () => {
  it.each([
    "425 All reserved TCP ports are busy",
    "500 OOPS: vsf_sysutil_bind, maximum number of attempts to find a listening port exceeded",
    "425 No free ports.",
  ])("fires: %s", (reply) => {
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", { reply }).passive("pasv", { reply }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "error", confidence: "certain", at: "server-config" });
    expect(checkOf(report, "pasv-server-listen-failed").status).toBe("absent");
  });

  it("is the cause where a session dies of it and its last words are lost: no device resets the connection", () => {
    const died = { reply: null, outcome: "reset" } as const;
    const probe = probeOf("203.0.113.5").passive("epsv", { reply: "500 OOPS: vsf_sysutil_bind" }).passive("pasv", died);
    expectCauses(probe.works("eprt", "port"), [ID]);
  });

  it("is not sure of vsftpd's shorter words, which any failure to bind has, until a port was offered or all are in use", () => {
    const reply = "500 OOPS: vsf_sysutil_bind";
    const alone = probeOf("203.0.113.5").passive("epsv", { reply }).passive("pasv", { reply });
    expect(findingOf(expectCauses(alone, [ID]), ID)).toMatchObject({
      confidence: "likely",
      rivals: [{ cause: "pasv-server-listen-failed" }],
    });
    const swept = probeOf("203.0.113.5").passive("epsv", { reply }).sweep(["40000-40002 open"]);
    expect(findingOf(expectCauses(swept, [ID]), ID)).toMatchObject({ confidence: "certain", rivals: [] });
    const offered = probeOf("203.0.113.5").works("epsv").passive("pasv", { reply });
    expect(findingOf(expectCauses(offered, [ID]), ID)).toMatchObject({ confidence: "certain", severity: "warning" });
  });

  it("fires where only a repeated offer says so", () => {
    expectCauses(
      probeOf("203.0.113.5")
        .works("epsv", "pasv")
        .offers("epsv", "one-by-one", [{}, { reply: "425 All reserved TCP ports are busy" }]),
      [ID],
    );
  });

  it("names the ports that could still be offered, and what a sweep saw in use", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .passive("epsv", { names: "203.0.113.5:40002" })
        .passive("pasv", { reply: "425 All reserved TCP ports are busy" })
        .sweep(["40000-40001 open", "40002 closed"]),
      [ID],
    );
    const { explanation } = findingOf(report, ID);
    expect(explanation).toContain("it could offer port 40002 alone");
    expect(explanation).toContain("Of the range 40000-40002, 2 ports accepted a connection");
  });

  it("does not fire for another failure to listen", () => {
    expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .passive("pasv", { reply: "425 Can't open passive connection: Permission denied." }),
      ["pasv-server-listen-failed"],
    );
  });

  it("cannot tell where no port was asked for", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });
});
