import { describe, expect, it } from "vitest";
import { withSetting } from "./apply.mjs";

const setting = (/** @type {string} */ file, /** @type {string} */ directive, /** @type {string} */ line) => ({
  file,
  directive,
  value: "",
  line,
});

describe("a remedy's line in a file", () => {
  it("stands in place of the setting that is there, once", () => {
    const line = setting("/etc/vsftpd.conf", "pasv_address", "pasv_address=203.0.113.5");
    const file = "listen=YES\npasv_address=10.0.0.2\npasv_addr_resolve=NO\npasv_address=10.0.0.3\n";
    expect(withSetting(file, line)).toBe("listen=YES\npasv_address=203.0.113.5\npasv_addr_resolve=NO\n");
  });

  it("stands at the end where there is none, and leaves sections of ProFTPD's alone", () => {
    const line = setting("/etc/proftpd/proftpd.conf", "MaxClients", "MaxClients 200");
    const file = "Port 21\n<Anonymous ~ftp>\n  MaxClients 1\n</Anonymous>\n";
    expect(withSetting(file, line)).toBe(`${file}MaxClients 200\n`);
  });

  it("is the whole file where every setting has one of its own", () => {
    const line = setting("/etc/pure-ftpd/conf/ForcePassiveIP", "ForcePassiveIP", "203.0.113.5");
    expect(withSetting("10.0.0.2\n", line)).toBe("203.0.113.5\n");
  });

  it("is one more in a list in which every entry counts", () => {
    const line = setting("/etc/hosts.allow", "vsftpd", "vsftpd: 198.51.100.10");
    expect(withSetting("vsftpd: 192.0.2.1\n", line)).toBe("vsftpd: 192.0.2.1\nvsftpd: 198.51.100.10\n");
  });
});
