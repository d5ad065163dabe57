import { describe, expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "port-client-firewall";
const works = () => probeOf("203.0.113.5").works("epsv", "pasv");

describe(ID, () => {
  it("is a notice where nobody calls and passive mode works", () => {
    const report = expectCauses(
      works().active("eprt", { accept: "timed-out" }).active("port", { accept: "timed-out" }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "notice", confidence: "likely", at: "client-firewall" });
    expect(findingOf(report, ID).rivals.map(({ cause }) => cause)).toEqual(["port-server-egress-blocked"]);
    expect(report.verdict).toBe("healthy");
    expect(report.meanwhile).toEqual([]);
  });

  it("reads from the server's 425 that our side refused", () => {
    const report = expectCauses(
      works().active("port", {
        accept: "closed",
        transfer: {
          replies: ["425 Could not open data connection to port 50321: Connection refused"],
          data: null,
          bytes: 0,
        },
      }),
      [ID],
    );
    expect(findingOf(report, ID).args["refusedHere"]).toBe(true);
  });

  it("knows the servers that call before they answer, and gives other unanswered ports no such name", () => {
    const unanswered = { reply: null } as const;
    const login = ["331 Username ok, send password.", "230 Login successful."] as const;
    const pyftpdlib = probeOf("203.0.113.5").control({ greeting: "220 pyftpdlib 1.5.7 ready." });
    const report = expectCauses(
      pyftpdlib
        .login("logged-in", ...login)
        .works("epsv", "pasv")
        .active("port", unanswered),
      [ID],
    );
    expect(findingOf(report, ID).seen[0]).toMatch(/no answer, and nobody called/);
    expectCauses(works().active("port", unanswered), ["mode-unexplained"]);
    const givenUp = pyftpdlib.login("logged-in", ...login).active("eprt", { reply: "425 Can't open data connection." });
    expect(findingOf(expectCauses(givenUp, [ID]), ID).seen.join()).toMatch(/answered 425, and nobody called/);
  });

  it("is an error where active mode is required", () => {
    const report = expectCauses(
      works()
        .policy({ required: ["port"] })
        .active("port", { accept: "timed-out" }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("error");
  });

  it("does not fire where the listing itself is refused, where the run was stopped, or where a stranger called", () => {
    const refused = works().active("port", {
      accept: "closed",
      transfer: { replies: ["550 No such file or directory"], data: null, bytes: 0 },
    });
    expect(checkOf(expectNo(refused), ID).status).toBe("absent");
    expect(checkOf(expectNo(works().interrupted().active("port", { accept: "cancelled" })), ID).status).toBe("absent");
    expect(checkOf(expectNo(works().active("port", { accept: "wrong-peer" })), ID).status).toBe("absent");
  });

  it("cannot tell where active mode was not tried", () => {
    expect(checkOf(expectCauses(works(), []), ID).status).toBe("undetermined");
  });

  it("does not fire where the server ends the session at the listing, or answers no listing at all", () => {
    const bye = { transfer: { replies: ["421 Bye."], data: null, bytes: 0 }, accept: "closed" } as const;
    const ended = expectCauses(probeOf("203.0.113.5").works("epsv").active("port", bye), ["ctl-closed-mid-session"]);
    expect(checkOf(ended, ID).status).toBe("absent");
    const mute = { replies: [], outcome: "timed-out", bytes: 0 } as const;
    const silent = { transfer: { ...mute, data: "timed-out" } } as const;
    const unheard = expectCauses(
      probeOf("203.0.113.5")
        .passive("epsv", silent)
        .passive("pasv", silent)
        .active("port", { accept: "timed-out", transfer: { ...mute, data: null } }),
      ["data-connect-no-data"],
    );
    expect(checkOf(unheard, ID).status).toBe("absent");
    // A server that answers other listings keeps silent while it calls in vain.
    expectCauses(
      probeOf("203.0.113.5")
        .works("epsv")
        .active("port", { accept: "timed-out", transfer: { ...mute, data: null } }),
      [ID],
    );
  });
});

function expectNo(probe: ReturnType<typeof works>) {
  const report = diagnose(probe.build());
  expect(report.findings.map(({ id }) => id)).not.toContain(ID);
  return report;
}
