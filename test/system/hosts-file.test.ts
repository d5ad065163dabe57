import { describe, expect, it } from "vitest";
import { hostsAddresses, searchDomains } from "../../src/system/hosts-file.ts";

const HOSTS = `# the machine itself
127.0.0.1\tlocalhost
::1 localhost ip6-localhost   # comment

192.0.2.7   ftp.example.com ftp # ftp.old.example
  192.0.2.8  FTP.Example.com\r
192.0.2.7 ftp.example.com
2001:DB8:0::7 ftp.example.com
fe80::1%eth0 router
not-an-address ftp.example.com
1 ftp.example.com
`;

describe("the hosts file", () => {
  it("gives all addresses of a name, each once, in canonical form", () => {
    expect(hostsAddresses(HOSTS, "ftp.example.com")).toEqual(["192.0.2.7", "192.0.2.8", "2001:db8::7"]);
    expect(hostsAddresses(HOSTS, "FTP")).toEqual(["192.0.2.7"]);
    expect(hostsAddresses(HOSTS, "localhost")).toEqual(["127.0.0.1", "::1"]);
    expect(hostsAddresses(HOSTS, "router")).toEqual(["fe80::1"]);
  });

  it("finds nothing in comments, parts of names and emptiness", () => {
    for (const name of ["ftp.old.example", "example.com", "comment", "192.0.2.7", ""]) {
      expect(hostsAddresses(HOSTS, name)).toEqual([]);
    }
    expect(hostsAddresses("", "ftp")).toEqual([]);
  });
});

describe("the search domains", () => {
  it("are those of the last line that names any", () => {
    expect(searchDomains("nameserver 192.0.2.53\nsearch a.example b.example.\n")).toEqual(["a.example", "b.example"]);
    expect(searchDomains("search a.example\ndomain c.example\n")).toEqual(["c.example"]);
    expect(searchDomains("search .\n# search x.example\n")).toEqual([]);
    expect(searchDomains("")).toEqual([]);
  });
});
