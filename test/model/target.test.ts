import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { parseTarget, type Target, targetRecord } from "../../src/model/target.ts";

const plain = { port: 21, security: "auto", user: null, password: null, path: null } as const;

function target(text: string): Target {
  const answer = parseTarget(text);
  if (!answer.ok) throw new Error(answer.problem);
  return answer.target;
}

function problem(text: string): string {
  const answer = parseTarget(text);
  return answer.ok ? `accepted as ${JSON.stringify(answer.target)}` : answer.problem;
}

describe("forms of a target", () => {
  const table: [string, Partial<Target>][] = [
    ["ftp.example.com", { host: "ftp.example.com" }],
    ["FTP.Example.COM", { host: "ftp.example.com" }],
    ["  ftp.example.com\n", { host: "ftp.example.com", input: "ftp.example.com" }],
    ["localhost", { host: "localhost" }],
    ["203.0.113.5", { host: "203.0.113.5" }],
    ["203.0.113.5:2121", { host: "203.0.113.5", port: 2121 }],
    ["ftp.example.com:65535", { host: "ftp.example.com", port: 65535 }],
    ["web1@ftp.example.com", { host: "ftp.example.com", user: "web1" }],
    ["web1@ftp.example.com:2121", { host: "ftp.example.com", user: "web1", port: 2121 }],
    ["web1@example.com@ftp.example.com", { host: "ftp.example.com", user: "web1@example.com" }],
    ["DOMAIN\\web1@ftp.example.com", { host: "ftp.example.com", user: "DOMAIN\\web1" }],
    ["50%off@ftp.example.com", { host: "ftp.example.com", user: "50%off" }],
    ["2001:DB8:0::5", { host: "2001:db8::5" }],
    ["[2001:db8::5]", { host: "2001:db8::5" }],
    ["[2001:db8::5]:2121", { host: "2001:db8::5", port: 2121 }],
    ["web1@2001:db8::5", { host: "2001:db8::5", user: "web1" }],
    ["web1@[2001:db8::5]:2121", { host: "2001:db8::5", user: "web1", port: 2121 }],
    ["::ffff:203.0.113.5", { host: "203.0.113.5" }],
    ["ftp://ftp.example.com", { host: "ftp.example.com" }],
    ["FTP://ftp.example.com/", { host: "ftp.example.com" }],
    ["ftp://web1@ftp.example.com/pub", { host: "ftp.example.com", user: "web1", path: "pub" }],
    ["ftp://[2001:db8::5]:2121/pub", { host: "2001:db8::5", port: 2121, path: "pub" }],
    ["ftp://[2001:db8::5]/a@b", { host: "2001:db8::5", path: "a@b" }],
    ["ftps://ftp.example.com", { host: "ftp.example.com", security: "implicit", port: 990 }],
    ["ftps://ftp.example.com:9990", { host: "ftp.example.com", security: "implicit", port: 9990 }],
    ["ftpes://ftp.example.com", { host: "ftp.example.com", security: "explicit" }],
    ["foo_bar.example.com", { host: "foo_bar.example.com" }],
    ["ftp.example.com.", { host: "ftp.example.com." }],
    ["bücher.example", { host: "xn--bcher-kva.example" }],
    ["3com.example", { host: "3com.example" }],
    ["ftp:2121", { host: "ftp", port: 2121 }],
    ["sftp.example.com", { host: "sftp.example.com" }],
    ["anonymous@ftp.example.com", { host: "ftp.example.com", user: null }],
  ];
  test.each(table)("%s", (text, expected) => {
    expect(target(text)).toEqual({ input: text, ...plain, ...expected });
    expect(parseTarget(text)).toMatchObject({ warnings: [] });
  });
});

describe("paths of a URL", () => {
  const table: [string, string | null][] = [
    ["ftp://h.example", null],
    ["ftp://h.example/", null],
    ["ftp://h.example/pub/", "pub"],
    ["ftp://h.example/pub/a%20b", "pub/a b"],
    ["ftp://h.example/pub%2Fx", "pub/x"],
    ["ftp://h.example//etc", "/etc"],
    ["ftp://h.example/%2Fetc", "/etc"],
    ["ftp://h.example//", "/"],
    ["ftp://h.example/pub;type=a", "pub"],
    ["ftp://h.example/;type=i", null],
    ["ftp://h.example/a?b#c", "a?b#c"],
    ["ftp://h.example/%C3%BC", "ü"],
  ];
  test.each(table)("%s", (text, path) => expect(target(text).path).toBe(path));
});

describe("passwords", () => {
  const table: [string, string, string, string | null][] = [
    ["ftp://web1:hunter2@h.example/pub", "hunter2", "ftp://web1:[secret]@h.example/pub", "web1"],
    ["ftp://web1:p%40ss%3Aw@h.example", "p@ss:w", "ftp://web1:[secret]@h.example", "web1"],
    ["ftp://we%62:p@s:s@h.example:2121", "p@s:s", "ftp://we%62:[secret]@h.example:2121", "web"],
    ["web1:hunter2@h.example", "hunter2", "web1:[secret]@h.example", "web1"],
    ["web1:50%off@h.example", "50%off", "web1:[secret]@h.example", "web1"],
    ["ftp://web1:#?;@h.example/", "#?;", "ftp://web1:[secret]@h.example/", "web1"],
    ["ftp://web1:@h.example", "", "ftp://web1:[secret]@h.example", "web1"],
  ];
  test.each(table)("%s", (text, password, input, user) => {
    const answer = parseTarget(text);
    const found = target(text);
    expect(found.password?.reveal()).toBe(password);
    expect(found).toMatchObject({ input, user });
    expect(answer).toMatchObject({ warnings: [expect.stringContaining("--password-file")] });
    expect(targetRecord(found)).not.toHaveProperty("password");
    if (password !== "") expect(JSON.stringify(answer) + inspect(answer, { depth: 9 })).not.toContain(password);
  });

  test("an e-mail address as anonymous password is no secret worth a warning", () => {
    const answer = parseTarget("ftp://anonymous:me%40example.com@h.example");
    expect(answer).toMatchObject({ ok: true, warnings: [], target: { user: null } });
    expect(target("ftp://anonymous:me%40example.com@h.example").password?.reveal()).toBe("me@example.com");
  });

  test.each([
    "web1:hunter2@",
    "ftp://web1:hunter2@",
    "web1:hunter2",
    "web1:hunter2:hunter2",
    "ftp:hunter2",
    "sftp:hunter2",
    "hunter2:99999999",
    ":hunter2@h.example",
    "web1:x@hunter2!",
    "web1:x@hunter2:hunter2",
    "ftp://web1:hunter2/x@h.example",
    "ftp://web1:12/hunter2@h.example",
    "ftp://web1:x@y/hunter2@h.example/",
    "web1:hunter/hunter2@h.example",
    "ftp://web1:hunter2%zz@h.example",
    "ftp://web1:hunter2%0a@h.example",
    "ftp://web1:hunter2@h.example:0",
    "ftp://web1:hunter2@fe80::1%eth0",
    "ftp://web1:hunter2@10.1",
    "web1:hunter2 x@h.example",
    "sftp://web1:hunter2@h.example",
    "https://web1:hunter2@h.example",
    "ftp://web1:hunter2@[hunter2]",
  ])("a problem never quotes it: %s", (text) => {
    const answer = parseTarget(text);
    expect(answer.ok).toBe(false);
    expect(JSON.stringify(answer)).not.toContain("hunter2");
  });
});

describe("how to secure the connections, when told beside the target", () => {
  test.each([
    ["h.example", "implicit", { security: "implicit", port: 990 }],
    ["ftp://h.example", "implicit", { security: "implicit", port: 990 }],
    ["h.example:2121", "implicit", { security: "implicit", port: 2121 }],
    ["h.example", "explicit", { security: "explicit", port: 21 }],
    ["ftp://h.example", "none", { security: "none", port: 21 }],
    ["ftps://h.example", "implicit", { security: "implicit", port: 990 }],
    ["ftpes://h.example", "explicit", { security: "explicit", port: 21 }],
    ["ftps://h.example", null, { security: "implicit", port: 990 }],
    ["h.example", null, { security: "auto", port: 21 }],
  ] as const)("%s and %s", (text, security, target) => {
    expect(parseTarget(text, security)).toMatchObject({ ok: true, target, warnings: [] });
  });

  test.each([
    ["ftps://h.example", "explicit"],
    ["ftps://h.example", "none"],
    ["ftpes://h.example", "implicit"],
    ["ftpes://h.example", "auto"],
  ] as const)("%s contradicts %s", (text, security) => {
    expect(parseTarget(text, security)).toMatchObject({ ok: false, problem: expect.stringContaining("contradicts") });
  });

  test("is warned of where the port is that of another kind", () => {
    expect(parseTarget("h.example:21", "implicit")).toMatchObject({ warnings: [expect.stringContaining("990")] });
    expect(parseTarget("h.example:990", "implicit")).toMatchObject({ warnings: [] });
    expect(parseTarget("h.example:990", "explicit")).toMatchObject({ warnings: [expect.stringContaining("ftps://")] });
  });
});

describe("warnings", () => {
  test("implicit TLS on the port of explicit TLS", () => {
    expect(parseTarget("ftps://h.example:21")).toMatchObject({ warnings: [expect.stringContaining("ftpes://")] });
  });
  test("the port of implicit TLS without it", () => {
    expect(parseTarget("h.example:990")).toMatchObject({ warnings: [expect.stringContaining("ftps://")] });
    expect(parseTarget("ftps://h.example:990")).toMatchObject({ warnings: [] });
  });
});

describe("what is refused, in one line that says what would be right", () => {
  const table: [string, RegExp][] = [
    ["", /empty.*USER@HOST/],
    ["   ", /empty/],
    ["ftp://", /host is missing/],
    ["ftp:///pub", /host is missing/],
    ["ftp://:21", /host is missing/],
    ["web1@", /host is missing/],
    ["@h.example", /user name.*empty/],
    ["sftp://h.example", /another protocol \(SSH.*SFTP client/],
    ["SCP://h.example", /another protocol \(SSH/],
    ["ssh://h.example:2222", /another protocol \(SSH/],
    ["h.example:22", /another protocol \(SSH/],
    ["[2001:db8::5]:22", /another protocol \(SSH/],
    ["ftp://h.example:22/", /another protocol \(SSH/],
    ["http://h.example", /web address/],
    ["https://h.example/ftp", /web address/],
    ["gopher://h.example", /"gopher".*ftpes:\/\//],
    ["constructor://h.example", /"constructor"/],
    ["h.example:0", /number from 1 to 65535/],
    ["h.example:65536", /number from 1 to 65535/],
    ["h.example:-1", /number from 1 to 65535/],
    ["h.example:2e1", /number from 1 to 65535/],
    ["h.example:", /number from 1 to 65535/],
    ["h.example:ftp", /number from 1 to 65535/],
    ["[2001:db8::5]:", /number from 1 to 65535/],
    ["[2001:db8::5]21", /behind the \]/],
    ["[2001:db8::5", /IPv6/],
    ["[203.0.113.5]:21", /brackets are for IPv6/],
    ["2001:db8::5::1", /IPv6/],
    ["h.example:21:22", /HOST:PORT/],
    ["1", /four decimal numbers/],
    ["10.1", /four decimal numbers/],
    ["010.0.0.1", /"010.0.0.1".*four decimal numbers.*leading zeros/],
    ["256.1.1.1", /four decimal numbers/],
    ["1.2.3.4.5", /four decimal numbers/],
    ["1.2.3.4.", /four decimal numbers/],
    ["0x7f.1", /four decimal numbers/],
    ["0x7f000001", /four decimal numbers/],
    ["１２７.0.0.1", /four decimal numbers/],
    ["fe80::1%eth0", /zone.*not supported/],
    ["ftp://[fe80::1%25eth0]/", /zone.*not supported/],
    ["h example", /holds a space, which no host name does(?!.*URL)/],
    ["h.example\u00a0x", /holds a space(?!.*URL)/],
    ["web 1@h.example", /space.*needs a URL.*%20/],
    ["ftp://web 1@h.example", /%20/],
    ["sftp:h", /another protocol \(SSH/],
    ["SFTP:h.example/pub", /another protocol \(SSH/],
    ["ftp:h", /write ftp:\/\/HOST/],
    ["ftp:/h", /write ftp:\/\/HOST/],
    ["ftpes:h.example", /write ftpes:\/\/HOST/],
    ["224.0.0.1", /multicast address/],
    ["ftp://255.255.255.255", /broadcast address/],
    ["ff02::1", /multicast address/],
    ["web1@[ff02::1]:2121", /multicast address/],
    ["h\u0000.example", /control character/],
    ["h.example\r\nDELE x", /control character/],
    ["ftp://a%0D%0ADELE@h.example", /user name holds a control character/],
    ["ftp://h.example/%00", /path holds a control character/],
    ["ftp://h.example/%zz", /%25/],
    ["ftp://h.example/%FF", /%25/],
    ["ftp://ex%61mple/", /no host name/],
    ["h.example/pub", /ftp:\/\/HOST\/PATH.*write %2F for a \/ in a password/],
    ["ftp://h.example:2121/a@b", /%40/],
    ["-h", /no host name/],
    ["a..b", /no host name/],
    [".", /no host name/],
    ["*", /no host name/],
    ["\\\\server", /no host name/],
    ["h#x", /"h#x" is no host name/],
    ["h?x", /"h\?x" is no host name/],
    ["h\\x", /is no host name/],
    ["h＃x", /no host name/],
    ["h#x:2121", /no host name/],
    ["ftp://h?x", /no host name/],
    ["ftp://h#x/pub", /no host name/],
    ["user@h#x", /no host name/],
    [`${"a".repeat(64)}.example`, /no host name/],
    [`${"abc.".repeat(64)}example`, /no host name/],
  ];
  test.each(table)("%j", (text, expected) => {
    expect(problem(text)).toMatch(expected);
    expect(problem(text)).not.toMatch(/[\r\n]/);
  });

  test("hostile text is quoted short and harmless", () => {
    expect(problem(`a\u202e${"!".repeat(500)}`)).toMatch(/^"a\?!{78}\.\.\."/);
  });
});
