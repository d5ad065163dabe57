import { describe, expect, it } from "vitest";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import type { Report } from "../../src/model/report.ts";
import { message } from "../../src/reporters/message.ts";
import type { RenderOptions } from "../../src/reporters/reporter.ts";
import { probeOf } from "../support/evidence.ts";
import { finding, remedy, runOf, sampleReport, sampleRun } from "../support/report.ts";

const PLAIN: RenderOptions = { color: false, width: 80, verbose: false, quiet: false, clients: false };
const written = (...reports: Report[]) => message.render(runOf(...reports), PLAIN);

/** Implicit TLS on a port that refuses, and an FTP server that greets on another. */
function closedImplicit(greeting: number | null) {
  const closed = probeOf("203.0.113.5").target({ security: "implicit", port: 990 }).control({ connect: "refused" });
  return greeting === null ? closed : closed.otherPorts("host-alive", { [greeting]: ["connected", "220 Welcome\r\n"] });
}

describe("a message to forward", () => {
  it("has a subject, where and when, the evidence, the lines to write and how to check", () => {
    const text = message.render(sampleRun("private-address"), PLAIN);
    expect(text).toMatch(/^Subject: FTP at ftp\.example\.com: Server advertises its private address\n\nTo the admin/);
    expect(text).toContain("(203.0.113.5), port 21, was tried on 2026-01-02\nat 03:04 UTC from 198.51.100.10.");
    expect(text).toContain("\n> 227 Entering Passive Mode (10,0,0,2,156,67).\n");
    expect(text).toContain(
      "\n  in /etc/vsftpd.conf:\n    pasv_address=203.0.113.5\n  then run:\n    systemctl restart",
    );
    expect(text).toMatch(/To check afterwards, from where it failed:\n {4}ftp-doctor .*ftp\.example\.com\n$/);
  });

  it.each([
    ["implicit", 990, "ftps://ftp.example.com"],
    ["implicit", 2990, "ftps://ftp.example.com:2990"],
    ["implicit", 21, "ftps://ftp.example.com:21"],
    ["explicit", 21, "ftpes://ftp.example.com"],
    ["auto", 990, "ftp.example.com:990"],
  ] as const)("checks with the kind of TLS that was asked for (%s, port %i)", (security, port, target) => {
    const report = sampleReport("private-address");
    const text = written({ ...report, target: { ...report.target, security, port, user: null } });
    expect(text.trimEnd().split("\n").at(-1)).toBe(`    ftp-doctor ${target}`);
  });

  it.each([
    ["a closed port 990 beside a greeting on 21", closedImplicit(21), "ftpes://ftp.example.com"],
    ["a closed port 990 beside a greeting on 2121", closedImplicit(2121), "ftpes://ftp.example.com:2121"],
    ["a closed port and nothing beside it", closedImplicit(null), "ftps://ftp.example.com"],
    [
      "a greeting in clear on the port of implicit TLS",
      probeOf("203.0.113.5")
        .target({ security: "implicit", port: 990 })
        .secure({ how: "implicit", outcome: "protocol-error", foreign: "220 Welcome\r\n" }),
      "ftpes://ftp.example.com:990",
    ],
  ])("checks where the finding sends the client: %s", (_, built, target) => {
    const text = written(diagnose(built.build()));
    expect(text.trimEnd().split("\n").at(-1)).toBe(`    ftp-doctor ${target}`);
  });

  it("checks the same question: what is required, and the upload", () => {
    const report = sampleReport("private-address");
    const policy = { ...report.evidence.policy, required: ["passive" as const, "upload" as const] };
    const asking = (writeDirectory: string | null) =>
      written({
        ...report,
        target: { ...report.target, user: null },
        evidence: { ...report.evidence, policy: { ...policy, writeDirectory } },
      })
        .trimEnd()
        .split("\n")
        .at(-1);
    expect(asking("/in")).toBe("    ftp-doctor ftp.example.com --require passive,upload --write /in");
    expect(asking("/my files")).toBe("    ftp-doctor ftp.example.com --require passive,upload --write '/my files'");
  });

  it("puts an IPv6 address in brackets behind the kind of TLS", () => {
    const report = sampleReport("private-address");
    const target = { ...report.target, host: "2001:db8::5", security: "implicit", port: 990, user: null } as const;
    expect(written({ ...report, target })).toContain("\n    ftp-doctor ftps://[2001:db8::5]\n");
  });

  it("keeps to 72 columns but for the subject and lines to be copied", () => {
    for (const name of ["private-address", "range-filtered", "login-refused", "several-targets"]) {
      const lines = message.render(sampleRun(name), PLAIN).split("\n");
      expect(lines.filter((line) => line.length > 72 && !/^(?: {4}|Subject: |\S+: FTP works)/.test(line))).toEqual([]);
    }
  });

  it("says in one line that a healthy server needs none", () => {
    expect(message.render(sampleRun("healthy"), PLAIN)).toBe(
      "ftp.example.com: FTP works from here, there is nothing to report to anybody.\n",
    );
  });

  it("says in one line why nothing can be told", () => {
    const text = written(sampleReport("healthy", { verdict: "undetermined", summary: "No login was given." }));
    expect(text).toBe("ftp.example.com: there is no fault to report to anybody. No login was given.\n");
  });

  it("is one for each side that must act, with its own remedies", () => {
    const text = written(
      sampleReport("range-filtered", {
        verdict: "broken",
        findings: [
          finding({
            id: "pasv-private-address",
            at: "server-config",
            title: "Server advertises its private address",
            remedies: [remedy("vsftpd")],
          }),
          finding({ remedies: [remedy("vsftpd"), remedy("nftables", { who: "firewall-admin" })] }),
        ],
      }),
    );
    const [server = "", network = "", ...rest] = text.split(`\n${"=".repeat(72)}\n\n`);
    expect(rest).toEqual([]);
    expect(server).toContain("To the administrator of the FTP server\n");
    expect(server).toContain("Mends vsftpd.");
    expect(server).not.toContain("filtered");
    expect(network).toContain("firewall or router in front of the FTP\nserver\n");
    expect(network).toContain("Mends nftables.");
    expect(network).not.toContain("Mends vsftpd.");
  });

  it("goes to the server's administrator where nobody else can mend what stands before the server", () => {
    const remedies = [remedy("container")];
    const text = written(sampleReport("range-filtered", { findings: [finding({ at: "server-nat", remedies })] }));
    expect(text).toContain("To the administrator of the FTP server\n");
  });

  it("names further firewalls, since the server's product does not tell which it is", () => {
    const remedies = ["nftables", "firewalld", "ufw", "pf"].map((name) => remedy(name, { who: "firewall-admin" }));
    const text = written(sampleReport("private-address", { findings: [finding({ remedies })] }));
    expect(text).toContain("What to change (nftables)");
    expect(text).toContain("Or (firewalld)");
    expect(text).toContain("The same is known for ufw and pf: please ask.");
  });

  it("says what is meant by here, where a finding speaks of it", () => {
    const at = (summary: string) =>
      written(sampleReport("range-filtered", { findings: [finding({ summary })] })).replaceAll("\n", " ");
    expect(at("The server refuses this machine's address.")).toContain("“this machine” mean the client.");
    expect(at("The server does nothing.")).not.toContain("mean the client.");
  });

  it("leaves notices and consequences out", () => {
    const text = written(
      sampleReport("range-filtered", {
        findings: [
          finding(),
          finding({ title: "Only a notice", severity: "notice" }),
          finding({ title: "Only a consequence", role: "consequence" }),
        ],
      }),
    );
    expect(text).not.toContain("Only a");
  });

  it("numbers the causes of one side and says what is not certain", () => {
    const rivals = [{ cause: "pasv-x", title: "Something else", toTellApart: "Look." }];
    const text = written(
      sampleReport("range-filtered", {
        findings: [finding({ rivals }), finding({ title: "Another", confidence: "certain" })],
      }),
    );
    expect(text).toContain("Subject: FTP at ftp.example.com: Passive ports are filtered (and 1 more)\n");
    expect(text).toContain("\n1. Passive ports are filtered\n");
    expect(text).toContain("\n2. Another\n");
    expect(text.match(/not certain/g)).toHaveLength(1);
    expect(text).toContain("It could also be: Something else. To tell\napart: Look.");
  });

  it("names the client as the server sees it, where the server tells", () => {
    const refusal = "500 I won't open a connection to 192.168.1.19 (only to 198.51.100.99)";
    const evidence = probeOf("203.0.113.5")
      .client({ addresses: ["192.168.1.19"] })
      .passive("epsv", { dial: "timed-out" })
      .passive("pasv", { dial: "timed-out" });
    expect(written(diagnose(evidence.build()))).toContain("192.168.1.19 (its address inside");
    expect(written(diagnose(evidence.active("port", { reply: refusal }).build()))).toMatch(
      /from\s198\.51\.100\.99\s\(as\sthe\sserver\ssees\sit\)/,
    );
  });
});

describe("what a message must not tell", () => {
  const named = (user: string, quote: string) => {
    const report = sampleReport("login-refused");
    return written({
      ...report,
      target: { ...report.target, user },
      findings: [
        finding({
          at: "server-config",
          seen: [quote],
          summary: `The login of ${user} is refused.`,
          remedies: [remedy("vsftpd", { commands: [`chown ${user} /home/${user}`] })],
        }),
      ],
    });
  };

  it("the login name, wherever it stands", () => {
    const text = named("web1", "331 Password required for WEB1.");
    expect(text.toLowerCase()).not.toContain("web1");
    expect(text).toContain("> 331 Password required for LOGIN.");
    expect(text).toContain("    chown LOGIN /home/LOGIN\n");
    expect(text).toContain("ftp-doctor --user LOGIN ftp.example.com\n");
  });

  it("a login name with characters that mean something elsewhere", () => {
    expect(named("a+b(c)", "331 for a+b(c)")).not.toContain("a+b(c)");
    expect(named("web1@example.com", "331 for web1@example.com")).not.toContain("web1");
  });

  it("but a login name that is a part of another word leaves that alone", () => {
    const text = named("ftp", "331 ftp-data for ftp on ftp.example.com");
    expect(text).toContain("> 331 ftp-data for LOGIN on ftp.example.com");
  });

  it("what a terminal would act on", () => {
    const text = message.render(sampleRun("hostile-text"), PLAIN);
    expect(text).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u);
    expect(text.split("\n")[0]).toMatch(/^Subject: /);
  });
});
