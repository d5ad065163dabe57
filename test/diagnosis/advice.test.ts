import { describe, expect, it } from "vitest";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import { type EvidenceBuilder, probeOf } from "../support/evidence.ts";
import { findingOf } from "../support/findings.ts";

const reportOf = (probe: EvidenceBuilder) => diagnose(probe.build());
const vsftpd = () =>
  probeOf("203.0.113.5")
    .control({ greeting: "220 (vsFTPd 3.0.3)" })
    .login("logged-in", "331 Please specify the password.", "230 Login successful.");
const filtered = { dial: "timed-out" } as const;

describe("remedies", () => {
  it("name the lines of the product recognised, with the address observed", () => {
    const report = reportOf(vsftpd().works("epsv").passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out" }));
    expect(findingOf(report, "pasv-private-address").remedies).toEqual([
      expect.objectContaining({
        who: "server-admin",
        product: "vsftpd",
        config: [expect.objectContaining({ line: "pasv_address=203.0.113.5" })],
        commands: ["systemctl restart vsftpd"],
      }),
    ]);
  });

  it("name several products where it is not known", () => {
    const report = reportOf(
      probeOf("203.0.113.5").works("epsv").passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out" }),
    );
    const products = findingOf(report, "pasv-private-address").remedies.map(({ product }) => product);
    expect(products).toEqual(expect.arrayContaining(["vsftpd", "ProFTPD", "Pure-FTPd"]));
  });

  it("are the control panel's where the greeting names one", () => {
    const probe = (greeting: string) =>
      reportOf(
        probeOf("203.0.113.5").control({ greeting }).works("epsv").passive("pasv", {
          names: "10.0.0.2:40003",
          dial: "timed-out",
        }),
      );
    const first = (greeting: string) => findingOf(probe(greeting), "pasv-private-address").remedies[0];
    const greeting = "220---------- Welcome to Pure-FTPd [privsep] [TLS] ----------";
    expect(JSON.stringify(first(`${greeting}\n220 cPanel FTP ready`))).toContain("setupftpserver");
    expect(JSON.stringify(first(greeting))).not.toContain("setupftpserver");
  });

  it("open the range in server and firewall, and forward it where a NAT has shown itself", () => {
    const open = reportOf(vsftpd().passive("epsv", filtered).passive("pasv", filtered));
    const texts = JSON.stringify(findingOf(open, "pasv-ports-filtered").remedies);
    expect(texts).toContain("pasv_min_port=");
    expect(texts).toContain("nft insert rule");
    expect(texts).not.toContain("dnat to");
    const nat = reportOf(
      vsftpd()
        .passive("epsv", filtered)
        .passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out", peer: "timed-out" }),
    );
    expect(JSON.stringify(findingOf(nat, "pasv-ports-filtered").remedies)).toContain("dnat to 10.0.0.2");
  });

  it("do not propose an address that is not for the world", () => {
    const report = reportOf(
      probeOf("127.0.0.1").works("epsv").passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out" }),
    );
    expect(JSON.stringify(findingOf(report, "pasv-private-address").remedies)).not.toContain("127.0.0.1");
  });
});

describe("meanwhile", () => {
  it("names the mode that works and how to use it", () => {
    const report = reportOf(vsftpd().works("epsv").passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out" }));
    expect(report.meanwhile).toHaveLength(2);
    expect(report.meanwhile[0]).toContain("EPSV");
    expect(report.meanwhile[1]).toContain("ignore-pasv-address");
  });

  it("falls back to active mode where nothing passive works", () => {
    const report = reportOf(vsftpd().passive("epsv", filtered).passive("pasv", filtered).works("port"));
    expect(report.meanwhile).toHaveLength(1);
    expect(report.meanwhile[0]).toContain("active mode");
  });

  it("prefers IPv4 where only that works", () => {
    const report = reportOf(vsftpd().works("epsv", "pasv").at("2001:db8::5").control({ connect: "timed-out" }));
    expect(report.meanwhile[0]).toContain("IPv4");
  });

  it("is empty where nothing works, and where nothing is wrong", () => {
    expect(reportOf(vsftpd().passive("epsv", filtered).passive("pasv", filtered)).meanwhile).toEqual([]);
    expect(reportOf(vsftpd().works("epsv", "pasv").active("port", { accept: "timed-out" })).meanwhile).toEqual([]);
  });
});

describe("the summary", () => {
  it("names every cause that is as bad as the first", () => {
    const report = reportOf(
      vsftpd()
        .passive("epsv", filtered)
        .passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out", peer: "timed-out" }),
    );
    expect(report.summary).toContain("10.0.0.2");
    expect(report.summary).toContain("Besides: passive ports are filtered.");
  });

  it("says that a run was stopped, and what it had seen", () => {
    const report = reportOf(
      vsftpd().interrupted().works("pasv").passive("epsv", { reply: null, outcome: "cancelled" }),
    );
    expect(report.summary).toBe("The run against ftp.example.com was stopped before it could tell.");
  });
});

describe("next", () => {
  it("gives commands that can be pasted, whatever the target was", () => {
    const report = reportOf(
      vsftpd()
        .target({ input: "ftp://web1@ftp.example.com/a b;rm 'x'" })
        .passive("epsv", filtered)
        .passive("pasv", filtered),
    );
    expect(report.next.map(({ command }) => command)).toEqual([
      "ftp-doctor 'ftp://web1@ftp.example.com/a b;rm '\\''x'\\'''",
      "tcpdump -ni any 'tcp portrange 40000-40001'",
    ]);
  });
});
