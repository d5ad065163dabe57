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
        config: ["pasv_address=203.0.113.5", "listen=YES", "listen_ipv6=NO"].map((line) =>
          expect.objectContaining({ line }),
        ),
        commands: ["systemctl restart vsftpd"],
      }),
    ]);
  });

  it("leave out, where the product is not known, those that ask for the password in other words", () => {
    const products = (prompt: string) =>
      findingOf(
        reportOf(
          probeOf("203.0.113.5")
            .control({ greeting: "220 Hello" })
            .login("logged-in", prompt, "230 Come in")
            .works("epsv")
            .passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out" }),
        ),
        "pasv-private-address",
      ).remedies.map(({ product }) => product);
    expect(products("331 Name okay, need password.")).toEqual(["any"]);
    expect(products("331 Password required for this account.")).not.toContain("vsftpd");
    // Signed on without a password: nothing was said that rules one of them out.
    expect(products("230 Come in")).toEqual(expect.arrayContaining(["vsftpd", "ProFTPD", "Pure-FTPd"]));
  });

  it("give no hint about a 331 that never came", () => {
    const report = reportOf(probeOf("203.0.113.5").control({ greeting: "220 Hello" }).login("rejected", "530 Not you"));
    expect(JSON.stringify(report.findings)).not.toMatch(/It is \w/);
  });

  it("do not open a server for writing because something cannot be read", () => {
    const report = reportOf(
      vsftpd()
        .target({ path: "pub", user: "web1" })
        .policy({ credentials: "given" })
        .directory("550 Failed to change directory.")
        .works("epsv"),
    );
    const { remedies } = findingOf(report, "path-or-permission");
    expect(remedies.map(({ commands }) => commands)).toEqual([["namei -l ~web1/pub", "ls -ldZ ~web1/pub"]]);
    expect(JSON.stringify(remedies)).not.toContain("write_enable");
  });

  it("go by the code where the server aborts a transfer", () => {
    const words = (reply: string) =>
      JSON.stringify(
        findingOf(
          reportOf(
            vsftpd()
              .works("epsv")
              .passive("pasv", { transfer: { replies: ["150 Go.", reply], data: "ok", bytes: 10 } }),
          ),
          "data-aborted-by-server",
        ).remedies,
      );
    expect(words("426 Failure writing network stream.")).toContain("firewalls, NAT and proxies");
    expect(words("451 Failure reading local file.")).toContain("log");
    for (const reply of ["452 No space.", "552 Quota exceeded"]) expect(words(reply)).toContain("quota");
  });

  it("let the client use TLS before the server is told to do without", () => {
    const refused = vsftpd()
      .target({ user: "web1" })
      .policy({ credentials: "given" })
      .login("rejected", "530 Non-anonymous sessions must use encryption.");
    const { remedies } = findingOf(reportOf(refused), "auth-tls-required");
    expect(remedies.map(({ who }) => who)).toEqual(["client-user", "server-admin"]);
    expect(remedies[1]?.text).toContain("weakens");
  });

  it("look into the directory that the server quotes, if it is no more than a path", () => {
    const commands = (quoted: string) =>
      findingOf(
        reportOf(
          vsftpd()
            .target({ user: "web1" })
            .policy({ credentials: "given" })
            .login("rejected", "331 Please specify the password.", `500 OOPS: cannot change directory:${quoted}`),
        ),
        "auth-home-inaccessible",
      ).remedies.flatMap((remedy) => remedy.commands ?? []);
    expect(commands("/home/demo")[0]).toBe("namei -l /home/demo");
    expect(commands("/home/x;reboot")[0]).toBe("namei -l ~web1");
    expect(commands("$(reboot)")[0]).toBe("namei -l ~web1");
  });

  it("put an address in place of one that the server cannot use, and a listener under it that lets it through", () => {
    const unusable = vsftpd().works("epsv").passive("pasv", { reply: "500 OOPS: invalid pasv_address" });
    const lines = (probe: EvidenceBuilder, id: string) =>
      findingOf(reportOf(probe), id).remedies.map(({ config }) => config?.map(({ line }) => line));
    expect(lines(unusable, "pasv-address-unparsable")).toEqual([
      ["pasv_address=203.0.113.5", "listen=YES", "listen_ipv6=NO"],
      ["pasv_addr_resolve=YES", "pasv_address=ftp.example.com", "listen=YES", "listen_ipv6=NO"],
    ]);
    const zero = vsftpd().works("epsv").passive("pasv", { names: "0.0.0.0:40003", dial: "refused" });
    expect(lines(zero, "pasv-loopback-or-zero-address")).toEqual([
      ["pasv_address=203.0.113.5", "listen=YES", "listen_ipv6=NO"],
    ]);
  });

  it("are few where the server hung up before it said what it is", () => {
    const silent = probeOf("203.0.113.5").control({ greeting: null, greetingOutcome: "closed" });
    expect(findingOf(reportOf(silent), "ctl-accepted-then-closed").remedies).toHaveLength(2);
    const full = probeOf("203.0.113.5").control({ greeting: "421 Too many sessions, maximum reached" });
    expect(findingOf(reportOf(full), "ctl-max-clients").remedies).toHaveLength(1);
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

  it("open the range that the offers come from, where they tell it, and else say that the server is to be told first", () => {
    const offered = (ports: readonly number[]) => {
      const probe = vsftpd().login().passive("epsv", filtered).passive("pasv", filtered);
      return probe.offers(
        "pasv",
        "side-by-side",
        ports.map((port) => ({ names: `203.0.113.5:${port}`, dial: "timed-out" as const })),
      );
    };
    const advised = (ports: readonly number[]) => {
      const { remedies } = findingOf(reportOf(offered(ports)), "pasv-ports-filtered");
      return remedies.find(({ product }) => product === "nftables");
    };
    const told = advised([
      40_047, 40_003, 40_088, 40_051, 40_097, 40_012, 40_066, 40_030, 40_079, 40_024, 40_058, 40_009,
    ]);
    expect(told?.commands?.[1]).toMatch(/dport (?:39[89]|40[01])\d\d-40[01]\d\d accept/);
    expect(told?.text).toContain("most likely come from");
    const wide = advised([40_047, 60_003, 33_088]);
    expect(wide?.commands?.[1]).toContain("dport 50000-50100");
    expect(wide?.text).toMatch(
      /^First set the server to this range; should it have one of its own already \(this run saw /,
    );
  });

  it("save nftables' rules where the system of the greeting keeps them", () => {
    const save = (greeting: string) => {
      const probe = probeOf("203.0.113.5").control({ greeting }).login();
      const { remedies } = findingOf(
        reportOf(probe.passive("epsv", filtered).passive("pasv", filtered)),
        "pasv-ports-filtered",
      );
      const nft = remedies.find(({ product }) => product === "nftables");
      return [nft?.commands?.at(-1)?.split(" ").at(-1), nft?.text];
    };
    const [debian, text] = save("220 ProFTPD Server (Debian) [203.0.113.5]");
    expect(debian).toBe("/etc/nftables.conf");
    expect(text).toContain("on Red Hat and its relatives that is /etc/sysconfig/nftables.conf");
    for (const greeting of ["220 Welcome to CentOS", "220 (vsFTPd 3.0.3)"]) {
      expect(save(greeting)[0]).toBe("/etc/sysconfig/nftables.conf");
      expect(save(greeting)[1]).toContain("on Debian and Ubuntu that is /etc/nftables.conf");
    }
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

  it("does not advise under TLS what works in clear alone", () => {
    const blind = (probe: ReturnType<typeof vsftpd>) => probe.control().secure().login();
    const clear = () => vsftpd().login().works("epsv", "pasv");
    const closed = reportOf(blind(clear()).passive("epsv", filtered).passive("pasv", filtered));
    expect(closed.meanwhile.join()).toContain("without TLS");
    expect(closed.meanwhile.join()).not.toMatch(/use EPSV/i);
    const active = reportOf(blind(clear()).passive("epsv", filtered).passive("pasv", filtered).works("port"));
    expect(active.meanwhile.join()).toMatch(/^Under TLS: use active mode/);
    expect(active.meanwhile.join()).not.toMatch(/EPSV|without TLS/);
    // Under TLS itself EPSV is the answer where it works there.
    const named = { names: "10.0.0.2:40003", dial: "timed-out" } as const;
    expect(reportOf(blind(clear()).works("epsv").passive("pasv", named)).meanwhile[0]).toMatch(/^Under TLS: use EPSV/);
  });

  it("advises TLS where data can be had under it alone", () => {
    const clear = vsftpd().login().passive("epsv", filtered).passive("pasv", filtered);
    expect(reportOf(clear.control().secure().login().works("epsv", "pasv")).meanwhile.join()).toContain("over TLS");
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

  it("names no mode that fails at another address, and of two families no other one's", () => {
    const two = vsftpd().works("epsv").passive("pasv", filtered).at("2001:db8::5").control().login();
    expect(reportOf(two.passive("epsv", filtered).works("port")).meanwhile.join()).not.toMatch(/Use EPSV/);
    const mixed = vsftpd().works("epsv").passive("pasv", filtered).at("203.0.113.6").control().login();
    expect(reportOf(mixed.passive("epsv", filtered).works("pasv")).meanwhile).toEqual([]);
  });

  // Every result that a mode can have, in clear and under TLS: what is advised works, and nothing is advised and advised against.
  const RESULTS = ["works", "blocked", "refused"] as const;
  const outcomes = RESULTS.flatMap((epsv) => RESULTS.flatMap((pasv) => RESULTS.map((port) => ({ epsv, pasv, port }))));
  const withModes = (probe: ReturnType<typeof vsftpd>, { epsv, pasv, port }: (typeof outcomes)[number]) => {
    for (const [mode, result] of [["epsv", epsv] as const, ["pasv", pasv] as const]) {
      if (result === "works") probe.works(mode);
      else probe.passive(mode, result === "blocked" ? filtered : { reply: "502 Command not implemented." });
    }
    if (port === "works") return probe.works("port");
    return probe.active("port", port === "blocked" ? { accept: "timed-out" } : { reply: "500 Illegal PORT command." });
  };

  it.each(outcomes)("contradicts neither itself nor the table: in clear $epsv, $pasv, $port", (clear) => {
    for (const tls of [null, ...outcomes]) {
      const probe = withModes(vsftpd().login(), clear);
      const report = reportOf(tls === null ? probe : withModes(probe.control().secure().login(), tls));
      const clients = report.findings.flatMap(({ remedies }) => remedies.filter(({ who }) => who === "client-user"));
      const advice = [...report.meanwhile, ...clients.filter(({ commands }) => commands).map(({ text }) => text)];
      const good = (side: "clear" | "tls" | null, ...modes: string[]) =>
        report.modes.some(
          ({ mode, result, protection }) =>
            modes.includes(mode) && result === "works" && (side === null || side === protection),
        );
      for (const text of advice) {
        const side = /^Under TLS: /.test(text) ? "tls" : /^In clear text: /.test(text) ? "clear" : null;
        if (/\buse EPSV\b/i.test(text)) expect(good(side, "epsv"), text).toBe(true);
        if (/\buse PASV\b/i.test(text)) expect(good(side, "pasv"), text).toBe(true);
        if (/\buse passive\b/i.test(text)) expect(good(side, "epsv", "pasv"), text).toBe(true);
        if (/\buse active\b/i.test(text)) expect(good(side, "port"), text).toBe(true);
      }
      for (const [one, other] of [
        [/^use EPSV/i, /^use PASV/i],
        [/^use passive/i, /^use active/i],
        [/without TLS/, /over TLS \(explicit\)/],
      ] as const) {
        const both =
          report.meanwhile.some((text) => one.test(text)) && report.meanwhile.some((text) => other.test(text));
        expect(both, report.meanwhile.join("\n")).toBe(false);
      }
    }
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
    expect(report.summary).toBe(
      "The run against ftp.example.com was stopped before it could tell. What works so far: PASV.",
    );
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

  it("names the login that was given beside the target, and none that stands in it", () => {
    const command = (input: string, user: string | null) =>
      reportOf(vsftpd().target({ input, user }).passive("epsv", filtered).passive("pasv", filtered)).next[0]?.command;
    expect(command("ftp.example.com:2121", "web1")).toBe("ftp-doctor ftp.example.com:2121 --user web1");
    expect(command("ftp://web1@ftp.example.com", "web1")).toBe("ftp-doctor ftp://web1@ftp.example.com");
    expect(command("ftp.example.com", null)).toBe("ftp-doctor ftp.example.com");
  });

  it("watch one port by its number, and two far ones by both", () => {
    const watched = (epsv: number, pasv: number) =>
      reportOf(
        probeOf("203.0.113.5")
          .passive("epsv", { names: `203.0.113.5:${epsv}`, dial: "timed-out" })
          .passive("pasv", { names: `203.0.113.5:${pasv}`, dial: "timed-out" }),
      ).next.map(({ command }) => command);
    expect(watched(40_001, 40_001)).toContain("tcpdump -ni any 'tcp port 40001'");
    expect(watched(40_001, 51_000)).toContain("tcpdump -ni any 'tcp port 40001 or tcp port 51000'");
  });
});
