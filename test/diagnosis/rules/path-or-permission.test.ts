import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "path-or-permission";

describe(ID, () => {
  it("is a warning where the directory asked for cannot be entered, though listings work", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .target({ path: "pub/missing" })
        .login()
        .directory("550 Failed to change directory.")
        .works("epsv", "pasv"),
      [ID],
    );
    expect(report.verdict).toBe("degraded");
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "certain",
      at: "server-host",
      seen: ["CWD pub/missing: 550 Failed to change directory."],
      summary: "ftp.example.com has no directory pub/missing that this user may enter.",
    });
  });

  it("is the one cause, and an error, where every listing is refused", () => {
    const transfer = { replies: ["550 Permission denied."], data: "closed", bytes: 0 } as const;
    const report = expectCauses(
      probeOf("203.0.113.5")
        .passive("epsv", { transfer })
        .passive("pasv", { transfer })
        .active("port", { transfer, accept: "closed" }),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("error");
    expect(findingOf(report, ID).summary).toContain("refuses the listing itself");
    expect(report.verdict).toBe("broken");
  });

  it("takes any refusal of CWD for it, whatever the code", () => {
    expectCauses(
      probeOf("203.0.113.5").target({ path: "x" }).login().directory("431 No such directory").works("epsv"),
      [ID],
    );
  });

  it("is only likely where the directory may just be empty", () => {
    const transfer = { replies: ["550 No files found."], data: "closed", bytes: 0 } as const;
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", { transfer }).passive("pasv", { transfer }), [
      ID,
    ]);
    expect(findingOf(report, ID)).toMatchObject({ confidence: "likely", args: { empty: true } });
  });

  it("does not fire where the same code speaks of TLS or of the data connection", () => {
    for (const [reply, cause] of [
      ["550 SSL/TLS required on the data channel", "data-tls-prot-p-required"],
      ["550 LIST: use PORT or PASV first", "mode-unexplained"],
    ] as const) {
      const report = expectCauses(
        probeOf("203.0.113.5")
          .works("epsv")
          .passive("pasv", { transfer: { replies: [reply], data: "closed" } }),
        [cause],
      );
      expect(checkOf(report, ID).status).toBe("absent");
    }
  });

  it("cannot tell where nothing was asked for, or nothing was answered", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control().login(), []), ID).status).toBe("undetermined");
    const cut = expectCauses(probeOf("203.0.113.5").target({ path: "pub" }).login().directory(null, "closed"), [
      "ctl-closed-mid-session",
    ]);
    expect(checkOf(cut, ID).status).toBe("undetermined");
  });
});
