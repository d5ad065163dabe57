import { describe, expect, it } from "vitest";
import type { KeptBusyRecord } from "../../../src/model/evidence.ts";
import { type EvidenceBuilder, probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const PEER = "203.0.113.5";
const probe = () => probeOf(PEER);
const stall = { replies: ["150 Go."], outcome: "timed-out", data: "timed-out", bytes: 0 } as const;
const whole = (sizeBytes: number) => ({ sizeBytes, transfer: { bytes: sizeBytes } });

describe("a control port that is closed, beside the host's other ports", () => {
  it("says that the host is up, and asks for nothing that the run has already done", () => {
    const report = expectCauses(
      probe()
        .control({ connect: "timed-out" })
        .otherPorts("host-alive", { 22: "refused", 80: "connected", 990: "timed-out" }),
      ["ctl-timeout"],
    );
    const finding = findingOf(report, "ctl-timeout");
    expect(finding.explanation).toContain("answers on ports 22 and 80");
    expect(finding.args).toMatchObject({ answeringPorts: [22, 80], ftpPort: null });
    expect(finding.seen[1]).toMatch(/^203\.0\.113\.5:22 connection refused/);
    expect(report.next.map(({ command }) => command).filter((command) => command.startsWith("nc"))).toEqual([]);
    expect(finding.explanation).not.toContain("Only the ports of the web");
  });

  it("leaves open whose firewall it is where the web's ports alone answer", () => {
    const report = expectCauses(
      probe()
        .control({ connect: "timed-out" })
        .otherPorts("host-alive", { 22: "timed-out", 80: "connected", 443: "connected" }),
      ["ctl-timeout"],
    );
    expect(findingOf(report, "ctl-timeout").explanation).toContain("this machine's network may let nothing else out");
    expect(findingOf(report, "ctl-timeout").rivals.map(({ cause }) => cause)).toContain("ctl-client-egress-blocked");
  });

  it("names the port on which FTP greets, in summary and next command", () => {
    for (const [connect, id] of [
      ["timed-out", "ctl-timeout"],
      ["refused", "ctl-refused"],
      ["unreachable", "ctl-unreachable"],
    ] as const) {
      const report = expectCauses(
        probe()
          .control({ connect })
          .otherPorts("host-alive", { 80: "timed-out", 2121: ["connected", "220 pyftpdlib 1.5.6 ready.\r\n"] }),
        [id],
      );
      expect(report.summary).toContain("An FTP server greets on port 2121");
      expect(report.next[0]?.command).toBe("ftp-doctor ftp.example.com:2121");
    }
  });

  it("tells who asked for implicit TLS to use explicit TLS where FTP greets in clear on the ordinary port", () => {
    for (const [connect, id] of [
      ["timed-out", "ctl-timeout"],
      ["refused", "ctl-refused"],
      ["unreachable", "ctl-unreachable"],
    ] as const) {
      const report = expectCauses(
        probe()
          .target({ security: "implicit", port: 990, user: "lab" })
          .control({ connect })
          .otherPorts("host-alive", { 21: ["connected", "220 (vsFTPd 3.0.3)\r\n"], 22: "timed-out" }),
        [id],
      );
      const { remedies, at } = findingOf(report, id);
      expect(report.summary).toContain("on port 21 of the same host: there the client has to use explicit TLS");
      expect(report.next[0]?.command).toBe("ftp-doctor ftpes://ftp.example.com --user lab");
      expect(at).toBe("client");
      expect(remedies[0]).toMatchObject({ who: "client-user", text: expect.stringContaining("explicit TLS") });
      expect(remedies[0]?.commands).toEqual(["curl --ssl-reqd ftp://ftp.example.com/"]);
      expect(JSON.stringify(remedies)).not.toContain("systemctl");
    }
  });

  it("does not change the kind of TLS where nobody greets on another port, or explicit TLS was asked for", () => {
    const silent = expectCauses(
      probe()
        .target({ security: "implicit", port: 990 })
        .control({ connect: "refused" })
        .otherPorts("host-alive", { 21: "refused", 22: "connected" }),
      ["ctl-refused"],
    );
    expect(findingOf(silent, "ctl-refused")).toMatchObject({ at: "server-host" });
    expect(JSON.stringify(silent.findings)).not.toContain("ftpes");
    const explicit = expectCauses(
      probe()
        .target({ security: "explicit", port: 2121 })
        .control({ connect: "refused" })
        .otherPorts("host-alive", { 21: ["connected", "220 Ready\r\n"] }),
      ["ctl-refused"],
    );
    expect(explicit.summary).toContain("An FTP server greets on port 21 of the same host.");
    expect(explicit.next[0]?.command).toBe("ftp-doctor ftpes://ftp.example.com");
  });

  it("takes no mail server's greeting for FTP, and silence everywhere for more than a closed port", () => {
    const mail = expectCauses(
      probe()
        .control({ connect: "refused" })
        .otherPorts("host-alive", { 2121: ["connected", "220 mx ESMTP Postfix\r\n"] }),
      ["ctl-refused"],
    );
    expect(findingOf(mail, "ctl-refused").args["ftpPort"]).toBeNull();
    const silent = expectCauses(
      probe().control({ connect: "timed-out" }).otherPorts("host-alive", { 22: "timed-out", 80: "timed-out" }),
      ["ctl-timeout"],
    );
    expect(findingOf(silent, "ctl-timeout").explanation).toContain("silent on ports 22 and 80 as well");
  });
});

describe("ctl-client-egress-blocked", () => {
  const ID = "ctl-client-egress-blocked";

  it("is certain where this machine's own system says no", () => {
    const report = expectCauses(probe().control({ connect: "unreachable", code: "EPERM" }), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "critical", confidence: "certain", at: "client-firewall" });
    expect(checkOf(report, "ctl-unreachable").note).toBe(`covered by ${ID}`);
  });

  it("does not fire where the network says no, and cannot tell where nothing was tried", () => {
    expectCauses(probe().control({ connect: "unreachable", code: "EHOSTUNREACH" }), ["ctl-unreachable"]);
    const six = probeOf("2001:db8::5").client({ addresses: ["2001:db8:1::10"] });
    expectCauses(six.control({ connect: "unreachable", code: "EACCES" }), ["ctl-unreachable"]);
    expect(
      checkOf(expectCauses(probe().interrupted().control({ connect: "cancelled", status: "cancelled" }), []), ID)
        .status,
    ).toBe("undetermined");
  });
});

describe("a port that is silent until it is spoken to", () => {
  const woken = (firstBytes: string) => {
    const built = probe().control({ greeting: null, greetingOutcome: "timed-out", greetingMs: 30_000 }).build();
    for (const record of built.experiments) {
      if (record.experiment === "control" && record.greeting !== null) {
        record.greeting.afterNewline = { outcome: "ok", code: null, ms: 5, limitMs: 3000, firstBytes };
      }
    }
    return { build: () => built } as EvidenceBuilder;
  };

  it("is a proxy where the greeting comes then", () => {
    const finding = findingOf(expectCauses(woken("220 Welcome.\r\n"), ["ctl-no-banner"]), "ctl-no-banner");
    expect(finding).toMatchObject({ at: "middlebox", rivals: [] });
    expect(finding.summary).toContain("a proxy before the FTP server waits");
    expect(finding.seen).toContain("after an empty line: 220 Welcome.");
  });

  it("is a web server where that answers, and implicit TLS where an alert does", () => {
    expectCauses(woken("HTTP/1.1 400 Bad Request\r\n"), ["ctl-wrong-service"]);
    const tls = expectCauses(woken("\x15\x03\x01\0\x02\x02\x46"), ["tls-mode-mismatch"]);
    expect(findingOf(tls, "tls-mode-mismatch")).toMatchObject({
      severity: "critical",
      confidence: "certain",
      at: "client",
    });
  });

  it("stays what it was where nothing comes", () => {
    expect(findingOf(expectCauses(woken(""), ["ctl-no-banner"]), "ctl-no-banner").at).toBe("server-host");
    expect(
      checkOf(expectCauses(probe().control({ connect: "refused" }), ["ctl-refused"]), "tls-mode-mismatch").status,
    ).toBe("undetermined");
    expect(checkOf(expectCauses(probe().works("epsv"), []), "tls-mode-mismatch").status).toBe("absent");
  });
});

describe("transfers of growing size", () => {
  it("show a black hole where what needs a packet of full size stands still", () => {
    const report = expectCauses(
      probe()
        .passive("epsv", { transfer: stall })
        .passive("pasv", { transfer: stall })
        .ladder("download", [whole(500), { sizeBytes: 4000, transfer: stall }]),
      ["data-pmtu-blackhole"],
    );
    const finding = findingOf(report, "data-pmtu-blackhole");
    expect(finding).toMatchObject({ severity: "error", confidence: "certain", at: "path", rivals: [] });
    expect(finding.summary).toBe(
      "A transfer of 500 bytes arrives and one of 4000 bytes stands still: packets of full size are lost on the way.",
    );
    expect(finding.evidence).toEqual(expect.arrayContaining(["ladder-1", "passive-1", "passive-2"]));
  });

  it("show it too where the smallest was a name that nobody has, or where the server takes what is lost for sent", () => {
    const nothing = {
      sizeBytes: null,
      transfer: { replies: ["150 Opening.", "450 No such file or directory"], bytes: 0 },
    } as const;
    const unseen = { replies: ["150 Go.", "226 802 matches total"], data: "timed-out", bytes: 0 } as const;
    for (const lost of [stall, unseen]) {
      const report = expectCauses(
        probe()
          .passive("epsv", { transfer: lost })
          .active("port", { transfer: lost })
          .ladder("download", [nothing, { sizeBytes: null, transfer: lost }]),
        ["data-pmtu-blackhole"],
      );
      const finding = findingOf(report, "data-pmtu-blackhole");
      expect(finding).toMatchObject({ confidence: "likely", at: "path" });
      expect(finding.summary).toMatch(/^An empty listing arrives and a longer one stands still/);
    }
  });

  it("are less sure where long ones passed before, and no hole where all pass or the server says why", () => {
    const late = expectCauses(
      probe()
        .works("epsv")
        .ladder("download", [whole(20_000), { sizeBytes: 1_000_000, transfer: stall }]),
      ["data-pmtu-blackhole"],
    );
    expect(findingOf(late, "data-pmtu-blackhole")).toMatchObject({ confidence: "possible", severity: "warning" });
    expectCauses(
      probe()
        .works("epsv")
        .ladder("download", [whole(500), whole(4000)]),
      [],
    );
    expectCauses(
      probe()
        .works("epsv")
        .ladder("upload", [
          whole(500),
          {
            sizeBytes: 4000,
            transfer: { replies: ["150 Go.", "552 Disk full - please upload later"], data: "closed", bytes: 600 },
          },
        ]),
      ["data-aborted-by-server"],
    );
  });

  it("show a slow directory where a file comes and the listing does not", () => {
    const report = expectCauses(
      probe()
        .passive("epsv", { transfer: stall })
        .ladder("download", [whole(500), whole(20_000)]),
      ["srv-slow-listing"],
    );
    expect(findingOf(report, "srv-slow-listing")).toMatchObject({ severity: "error", confidence: "likely" });
  });

  it("show what cuts long transfers", () => {
    const cut = {
      sizeBytes: 1_000_000,
      transfer: { replies: ["150 Go.", "426 Aborted."], data: "reset", bytes: 300_000 },
    } as const;
    const report = expectCauses(
      probe()
        .works("epsv")
        .ladder("download", [whole(500), cut]),
      ["data-reset-midway"],
    );
    expect(findingOf(report, "data-reset-midway")).toMatchObject({ severity: "warning", at: "middlebox" });
  });

  it("show a directory that may not be written to, and a full disk", () => {
    const refused = (reply: string) =>
      probe()
        .works("epsv")
        .policy({ writeDirectory: "/up" })
        .ladder("upload", [{ sizeBytes: 500, transfer: { replies: [reply], data: "closed", bytes: 0 } }]);
    const path = expectCauses(refused("553 Could not create file."), ["path-or-permission"]);
    expect(findingOf(path, "path-or-permission")).toMatchObject({ severity: "warning" });
    expect(findingOf(path, "path-or-permission").summary).toContain("write to /up");
    const full = expectCauses(refused("550 Disk quota exceeded"), ["data-aborted-by-server"]);
    expect(findingOf(full, "data-aborted-by-server").summary).toContain("no room for an upload");
    const required = expectCauses(refused("550 Permission denied.").policy({ required: ["upload"] }), [
      "path-or-permission",
    ]);
    expect(findingOf(required, "path-or-permission").severity).toBe("error");
  });

  it("do not blame the server for a file of somebody else's", () => {
    expectCauses(
      probe()
        .works("epsv")
        .ladder("download", [
          { sizeBytes: 500, transfer: { replies: ["550 Permission denied."], data: "closed", bytes: 0 } },
        ]),
      [],
    );
  });
});

describe("a connection left idle", () => {
  const busy = (alive: boolean): KeptBusyRecord => ({
    session: "session-2",
    everyMs: 20_000,
    answered: alive ? 15 : 3,
    last: probe().exchange("NOOP", alive ? "200 Zzz..." : null),
  });

  it("is forgotten on the way where NOOP gets no answer and one that was kept busy lives", () => {
    const report = expectCauses(
      probe()
        .works("epsv")
        .hold({ exchange: probe().exchange("NOOP", null), keptBusy: busy(true) }),
      ["ctl-nat-idle-drop"],
    );
    const finding = findingOf(report, "ctl-nat-idle-drop");
    expect(finding).toMatchObject({ severity: "warning", confidence: "certain", at: "path", rivals: [] });
    expect(finding.summary).toContain("idle for 5 min");
  });

  it("is ended by the server where that says so, which is a notice unless it is soon", () => {
    const said = probe().reply("421 Timeout.");
    const report = expectCauses(probe().works("epsv").hold({ said, ended: "closed", exchange: null }), [
      "ctl-idle-timeout",
    ]);
    expect(findingOf(report, "ctl-idle-timeout")).toMatchObject({ severity: "notice", confidence: "certain" });
    expect(report.verdict).toBe("healthy");
    const soon = expectCauses(probe().works("epsv").hold({ said, ended: "closed", exchange: null, idledMs: 20_000 }), [
      "ctl-idle-timeout",
    ]);
    expect(findingOf(soon, "ctl-idle-timeout").severity).toBe("warning");
  });

  it("is no finding where it survives, nor idleness where the busy one died too", () => {
    expectCauses(
      probe()
        .works("epsv")
        .hold({ keptBusy: busy(true) }),
      [],
    );
    expectCauses(
      probe()
        .works("epsv")
        .hold({ exchange: probe().exchange("NOOP", null), keptBusy: busy(false) }),
      [],
    );
    const cut = probe().works("epsv").hold({ ended: "closed", exchange: null });
    expect(findingOf(expectCauses(cut, ["ctl-idle-timeout"]), "ctl-idle-timeout").confidence).toBe("possible");
  });
});
