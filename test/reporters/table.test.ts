import { describe, expect, it } from "vitest";
import type { Report } from "../../src/model/report.ts";
import { formatNames, type RenderOptions, reporters } from "../../src/reporters/index.ts";
import { finding, modeRow, remedy, runOf, sampleReport, sampleRun } from "../support/report.ts";

const PLAIN: RenderOptions = { color: false, width: 80, verbose: false, quiet: false, clients: false };

function shown(report: Report, options: Partial<RenderOptions> = {}): string {
  return reporters.table.render(runOf(report), { ...PLAIN, ...options });
}

describe("the formats", () => {
  it("are named as they are registered", () => {
    expect(formatNames).toEqual(["table", "json", "ndjson", "evidence", "message"]);
    for (const name of formatNames) expect(reporters[name].name).toBe(name);
  });

  it("print nothing, or an empty run, where there is no report", () => {
    const run = runOf();
    expect(reporters.table.render(run, PLAIN)).toBe("");
    expect(reporters.ndjson.render(run, PLAIN)).toBe("");
    expect(JSON.parse(reporters.json.render(run, PLAIN)).reports).toEqual([]);
  });
});

describe("where only ASCII can be shown", () => {
  const summary = 'It said "550 no…" and "Привет".';
  const several = runOf(...["a", "b"].map(() => sampleReport("healthy", { summary })));

  it("rules and ellipses are ASCII, what a server said is not touched", () => {
    const text = reporters.table.render(several, { ...PLAIN, ascii: true });
    expect(text).toContain('It said "550 no..." and "Привет".');
    expect(text).toMatch(/^-+$/m);
    expect(text).toMatch(/^={80}$/m);
    expect(text.replaceAll("Привет", "")).toMatch(/^[\n -~]+$/);
  });

  it("so are they where there is one line per target", () => {
    expect(reporters.table.render(several, { ...PLAIN, quiet: true, ascii: true })).toContain('"550 no..."');
  });
});

describe("a healthy report", () => {
  it("is short: verdict, who was spoken to, mode table", () => {
    const text = reporters.table.render(sampleRun("healthy"), PLAIN);
    expect(text.split("\n").length).toBeLessThanOrEqual(14);
    expect(text).toMatch(/^ftp\.example\.com {2}HEALTHY\n/);
  });
});

describe("the mode table", () => {
  const columns = (modes: Report["modes"]) =>
    shown(sampleReport("healthy", { modes }))
      .split("\n")
      .find((line) => line.startsWith("Mode"));

  it("shows the protection only where there are two", () => {
    expect(columns([modeRow()])).not.toContain("Data");
    expect(columns([modeRow(), modeRow({ protection: "tls" })])).toMatch(/^Mode +Data +Result/);
  });

  it("shows the family where it tells the addresses apart, otherwise the address", () => {
    const v6 = modeRow({ family: "ipv6", address: "2001:db8::5" });
    expect(columns([modeRow(), v6])).toMatch(/^Mode +Via +Result/);
    expect(columns([modeRow(), modeRow({ address: "203.0.113.6" })])).toMatch(/^Mode +Address +Result/);
  });

  it("keeps the longest IPv6 endpoints whole, if on two lines", () => {
    const address = "2001:db8:1111:2222:3333:4444:5555:6666";
    const modes = [
      modeRow({
        mode: "eprt",
        family: "ipv6",
        address,
        advertised: null,
        offered: `[${address}]:50321`,
        calledFrom: `[${address}]:20`,
      }),
    ];
    const lines = shown(sampleReport("healthy", { modes })).split("\n");
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(lines.join("\n").replace(/\s+/g, " ")).toMatch(/4444:5555: .* 6666\]:50321 /);
  });
});

describe("a finding", () => {
  it("shows three remedies in full, one of everybody who could act, and names the others", () => {
    const remedies = [
      remedy("vsftpd"),
      remedy("ProFTPD"),
      remedy("IIS"),
      remedy("nftables", { who: "firewall-admin", commands: ["nft list ruleset"] }),
      remedy("ufw", { who: "firewall-admin" }),
      remedy("any", { who: "client-user" }),
    ];
    const text = shown(sampleReport("range-filtered", { findings: [finding({ remedies })] }));
    expect(text).toContain("fix 1      server administrator, vsftpd (quick)");
    expect(text).toContain("fix 2      firewall administrator, nftables (quick)");
    expect(text).toContain("fix 3      user of the client (quick)");
    expect(text).toContain("also for   ProFTPD, IIS and ufw: shown with --verbose");
    expect(text).not.toContain("Mends ProFTPD");
    expect(shown(sampleReport("range-filtered", { findings: [finding({ remedies })] }), { verbose: true })).toContain(
      "Mends ProFTPD",
    );
  });

  it("prints settings under their file and commands on lines of their own, however long", () => {
    const command = `nft insert rule inet filter input tcp dport 49152-65534 accept comment "${"x".repeat(60)}"`;
    const config = [
      { file: "/etc/vsftpd.conf", directive: "pasv_min_port", value: "50000", line: "pasv_min_port=50000" },
      { file: "/etc/vsftpd.conf", directive: "pasv_max_port", value: "50100", line: "pasv_max_port=50100" },
    ];
    const remedies = [remedy("vsftpd", { config, commands: [command] })];
    const text = shown(sampleReport("range-filtered", { findings: [finding({ remedies })] }));
    expect(text).toContain(
      "in /etc/vsftpd.conf:\n                  pasv_min_port=50000\n                  pasv_max_port=50100\n",
    );
    expect(text).toContain(`then run:\n                  ${command}\n`);
  });

  it("names rivals with what tells them apart", () => {
    const rivals = [{ cause: "pasv-client-egress-blocked", toTellApart: "Probe from another network." }];
    const text = shown(sampleReport("range-filtered", { findings: [finding({ rivals })] }));
    expect(text).toContain(
      "or else    pasv-client-egress-blocked\n              to tell apart: Probe from another network.",
    );
  });

  it("numbers causes only; consequences and notices get a line", () => {
    const findings = [
      finding(),
      finding({ id: "ctl-idle-timeout", role: "consequence", severity: "error", title: "The session idles out" }),
      finding({ id: "port-disabled", severity: "notice", title: "Active mode is off", explanation: "Long story." }),
    ];
    const text = shown(sampleReport("range-filtered", { findings }));
    expect(text).toContain("\n1  Passive ports are filtered\n");
    expect(text).not.toContain("\n2  ");
    expect(text).toContain("Follows from this, and goes away with it\n - The session idles out (ctl-idle-timeout)\n");
    expect(text).toContain("Worth knowing\n - Active mode is off (port-disabled, likely)");
    expect(text).not.toContain("Long story.");
  });
});

describe("a rule that crashed", () => {
  it("is never silent", () => {
    const checks = [{ id: "pasv-hairpin", status: "crashed" as const, note: "x is not a function" }];
    expect(shown(sampleReport("healthy", { checks }))).toContain("- pasv-hairpin: x is not a function");
  });
});

describe("quiet", () => {
  it("prints one line per target", () => {
    const text = reporters.table.render(sampleRun("several-targets"), { ...PLAIN, quiet: true });
    expect(
      text
        .trimEnd()
        .split("\n")
        .map((line) => line.split("  ").slice(0, 2)),
    ).toEqual([
      ["one.example.com", "HEALTHY"],
      ["two.example.com", "DEGRADED"],
      ["ftp.exmaple.com", "BROKEN"],
    ]);
  });
});

describe("verbose", () => {
  it("adds every session's transcript and every rule's answer", () => {
    const text = shown(sampleReport("private-address"), { verbose: true });
    expect(text).toContain("0.024 <- 331 Please specify the password.");
    expect(text).toContain("0.024 -> PASS [secret]");
    for (const { id } of sampleReport("private-address").checks) expect(text).toContain(id);
  });
});

describe("a target's name", () => {
  it("bears the port where it is not 21", () => {
    const { target } = sampleReport("healthy");
    expect(shown(sampleReport("healthy", { target: { ...target, port: 2121 } }))).toMatch(/^ftp\.example\.com:2121 /);
    const v6 = { ...target, host: "2001:db8::5", port: 2121 };
    expect(shown(sampleReport("healthy", { target: v6 }))).toMatch(/^\[2001:db8::5\]:2121 /);
  });
});
