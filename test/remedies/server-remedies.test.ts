import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { PRODUCT_NAMES, type ProductName } from "../../src/model/product.ts";
import type { Product, Remedy } from "../../src/model/report.ts";
import { type RemedyValues, serverRemedies } from "../../src/remedies/index.ts";
import { recommendedRange, setUps } from "../../src/remedies/server-remedies.ts";
import { SERVER_TOPICS } from "../../src/remedies/topic.ts";

const observed: RemedyValues = {
  publicAddress: "203.0.113.5",
  insideAddress: "10.0.0.2",
  controlPort: 21,
  range: { from: 49152, to: 65534 },
  observedPorts: [49160, 65000],
  clientAddress: "198.51.100.10",
  host: "ftp.example.com",
  user: "web1",
  path: "/pub",
};

function product(name: string, confidence: Product["confidence"] = "certain"): Product {
  return { name, version: null, confidence };
}

/** File, line and commands of the remedy for this set-up. */
function change(remedies: Remedy[], label: string): { file: string; lines: string[]; commands: string[] } {
  const remedy = remedies.find((candidate) => candidate.product === label);
  return {
    file: [...new Set(remedy?.config?.map((line) => line.file))].join(),
    lines: remedy?.config?.map((line) => line.line) ?? [],
    commands: remedy?.commands ?? [],
  };
}

describe("the lines that must be right to the letter", () => {
  const address = (name: string) => serverRemedies("advertised-address", product(name), observed);
  const range = (name: string, values = observed) => serverRemedies("passive-range", product(name), values);

  it("vsftpd", () => {
    expect(change(address("vsftpd"), "vsftpd")).toEqual({
      file: "/etc/vsftpd.conf",
      // Debian's file has listen_ipv6=YES, and vsftpd 3.0.3 then names 0,0,0,0 whatever pasv_address says.
      lines: ["pasv_address=203.0.113.5", "listen=YES", "listen_ipv6=NO"],
      commands: ["systemctl restart vsftpd"],
    });
    expect(change(range("vsftpd"), "vsftpd")).toEqual({
      file: "/etc/vsftpd.conf",
      lines: ["pasv_enable=YES", "pasv_min_port=49152", "pasv_max_port=65534"],
      commands: ["systemctl restart vsftpd"],
    });
  });

  it("vsftpd with IPv6 clients: no lines that would shut them out", () => {
    const both = serverRemedies("advertised-address", product("vsftpd"), { ...observed, ipv6Address: "2001:db8::5" });
    const remedy = both.find((one) => one.product === "vsftpd");
    expect(remedy?.config).toBeUndefined();
    expect(remedy?.text).toContain("listen_address6=2001:db8::5");
  });

  it("vsftpd that denies EPSV, or cannot have port 20", () => {
    const [epsv] = serverRemedies("enable-epsv", product("vsftpd"), observed);
    expect(epsv?.commands?.[0]).toBe("sed -i.bak -E '/^cmds_denied=/{s/(=|,)EPSV(,|$)/\\1/;s/,$//}' /etc/vsftpd.conf");
    expect(change(serverRemedies("data-port", product("vsftpd"), observed), "vsftpd").lines).toEqual([
      "connect_from_port_20=NO",
    ]);
  });

  it("Pure-FTPd's word for connections from elsewhere, which anonymous visitors have one of their own for", () => {
    const lines = (anonymous: boolean) =>
      change(serverRemedies("foreign-data-peer", product("Pure-FTPd"), { ...observed, anonymous }), "Pure-FTPd").lines;
    expect(lines(true)).toEqual(["AllowAnonymousFXP yes"]);
    expect(lines(false)).toEqual(["AllowUserFXP yes"]);
  });

  it("Pure-FTPd", () => {
    expect(change(address("Pure-FTPd"), "Pure-FTPd")).toEqual({
      file: "/etc/pure-ftpd/pure-ftpd.conf",
      lines: ["ForcePassiveIP 203.0.113.5"],
      commands: ["systemctl restart pure-ftpd"],
    });
    expect(change(range("Pure-FTPd"), "Pure-FTPd").lines).toEqual(["PassivePortRange 49152 65534"]);
  });

  it("Pure-FTPd as Debian packages it, one value per file", () => {
    expect(change(address("Pure-FTPd"), "Pure-FTPd on Debian")).toEqual({
      file: "/etc/pure-ftpd/conf/ForcePassiveIP",
      lines: ["203.0.113.5"],
      commands: ["systemctl restart pure-ftpd"],
    });
    expect(change(range("Pure-FTPd"), "Pure-FTPd on Debian")).toMatchObject({
      file: "/etc/pure-ftpd/conf/PassivePortRange",
      lines: ["49152 65534"],
    });
  });

  it("ProFTPD", () => {
    expect(change(address("ProFTPD"), "ProFTPD")).toEqual({
      file: "/etc/proftpd/proftpd.conf",
      lines: ["MasqueradeAddress 203.0.113.5"],
      commands: ["systemctl restart proftpd"],
    });
    expect(change(range("ProFTPD"), "ProFTPD").lines).toEqual(["PassivePorts 49152 65534"]);
  });

  it("cPanel with Pure-FTPd", () => {
    const apply = ["/usr/local/cpanel/scripts/setupftpserver pure-ftpd --force"];
    const file = "/var/cpanel/conf/pureftpd/local";
    const label = "cPanel with Pure-FTPd";
    expect(change(address("Pure-FTPd"), label)).toEqual({
      file,
      lines: ["ForcePassiveIP: 203.0.113.5"],
      commands: apply,
    });
    expect(change(serverRemedies("own-address", product("Pure-FTPd"), observed), label)).toEqual({
      file,
      lines: ["ForcePassiveIP: ~"],
      commands: apply,
    });
    const unknown = { controlPort: 21 };
    expect(change(range("Pure-FTPd", unknown), label)).toEqual({
      file,
      lines: ["PassivePortRange: 49152 65534"],
      commands: apply,
    });
    expect(address("Pure-FTPd").find((remedy) => remedy.product === label)?.text).toContain("Only one ForcePassiveIP");
  });

  it("cPanel with ProFTPD", () => {
    const apply = ["/usr/local/cpanel/scripts/setupftpserver proftpd --force"];
    const file = "/var/cpanel/conf/proftpd/local";
    const label = "cPanel with ProFTPD";
    expect(change(address("ProFTPD"), label)).toEqual({
      file,
      lines: ["MasqueradeAddress: 203.0.113.5"],
      commands: apply,
    });
    expect(change(serverRemedies("own-address", product("ProFTPD"), observed), label).lines).toEqual([
      "MasqueradeAddress: ~",
    ]);
    expect(change(range("ProFTPD", { controlPort: 21 }), label)).toEqual({
      file,
      lines: ["PassivePorts: 49152 65534"],
      commands: apply,
    });
  });

  it("IIS, where the range belongs to the server and needs the restart", () => {
    expect(change(range("IIS"), "IIS").commands).toEqual([
      "Import-Module WebAdministration",
      'Set-WebConfiguration "/system.ftpServer/firewallSupport" -PSPath "IIS:\\" -Value @{lowDataChannelPort="49152";highDataChannelPort="65534"}',
      "Restart-Service ftpsvc",
    ]);
  });

  it("pyftpdlib, whose range leaves its end out", () => {
    expect(change(range("pyftpdlib"), "pyftpdlib").lines).toEqual(["handler.passive_ports = range(49152, 65535)"]);
  });

  it("AWS Transfer Family, by the server's id in the host name", () => {
    const host = "s-0123456789abcdef0.server.transfer.eu-west-1.amazonaws.com";
    const remedies = serverRemedies("advertised-address", product("AWS Transfer Family"), { ...observed, host });
    expect(remedies[0]?.commands?.[0]).toBe(
      "aws transfer update-server --server-id s-0123456789abcdef0 --protocol-details PassiveIp=203.0.113.5",
    );
  });
});

describe("which set-ups are offered", () => {
  const labels = (remedies: Remedy[]) => remedies.map((remedy) => remedy.product);

  it("those of the product, its own files first", () => {
    expect(labels(serverRemedies("advertised-address", product("ProFTPD"), observed))).toEqual([
      "ProFTPD",
      "cPanel with ProFTPD",
    ]);
  });

  it("that of the panel alone where it shows", () => {
    const values: RemedyValues = { ...observed, panel: "cpanel" };
    expect(labels(serverRemedies("advertised-address", product("Pure-FTPd"), values))).toEqual([
      "cPanel with Pure-FTPd",
    ]);
    expect(recommendedRange(product("Pure-FTPd"), { controlPort: 21, panel: "cpanel" })).toEqual({
      from: 49152,
      to: 65534,
    });
  });

  it("the most likely ones, told apart, where the product is not known", () => {
    const remedies = serverRemedies("advertised-address", null, observed);
    expect(labels(remedies)).toEqual(["vsftpd", "ProFTPD", "Pure-FTPd", "FileZilla Server", "IIS"]);
    for (const remedy of remedies) expect(remedy.text).toMatch(/^It is /);
  });

  it("the guess first and then the likely ones, where the product is only possible", () => {
    const remedies = serverRemedies("advertised-address", product("bftpd", "possible"), observed);
    expect(labels(remedies).slice(0, 3)).toEqual(["bftpd", "vsftpd", "ProFTPD"]);
  });

  it("vsftpd alone for the refusal that only vsftpd makes", () => {
    expect([...new Set(labels(serverRemedies("writable-chroot", null, observed)))]).toEqual(["vsftpd"]);
  });

  it("none of those that would have asked for the password in other words", () => {
    const values: RemedyValues = { ...observed, passwordPrompt: "331 User web1 OK. Password required" };
    expect(labels(serverRemedies("advertised-address", null, values))).toEqual(["Pure-FTPd"]);
    const other: RemedyValues = { ...observed, passwordPrompt: "331 Your password?" };
    expect(labels(serverRemedies("advertised-address", null, other))).toEqual(["any"]);
  });

  it("without a hint where nothing came that it could speak of", () => {
    const remedies = serverRemedies("advertised-address", null, { ...observed, passwordPrompt: null });
    expect(remedies).toHaveLength(5);
    for (const remedy of remedies) expect(remedy.text).not.toMatch(/^It is /);
  });

  it("a general sentence for a product without lines, and for one that nobody knows", () => {
    expect(labels(serverRemedies("passive-range", product("ftp-srv"), observed))).toEqual(["any"]);
    expect(labels(serverRemedies("passive-range", product("SomeFTP"), observed))).toEqual(["any"]);
  });
});

describe("what is safe and what is not", () => {
  const everybody = [null, ...PRODUCT_NAMES.map((name) => product(name))];
  const lines = (remedies: Remedy[]) => remedies.flatMap(({ config }) => config?.map(({ line }) => line) ?? []);

  it("switches writing on for writing alone", () => {
    for (const topic of SERVER_TOPICS.filter((one) => one !== "write-path")) {
      for (const who of everybody) {
        expect(JSON.stringify(serverRemedies(topic, who, observed))).not.toContain("write_enable");
      }
    }
    expect(lines(serverRemedies("write-path", product("vsftpd"), observed))).toEqual(["write_enable=YES"]);
  });

  it("mends the way of the data connection before it lets anybody have it", () => {
    const remedies = serverRemedies("foreign-data-peer", product("Pure-FTPd"), observed);
    expect(remedies.slice(0, 2).map(({ who, product }) => [who, product])).toEqual([
      ["server-admin", "any"],
      ["client-user", "any"],
    ]);
    for (const { text, config } of remedies) {
      if (config !== undefined) expect(text).toMatch(/weakens the server.*stolen data connections.*FTP bounce/);
    }
    expect(lines(remedies.slice(2))).toContain("AllowUserFXP yes");
  });

  it("says what it means to demand TLS no longer", () => {
    for (const who of ["vsftpd", "ProFTPD", "Pure-FTPd", "FileZilla Server", "IIS"]) {
      expect(serverRemedies("require-tls", product(who), observed)[0]?.text).toContain("weakens the server");
    }
  });

  it("takes the write permission away before it lets vsftpd do without that", () => {
    const [safe, weak] = serverRemedies("writable-chroot", product("vsftpd"), observed);
    expect(safe?.commands).toEqual(["chmod a-w ~web1"]);
    expect(lines([...(weak ? [weak] : [])])).toEqual(["allow_writeable_chroot=YES"]);
  });

  it("opens SELinux from the narrow to the wide", () => {
    for (const topic of ["read-path", "home-directory"] as const) {
      const text = serverRemedies(topic, product("vsftpd"), observed)[0]?.text;
      expect(text).toMatch(/restorecon -R.*ftp_home_dir.*ftpd_full_access/);
    }
  });

  it("keeps the file from which it takes a line", () => {
    for (const who of ["vsftpd", "ProFTPD", "Pure-FTPd"]) {
      const commands = serverRemedies("own-address", product(who), observed).flatMap((remedy) => remedy.commands ?? []);
      for (const command of commands) if (/^(?:sed|mv|rm) /.test(command)) expect(command).toContain(".bak");
    }
  });
});

describe("where a path lies on the disk", () => {
  const commands = (values: Partial<RemedyValues>) =>
    serverRemedies("read-path", product("vsftpd"), { controlPort: 21, ...values })[0]?.commands?.[0];

  it.each([
    [{ user: "web1", path: "pub/new" }, "namei -l ~web1/pub/new"],
    [{ user: "web1", path: "/pub" }, "namei -l /pub ~web1/pub"],
    [{ user: "web1", path: null }, "namei -l ~web1"],
    [{ anonymous: true, path: "/pub" }, "namei -l ~ftp/pub"],
    [{ path: "/pub" }, "namei -l /pub"],
    [{ path: "pub" }, undefined],
    [{ user: "web1", path: "-rf" }, undefined],
    [{ user: "web1@example.com", path: "pub" }, undefined],
  ])("%j", (values, command) => {
    expect(commands(values)).toBe(command);
  });
});

describe("the range", () => {
  it("is proposed where it is not known, with a word on the ports seen", () => {
    const values = { controlPort: 21, observedPorts: [40017, 40003, 40017] };
    const [remedy] = serverRemedies("passive-range", product("vsftpd"), values);
    expect(remedy?.config?.map((line) => line.line)).toContain("pasv_min_port=50000");
    expect(remedy?.text).toContain("this run saw 40003, 40017");
    expect(remedy?.text).toContain("same numbers");
  });

  it("is the product's own where it comes with one", () => {
    expect(recommendedRange(product("AWS Transfer Family"), { controlPort: 21 })).toEqual({ from: 8192, to: 8200 });
    const [remedy] = serverRemedies("passive-range", product("Synology DSM"), { controlPort: 21 });
    expect(remedy?.text).toContain("comes with this range");
  });

  it("says nothing more where it is known", () => {
    const [remedy] = serverRemedies("passive-range", product("vsftpd"), observed);
    expect(remedy?.text).not.toContain("this run saw");
  });
});

describe("values that are missing or hostile", () => {
  it("leaves out lines and commands that lack a value, and keeps the advice", () => {
    const [remedy] = serverRemedies("advertised-address", product("vsftpd"), { controlPort: 21 });
    expect(remedy).not.toHaveProperty("config");
    expect(remedy).not.toHaveProperty("commands");
    expect(remedy?.text).toContain("pasv_address");
  });

  it("puts no IPv6 address where only IPv4 can stand", () => {
    const [remedy] = serverRemedies("advertised-address", product("vsftpd"), {
      ...observed,
      publicAddress: "2001:db8::5",
    });
    expect(remedy).not.toHaveProperty("config");
  });

  it.each(["web1; rm -rf /", "-rf x", "$(id -u)", "`id -u`", "a\nb c", "x' || id"])("never repeats %j", (text) => {
    const values: RemedyValues = { ...observed, user: text, path: text, host: text, publicAddress: text };
    for (const topic of SERVER_TOPICS) {
      for (const who of [null, ...PRODUCT_NAMES.map((name) => product(name))]) {
        const all = serverRemedies(topic, who, values).flatMap((remedy) => [
          remedy.text,
          ...(remedy.commands ?? []),
          ...(remedy.config ?? []).map((line) => line.line),
        ]);
        expect(all.filter((part) => part.includes(text))).toEqual([]);
      }
    }
  });
});

describe("every topic for every product", () => {
  const variants: [string, RemedyValues][] = [
    ["everything known", observed],
    ["nothing known", { controlPort: 21 }],
    ["another control port", { ...observed, controlPort: 2121, range: null }],
    ["nonsense", { controlPort: Number.NaN, range: { from: 9, to: 1 }, observedPorts: [-1, 70000] }],
  ];

  it.each(variants)("has something to say, without holes: %s", (_, values) => {
    for (const topic of SERVER_TOPICS) {
      for (const who of [null, product("SomeFTP"), ...PRODUCT_NAMES.map((name) => product(name))]) {
        const remedies = serverRemedies(topic, who, values);
        expect(remedies.length, `${topic} for ${who?.name}`).toBeGreaterThan(0);
        for (const remedy of remedies) {
          const text = JSON.stringify(remedy);
          expect(text).not.toMatch(/\{[a-zA-Z\d]+\}|undefined|\bnull\b|NaN/);
          expect(remedy.text).toMatch(/^\S.*[.`]$/);
          for (const line of remedy.config ?? []) {
            expect(line.line).toContain(line.value);
            expect(line.line).not.toContain("\n");
          }
        }
      }
    }
  });

  it("fills the observed values in", () => {
    const [unban] = serverRemedies("unban", product("vsftpd"), observed);
    expect(unban?.commands).toEqual(["fail2ban-client set vsftpd unbanip 198.51.100.10"]);
    const [start] = serverRemedies("start-service", product("ProFTPD"), { ...observed, controlPort: 2121 });
    expect(start?.commands).toContain("ss -ltnp 'sport = :2121'");
  });

  it("keeps every label and every way to tell a set-up by apart", () => {
    expect(new Set(setUps.map((setUp) => setUp.label)).size).toBe(setUps.length);
    for (const setUp of setUps) expect(setUp.knownBy).toMatch(/^It is .*[.`]$/);
  });
});

describe("under TLS", () => {
  const lines = (topic: (typeof SERVER_TOPICS)[number], name: string, values: RemedyValues = observed) =>
    change(serverRemedies(topic, product(name), values), name).lines;

  it("the lines that were tried on the servers", () => {
    expect(lines("session-reuse", "vsftpd")).toEqual(["require_ssl_reuse=NO"]);
    expect(lines("session-reuse", "ProFTPD")).toEqual(["TLSOptions NoSessionReuseRequired"]);
    expect(lines("anonymous-tls", "vsftpd")).toContain("allow_anon_ssl=YES");
    expect(lines("prot-p", "Pure-FTPd")).toEqual(["TLS 2"]);
    expect(lines("tls-masquerade", "ProFTPD")).toEqual(["TLSMasqueradeAddress 203.0.113.5"]);
  });

  it("demands of ProFTPD no less than before but for data", () => {
    expect(lines("prot-p", "ProFTPD")).toEqual(["TLSRequired ctrl"]);
    expect(lines("prot-p", "ProFTPD", { ...observed, clearLogin: true })).toEqual(["TLSRequired off"]);
  });

  it("gives ProFTPD the chain apart, which it does not take from the certificate's file", () => {
    const files = lines("tls-certificate", "ProFTPD").map((line) => line.split("/").at(-1));
    expect(files).toEqual(["cert.pem", "privkey.pem", "chain.pem"]);
    expect(lines("tls-certificate", "vsftpd")[0]).toBe(
      "rsa_cert_file=/etc/letsencrypt/live/ftp.example.com/fullchain.pem",
    );
  });

  it("takes the name of the certificate where the probe went by address, and says so where there is none", () => {
    const at = (values: Partial<RemedyValues>, name: ProductName = "vsftpd") =>
      serverRemedies("tls-certificate", product(name), { ...observed, host: "203.0.113.5", ...values })[0];
    const own = at({ certificateNames: ["*.example.net", "203.0.113.5", "$(x)", "ftp.example.net"] });
    expect(own?.config?.map(({ line }) => line)).toEqual([
      "rsa_cert_file=/etc/letsencrypt/live/ftp.example.net/fullchain.pem",
      "rsa_private_key_file=/etc/letsencrypt/live/ftp.example.net/privkey.pem",
    ]);
    expect(own?.commands).toEqual([
      "openssl x509 -noout -subject -enddate -in /etc/letsencrypt/live/ftp.example.net/fullchain.pem",
      "systemctl restart vsftpd",
    ]);
    expect(own?.text).toContain("--deploy-hook");
    expect(own?.text).not.toContain("NAME");
    expect(at({})?.config?.[0]?.line).toBe("rsa_cert_file=/etc/letsencrypt/live/NAME/fullchain.pem");
    expect(at({})?.text).toContain("NAME stands for the server's name");
    // No authority knows a name without a dot.
    expect(at({ host: "localhost" })?.config?.[0]?.line).toBe("rsa_cert_file=/etc/letsencrypt/live/NAME/fullchain.pem");
    const enabled = serverRemedies("tls-enable", product("Pure-FTPd"), { ...observed, host: "203.0.113.5" })[0];
    expect(enabled?.config?.map(({ line }) => line)).toEqual(["TLS 1"]);
    expect(enabled?.text).toContain("NAME stands for the server's name");
  });

  it("writes Pure-FTPd's one file for nobody but root, and leaves the present one where a file is missing", () => {
    const directory = mkdtempSync(join(tmpdir(), "pem-"));
    try {
      const [write = ""] = serverRemedies("tls-certificate", product("Pure-FTPd"), observed)[0]?.commands ?? [];
      const here = write
        .replaceAll("/etc/letsencrypt/live/ftp.example.com", directory)
        .replaceAll("/etc/ssl/private", directory);
      expect(here).not.toContain("/etc/");
      const pem = join(directory, "pure-ftpd.pem");
      writeFileSync(pem, "present\n");
      writeFileSync(join(directory, "privkey.pem"), "key\n");
      expect(spawnSync("sh", ["-c", here]).status).not.toBe(0);
      expect(readFileSync(pem, "utf8")).toBe("present\n");
      writeFileSync(join(directory, "fullchain.pem"), "chain\n");
      expect(spawnSync("sh", ["-c", here]).status).toBe(0);
      expect(readFileSync(pem, "utf8")).toBe("key\nchain\n");
      expect(statSync(pem).mode & 0o777).toBe(0o600);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it("names options of Red Hat's vsftpd for that alone: any other refuses to start with them", () => {
    for (const remedy of serverRemedies("tls-versions", product("vsftpd"), observed)) {
      if (JSON.stringify(remedy.config ?? []).includes("ssl_tlsv1_2")) expect(remedy.product).toBe("vsftpd on Red Hat");
    }
  });

  it("says that a client that resumes is the better mend, and what clear data means", () => {
    for (const name of ["vsftpd", "ProFTPD", "FileZilla Server 0.9", "AWS Transfer Family", "SFTPGo"]) {
      expect(serverRemedies("session-reuse", product(name), observed)[0]?.text).toContain("a client that resumes");
    }
    for (const name of ["vsftpd", "ProFTPD", "Pure-FTPd", "IIS", "pyftpdlib"]) {
      expect(serverRemedies("prot-p", product(name), observed)[0]?.text).toContain("weakens the server");
    }
  });
});

describe("what two set-ups of one product are told", () => {
  const certain = PRODUCT_NAMES.map((name) => product(name));
  const possible = PRODUCT_NAMES.map((name) => product(name, "possible"));
  const values: [string, RemedyValues][] = [
    ["everything known", observed],
    ["nothing known", { controlPort: 21 }],
    ["a panel", { ...observed, panel: "cpanel" }],
  ];

  it.each(values)("differs, or is said once: %s", (_, known) => {
    const twice = [...certain, ...possible, null].flatMap((each) =>
      SERVER_TOPICS.flatMap((topic) => {
        const told = serverRemedies(topic, each, known).map(({ text, config, commands }) =>
          JSON.stringify([text, config, commands]),
        );
        return new Set(told).size === told.length ? [] : [`${each?.name} (${each?.confidence}): ${topic}`];
      }),
    );
    expect(twice).toEqual([]);
  });
});
