import { describe, expect, it } from "vitest";
import type { Remedy } from "../../src/model/report.ts";
import {
  clientAdvice,
  clientRemedies,
  firewallRemedies,
  passiveRangeRemedies,
  type RemedyValues,
} from "../../src/remedies/index.ts";
import { CLIENT_TOPICS, type ClientTopic, FIREWALL_TOPICS } from "../../src/remedies/topic.ts";

const observed: RemedyValues = {
  publicAddress: "203.0.113.5",
  insideAddress: "10.0.0.2",
  controlPort: 21,
  range: { from: 49152, to: 65534 },
  host: "ftp.example.com",
};

function commands(remedies: Remedy[], label: string): string[] | undefined {
  return remedies.find((remedy) => remedy.product === label)?.commands;
}

describe("the commands that must be right to the letter", () => {
  const open = firewallRemedies("open-passive-range", observed);

  it("nftables: insert, then save", () => {
    expect(commands(open, "nftables")).toEqual([
      "nft list ruleset",
      "nft insert rule inet filter input tcp dport 49152-65534 accept",
      "nft -s list ruleset | tee /etc/sysconfig/nftables.conf",
    ]);
  });

  it("firewalld", () => {
    expect(commands(open, "firewalld")).toEqual([
      "firewall-cmd --permanent --zone=public --add-service=ftp",
      "firewall-cmd --permanent --add-port=49152-65534/tcp",
      "firewall-cmd --reload",
    ]);
  });

  it("iptables", () => {
    expect(commands(open, "iptables")).toEqual([
      "iptables -I INPUT -p tcp --dport 49152:65534 -j ACCEPT",
      "service iptables save",
    ]);
    const text = open.find((remedy) => remedy.product === "iptables")?.text;
    expect(text).toContain("iptables-services");
    expect(text).toContain("deprecated since RHEL 8");
  });

  it("CSF: at the end of TCP_IN, with the warnings", () => {
    const csf = open.find((remedy) => remedy.product === "CSF");
    expect(csf?.commands?.[0]).toContain("/^TCP_IN = /");
    expect(csf?.commands?.at(-1)).toBe("csf -r");
    expect(csf?.text).toContain("2025-08-31");
    expect(csf?.text).toContain("firewalld, which must then be removed");
  });

  it("SolusVM and Xen guests: the modules", () => {
    const guest = open.find((remedy) => remedy.product === "SolusVM or Xen guest");
    expect(guest?.config).toEqual([
      {
        file: "/etc/sysconfig/iptables-config",
        directive: "IPTABLES_MODULES",
        value: '"ip_conntrack ip_conntrack_ftp ip_nat_ftp"',
        line: 'IPTABLES_MODULES="ip_conntrack ip_conntrack_ftp ip_nat_ftp"',
      },
    ]);
    expect(guest?.commands).toEqual(["service iptables restart"]);
  });

  it("ufw, Windows Firewall and Google Cloud", () => {
    expect(commands(open, "ufw")).toEqual(["ufw allow 49152:65534/tcp"]);
    expect(commands(open, "Windows Firewall")).toEqual([
      'New-NetFirewallRule -DisplayName "FTP passive" -Protocol TCP -Direction Inbound -LocalPort 49152-65534 -Action Allow',
    ]);
    expect(commands(open, "Google Cloud firewall")?.[0]).toContain("--allow=tcp:49152-65534");
  });

  it("a NAT router: control port and range, number for number", () => {
    const forward = firewallRemedies("forward-passive-range", observed);
    expect(commands(forward, "nftables")).toContain(
      "nft insert rule ip nat prerouting ip daddr 203.0.113.5 tcp dport { 21, 49152-65534 } dnat to 10.0.0.2",
    );
    expect(commands(forward, "iptables")?.[0]).toBe(
      "iptables -t nat -I PREROUTING -d 203.0.113.5 -p tcp -m multiport --dports 21,49152:65534 -j DNAT --to-destination 10.0.0.2",
    );
  });

  it("the client's firewall: the server alone, in its address family", () => {
    const inbound = firewallRemedies("allow-active-in", { ...observed, publicAddress: "2001:db8::5" });
    expect(commands(inbound, "nftables")?.at(-1)).toBe(
      "nft insert rule inet filter input ip6 saddr 2001:db8::5 tcp sport 20 accept",
    );
    expect(commands(inbound, "iptables")).toEqual(["ip6tables -I INPUT -s 2001:db8::5 -p tcp --sport 20 -j ACCEPT"]);
    for (const remedy of inbound) expect(remedy.who).toBe("client-user");
  });

  it("a server that calls from any port: the server alone, or any port of the clients", () => {
    const proftpd = { name: "ProFTPD", version: null, confidence: "certain" } as const;
    expect(commands(firewallRemedies("allow-active-in", observed, proftpd), "iptables")).toEqual([
      "iptables -I INPUT -s 203.0.113.5 -p tcp --dport 1024:65535 -j ACCEPT",
    ]);
    for (const topic of ["allow-active-in", "allow-active-out"] as const) {
      for (const { product, commands: lines = [] } of firewallRemedies(topic, observed, proftpd)) {
        if (["nftables", "firewalld", "iptables", "ufw"].includes(product)) {
          expect(lines.join("\n"), product).not.toMatch(/\b20\b/);
          expect(lines.join("\n"), product).toMatch(/1024[-:]65535/);
        }
      }
    }
  });

  it("the data port is the one below the control port (RFC 959 section 3.2)", () => {
    const out = firewallRemedies("allow-active-out", { ...observed, controlPort: 2121 });
    expect(commands(out, "iptables")?.[0]).toBe("iptables -I OUTPUT -p tcp --sport 2120 -j ACCEPT");
  });
});

describe("server and firewall", () => {
  const windows = { name: "IIS", version: null, confidence: "certain" } as const;

  it("get the same numbers, known or proposed", () => {
    for (const values of [observed, { controlPort: 21, publicAddress: "203.0.113.5" }]) {
      const remedies = passiveRangeRemedies({ name: "vsftpd", version: null, confidence: "certain" }, values);
      const [server] = remedies;
      const from = server?.config?.find((line) => line.directive === "pasv_min_port")?.value;
      const to = server?.config?.find((line) => line.directive === "pasv_max_port")?.value;
      expect(commands(remedies, "nftables")).toContain(
        `nft insert rule inet filter input tcp dport ${from}-${to} accept`,
      );
    }
  });

  it("name the ports seen where the range is not known, and cPanel's", () => {
    const remedies = firewallRemedies("open-passive-range", { controlPort: 21, observedPorts: [40003] });
    const nft = remedies.find((remedy) => remedy.product === "nftables");
    expect(nft?.text).toContain("this run saw 40003");
    expect(nft?.text).toContain("On cPanel it is 49152 to 65534.");
  });

  it("put Windows' firewall first for a server of Windows", () => {
    expect(firewallRemedies("open-passive-range", observed, windows)[0]?.product).toBe("Windows Firewall");
    expect(firewallRemedies("allow-active-in", observed, windows)[0]?.product).toBe("nftables");
  });
});

describe("clients", () => {
  it("are told in one sentence", () => {
    expect(clientAdvice("ignore-pasv-address", 1)).toBe(
      "Let the client ignore the address in the answer to PASV (lftp: set ftp:ignore-pasv-address yes).",
    );
  });

  it("get a command to try it with, and no password in it", () => {
    const values = { ...observed, controlPort: 2121, user: "web1" };
    expect(clientRemedies("disable-epsv", values)[0]?.commands).toEqual([
      "curl --disable-epsv --user web1 ftp://ftp.example.com:2121/",
    ]);
    // Without a port curl takes ftps to mean 990.
    expect(clientRemedies("implicit-tls", { ...values, controlPort: 21 })[0]?.commands).toEqual([
      "curl --ftp-pasv --user web1 ftps://ftp.example.com:21/",
    ]);
    expect(clientRemedies("implicit-tls", { ...values, controlPort: 990 })[0]?.commands).toEqual([
      "curl --ftp-pasv --user web1 ftps://ftp.example.com:990/",
    ]);
    expect(clientRemedies("force-ipv4", { ...observed, host: null })[0]?.commands).toEqual([
      "curl -4 ftp://203.0.113.5/",
    ]);
  });

  it("are named under TLS only where they can do it there", () => {
    expect(clientAdvice("use-active", 3, "explicit")).toBe(
      'Use active mode (lftp: set ftp:passive-mode no; FileZilla: Site Manager > Transfer Settings > Active; WinSCP: Advanced > Connection > "Passive mode" off).',
    );
    const all = clientAdvice("use-active", Number.POSITIVE_INFINITY, "explicit");
    expect(all).toContain("curl before 7.87 or from 8.0: --ssl-reqd --ftp-port -");
    expect(all).not.toMatch(/wget|[;(] ?ftp:/);
    expect(clientAdvice("disable-epsv", 2, "implicit")).toContain("curl: --disable-epsv with ftps://");
    expect(clientAdvice("use-active")).toContain("; ftp: ftp -A)");
  });

  it("send a password that went under TLS alone under TLS again, whatever else they are told", () => {
    const command = (topic: ClientTopic, accountTls: "explicit" | "implicit", controlPort = 21) =>
      clientRemedies(topic, { ...observed, host: "h.example", user: "web1", accountTls, controlPort })[0]?.commands;
    expect(command("wait-longer", "explicit")).toEqual(["curl --ssl-reqd --user web1 ftp://h.example/"]);
    expect(command("disable-epsv", "explicit")).toEqual([
      "curl --ssl-reqd --disable-epsv --user web1 ftp://h.example/",
    ]);
    expect(command("cap-tls-1.2", "explicit")).toEqual(["curl --ssl-reqd --tls-max 1.2 --user web1 ftp://h.example/"]);
    expect(command("cap-tls-1.2", "implicit", 990)).toEqual(["curl --tls-max 1.2 --user web1 ftps://h.example:990/"]);
    expect(command("explicit-tls", "implicit")).toEqual(["curl --ssl-reqd --user web1 ftp://h.example/"]);
    expect(command("implicit-tls", "explicit", 990)).toEqual(["curl --ftp-pasv --user web1 ftps://h.example:990/"]);
    expect(command("use-active", "explicit")).toBeUndefined();
    for (const topic of CLIENT_TOPICS) {
      for (const accountTls of ["explicit", "implicit"] as const) {
        for (const line of command(topic, accountTls) ?? []) expect(line).toMatch(/ --ssl-reqd | ftps:/);
      }
    }
  });
});

describe("an authority of the server's own", () => {
  const given = (topic: ClientTopic, caFile: string | null) => {
    const [remedy] = clientRemedies(topic, { controlPort: 21, host: "h.example", accountTls: "explicit", caFile });
    return { command: remedy?.commands?.[0], text: remedy?.text };
  };

  it("is given to curl in every command under TLS, its file as one word of a shell", () => {
    expect(given("explicit-tls", "ca.pem").command).toBe("curl --ssl-reqd --cacert ca.pem ftp://h.example/");
    expect(given("implicit-tls", "/etc/my root's.pem").command).toBe(
      "curl --cacert '/etc/my root'\\''s.pem' --ftp-pasv ftps://h.example:21/",
    );
    expect(given("disable-epsv", "{host}").command).toContain("--cacert '{host}'");
    for (const topic of CLIENT_TOPICS) {
      const { command } = given(topic, "lab.pem");
      if (command !== undefined) expect(command).toMatch(/ --cacert (?:lab|ca)\.pem /);
    }
  });

  it("is told to every client that is named and can be told", () => {
    expect(given("explicit-tls", "my root.pem").text).toMatch(
      / They need the certificate of the server's authority as well \(curl: --cacert 'my root\.pem'; lftp: set ssl:ca-file 'my root\.pem'; Python ftplib: ssl\.create_default_context\(cafile="my root\.pem"\)\)\.$/,
    );
    expect(given("explicit-tls", "{host}").text).toContain("'{host}'");
    // In active mode curl goes by another name, and the advice itself may be whom to trust.
    expect(given("use-active", "lab.pem").text).toContain("curl: --cacert lab.pem");
    expect(given("trust-certificate", "lab.pem").text).not.toContain("lab.pem");
    expect(given("without-tls", "lab.pem").text).not.toContain("lab.pem");
  });

  it("goes without a word where nobody named one, and in clear", () => {
    expect(given("explicit-tls", null)).toMatchObject({ command: "curl --ssl-reqd ftp://h.example/" });
    expect(given("explicit-tls", null).text).not.toContain("authority");
    const clear = clientRemedies("disable-epsv", { controlPort: 21, host: "h.example", caFile: "lab.pem" })[0];
    expect(JSON.stringify(clear)).not.toContain("lab.pem");
  });
});

describe("every topic", () => {
  it.each([
    ["everything known", observed],
    ["nothing known", { controlPort: 21 }],
  ])("has something to say, without holes: %s", (_, values) => {
    const remedies = [
      ...FIREWALL_TOPICS.map((topic) => firewallRemedies(topic, values)),
      ...CLIENT_TOPICS.map((topic) => clientRemedies(topic, values)),
    ];
    for (const list of remedies) {
      expect(list.length).toBeGreaterThan(0);
      for (const remedy of list) {
        expect(JSON.stringify(remedy)).not.toMatch(/\{[a-zA-Z\d]+\}|undefined|\bnull\b|NaN/);
        expect(remedy.text).toMatch(/^[A-Z].*\.$/);
      }
    }
  });
});
