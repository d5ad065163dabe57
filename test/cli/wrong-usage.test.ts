import { describe, expect, it } from "vitest";
import { fakeIo, runMain } from "./run-cli.ts";

const HOST = "127.0.0.1:1";
const BROKEN_PEM = "fixtures/tls/broken.pem";
const KEY_PEM = "fixtures/tls/server.key";

/** What is typed, and what the one line must say. */
const WRONG: readonly (readonly [string, string, RegExp])[] = [
  ["no target", "", /name a target/],
  ["an empty target", " ", /target is empty/],
  ["a port out of range", "ftp.example.com:70000", /a number from 1 to 65535/],
  ["port 0", "ftp.example.com:0", /port/],
  ["sftp://", "sftp://ftp.example.com", /SFTP, another protocol/],
  ["port 22", "ftp.example.com:22", /another protocol/],
  ["http://", "http://ftp.example.com", /http/],
  [
    "ftps:// and --security explicit",
    "ftps://h --security explicit",
    /ftps:\/\/ means implicit TLS.*leave one of them/,
  ],
  ["ftpes:// and --security none", "ftpes://h --security none", /ftpes:\/\/ means explicit TLS/],
  ["--security with nonsense", `${HOST} --security tls`, /choose one of auto, explicit, implicit, none/],
  ["--security without a value", `${HOST} --security`, /--security needs a value/],
  ["--require tls and --security none", `${HOST} --require tls --security none`, /--security none leaves out/],
  ["--tls-matrix and --security none", `${HOST} --tls-matrix --security none`, /contradict each other/],
  ["--ccc and --security none", `${HOST} --ccc --security none`, /contradict each other/],
  ["--ca-file that is missing", `${HOST} --ca-file /nowhere.pem`, /--ca-file: cannot read \/nowhere.pem: no such file/],
  ["--ca-file that is a folder", `${HOST} --ca-file /tmp`, /--ca-file: cannot read \/tmp: this is a folder/],
  [
    "--ca-file without a certificate",
    `${HOST} --ca-file package.json`,
    /package.json holds no certificate; give .* PEM/,
  ],
  ["--ca-file with a broken one", `${HOST} --ca-file ${BROKEN_PEM}`, /certificate 2 in it cannot be read/],
  ["--ca-file of a private key", `${HOST} --ca-file ${KEY_PEM}`, /holds a private key and no certificate/],
  ["--ca-file without a value", `${HOST} --ca-file`, /--ca-file needs a value/],
  ["--insecure with a value", `${HOST} --insecure=yes`, /--insecure takes no value/],
  ["--require upload alone", `${HOST} --require upload`, /needs --write DIR/],
  ["--write without passive modes", `${HOST} --write /up --modes port`, /--write needs a passive mode/],
  ["--samples of nothing", `${HOST} --samples 0`, /--samples 0: write how many ports, a whole number from 1 to 100/],
  ["--samples without passive modes", `${HOST} --samples 5 --modes eprt`, /--samples needs a passive mode/],
  ["watch without a target", "watch", /name a target/],
  ["watch of two targets", `watch ${HOST} other.example`, /too many arguments/],
  ["watch every second", `watch ${HOST} --interval 1`, /a number of seconds from 10 to 86400/],
  ["watch in a format of one run", `watch ${HOST} --format json`, /choose one of table, ndjson/],
  ["one round", `${HOST} --repeat 1`, /a whole number from 2 to 100/],
  ["--interval without rounds", `${HOST} --interval 60`, /--interval needs --repeat/],
  ["--hold for more than a day", `${HOST} --hold 86401`, /a whole number from 1 to 86400/],
  ["a misspelt option", `${HOST} --timout 3`, /unknown option --timout; did you mean --timeout\?/],
  ["an unknown option", `${HOST} --xyzzy`, /unknown option --xyzzy/],
  ["an unknown short option", `${HOST} -z`, /unknown option -z/],
  ["an option without value", `${HOST} --timeout`, /--timeout needs a value/],
  ["an option with an empty value", `${HOST} --timeout=`, /--timeout/],
  ["an option given twice", `${HOST} --timeout 3 --timeout 4`, /--timeout is given twice/],
  ["--timeout in words", `${HOST} --timeout ten`, /--timeout ten: write a number of seconds from 0.1 to 600/],
  ["--timeout 0", `${HOST} --timeout 0`, /from 0.1 to 600/],
  ["--timeout negative", `${HOST} --timeout=-1`, /from 0.1 to 600/],
  ["--timeout in hexadecimal", `${HOST} --timeout 0x10`, /from 0.1 to 600/],
  ["--timeout with an exponent", `${HOST} --timeout 1e3`, /from 0.1 to 600/],
  ["--timeout with a unit", `${HOST} --timeout 10s`, /from 0.1 to 600/],
  ["--deadline too long", `${HOST} --deadline 100000`, /from 0.1 to 86400/],
  ["--max-sessions 0", `${HOST} --max-sessions 0`, /whole number from 1 to 16/],
  ["--max-logins 1.5", `${HOST} --max-logins 1.5`, /whole number from 1 to 100/],
  ["--modes with an unknown one", `${HOST} --modes epsv,pasb`, /pasb is not known.*did you mean pasv/],
  ["--modes with a hole", `${HOST} --modes epsv,,pasv`, /a name is missing/],
  ["--family 5", `${HOST} --family 5`, /choose one of auto, 4, 6/],
  ["a literal of the other family", `${HOST} --family 6`, /not of the address family/],
  ["--require of a mode not tried", `${HOST} --require port --modes epsv`, /what --modes epsv leaves out/],
  ["--require active without active modes", `${HOST} --require active --modes epsv,pasv`, /leaves out/],
  ["--require ipv6 with --family 4", "localhost --require ipv6 --family 4", /--family 4 leaves out/],
  ["--active-address with a name", `${HOST} --active-address me.example.com`, /write an IP address/],
  ["--active-address half", `${HOST} --active-address 10.1`, /write an IP address/],
  ["--active-ports the wrong way round", `${HOST} --active-ports 200-100`, /the smaller first/],
  ["--active-ports out of range", `${HOST} --active-ports 1-70000`, /from 1 to 65535/],
  ["--source-address of the other family", `${HOST} --source-address ::1 --family 4`, /cannot reach/],
  ["--resolve without address", "localhost --resolve localhost", /write HOST:ADDRESS/],
  ["--resolve with a name", "localhost --resolve localhost:other", /write HOST:ADDRESS/],
  ["--resolve for another host", "localhost --resolve other:127.0.0.1", /not a target of this run/],
  ["an unknown format", `${HOST} --format yaml`, /choose one of table, json, ndjson, evidence/],
  ["a misspelt format", `${HOST} --format jsn`, /did you mean json/],
  ["--report without a file", `${HOST} --report json`, /write NAME=FILE/],
  ["--report with an unknown format", `${HOST} --report xml=x`, /choose one of/],
  ["two reports to standard output", `${HOST} --format json --report table=-`, /cannot both go to standard output/],
  ["two reports to one file", `${HOST} --report json=/tmp/a --report table=/tmp/a`, /cannot both go to \/tmp\/a/],
  ["a report into no folder", `${HOST} --report json=/nowhere/at/all.json`, /cannot write \/nowhere\/at\/all.json/],
  ["a folder as report", `${HOST} --output /tmp`, /cannot write \/tmp: this is a folder/],
  ["--fail-on nonsense", `${HOST} --fail-on never`, /choose one of degraded, broken/],
  ["--quiet --verbose", `${HOST} --quiet --verbose`, /contradict/],
  ["--quiet --clients", `${HOST} --quiet --clients`, /contradict/],
  ["--proxy", `${HOST} --proxy socks5://user:pw@proxy`, /would measure the proxy/],
  ["--password", `${HOST} --password hunter2`, /use --password-file/],
  ["-p with a password", `${HOST} -phunter2`, /use --password-file/],
  ["--password-file that is missing", `u@${HOST} --password-file /nowhere`, /cannot read \/nowhere: no such file/],
  ["--password-file without a user", `${HOST} --password-file /dev/null`, /first line is empty|needs a login name/],
  ["--netrc and --password-file", `u@${HOST} --netrc --password-file x`, /give one of them/],
  ["--netrc without a file", `u@${HOST} --netrc`, /NETRC/],
  ["a user without a password and a terminal", `u@${HOST}`, /no password for u at 127.0.0.1 and no terminal/],
  ["--user without a password and a terminal", `${HOST} --user u`, /no password for u/],
  ["--user with a password", `${HOST} --user web1:hunter2`, /--user takes the name alone.*use --password-file/],
  ["a password in the target and a file", `ftp://u:pw@${HOST} --password-file x`, /both say what the password is/],
  ["a path without a URL", "h.example/pub", /write %2F for a \/ in a password/],
  ["a host with a # in it", "user@h#x", /is no host name/],
  ["a multicast address", "224.0.0.1", /multicast/],
  ["--require ipv6 at an IPv4 address", `${HOST} --require ipv6`, /127.0.0.1 is not probed over IPv6/],
  ["--require ipv6 and --resolve", "h --resolve h:127.0.0.1 --require ipv6", /h is not probed over IPv6/],
  ["--active-address of the other family", `${HOST} --active-address ::1`, /over IPv4 alone; give an IPv4 address/],
  ["--active-address not of --family", "localhost --family 6 --active-address 192.0.2.1", /give an IPv6 address/],
  [
    "--source-address of somebody else",
    `${HOST} --source-address 192.0.2.99`,
    /not an address of this machine; choose one of 127\.0\.0\.1/,
  ],
  ["--source-address of a group", `${HOST} --source-address 224.0.0.1`, /not an address of this machine/],
  ["a host called constructor", "constructor --require ipv6 --family 4", /leaves out/],
  ["an --active-address no host called constructor fits", "constructor --family 4 --active-address ::1", /over IPv4/],
  ["simulate of constructor", "simulate constructor", /there is no fault constructor/],
  ["explain of constructor", "explain constructor", /ftp-doctor explain lists them|did you mean/],
  ["a command of a later version", "serve ftp.example.com", /the command serve is not in this version/],
  ["diagnose without a file", "diagnose", /name a file/],
  ["diagnose of a missing file", "diagnose /nowhere.json", /cannot read \/nowhere.json: no such file/],
  ["diagnose of a folder", "diagnose /tmp", /this is a folder/],
  ["diagnose of standard input twice", "diagnose - -", /only once/],
  ["diagnose of something else", "diagnose package.json", /neither a run nor a report nor evidence/],
  ["diagnose of no JSON", "diagnose README.md LICENSE", /is not JSON|no such file/],
  ["render without a file", "render", /name a file/],
  ["render of two files", "render a b", /too many arguments/],
  ["render in an unknown format", "render package.json --format pdf", /choose one of/],
  ["explain of an unknown id", "explain pasv-privat-adress", /did you mean pasv-private-address/],
  ["explain of nonsense", "explain qqqqqqqqqqqq", /ftp-doctor explain lists them/],
  ["explain of two", "explain a b", /too many arguments/],
  ["simulate of an unknown fault", "simulate private-adress", /did you mean private-address/],
  ["simulate on a bad port", "simulate --port 99999", /from 0 to 65535/],
  ["simulate on a name", "simulate --host localhost", /write an IP address/],
  ["demo of something", "demo now", /too many arguments/],
  ["schema of something", "schema x", /too many arguments/],
  ["an option of another command", "demo --timeout 3", /--timeout does not belong to demo/],
  ["--fail-on of render", "render x --fail-on broken", /--fail-on does not belong to render(?!.*did you mean)/],
  ["--fail-on of render, first", "--format json --fail-on broken render x", /--fail-on does not belong to render/],
  ["--list of probe, a user called demo", "--user demo h --list", /--list does not belong to probe/],
  ["--no-progress of simulate", "simulate x --no-progress", /--no-progress does not belong to simulate/],
  ["--list of probe", `${HOST} --list`, /--list does not belong to probe/],
  ["--no-progress before render", "--no-progress render r.json", /--no-progress does not belong to render/],
  ["--port of probe", "localhost --port 21", /--port does not belong to probe; write HOST:21/],
  ["a suggestion of this command alone", "demo --no-colr", /did you mean --no-color\?/],
  ["a suggestion that another command would take", "demo --timout", /unknown option --timout; ftp-doctor --help/],
  ["--anonymize", `${HOST} --anonymize`, /--anonymize is not in this version/],
  ["--anonymize with a value", `${HOST} --anonymize=yes`, /--anonymize is not in this version/],
  ["--anonymize of render", "render x --anonymize", /--anonymize is not in this version/],
  ["--toString", `${HOST} --toString`, /unknown option --toString/],
  ["--constructor", `${HOST} --constructor x`, /unknown option --constructor/],
  ["--__proto__", `${HOST} --__proto__ x`, /unknown option --__proto__/],
  ["--hasOwnProperty=", "render --hasOwnProperty=hunter2", /unknown option --hasOwnProperty/],
  ["--verbose=yes", `${HOST} --verbose=yes`, /--verbose takes no value/],
  ["--netrc=FILE", `${HOST} --netrc=foo`, /--netrc takes no value/],
  ["--no-color=1", `explain --no-color=1`, /--no-color takes no value/],
  ["--help=1", "--help=1", /--help takes no value/],
  ["--version=1", "--version=1", /--version takes no value/],
  ["-h=1", "-h=1", /-h takes no value/],
  ["help for a command of a later version", "serve --help", /the command serve is not in this version/],
  ["help, the other way round", "help serve", /the command serve is not in this version/],
];

describe("wrong usage ends with exit code 3 and one line that says what is wrong", () => {
  it.each(WRONG)("%s", async (_name, typed, says) => {
    const args = typed === " " ? [""] : typed.split(" ").filter((word) => word !== "");
    const { code, stdout, stderr } = await runMain(args);
    expect(stderr).toMatch(says);
    expect(stderr).toMatch(/^ftp-doctor: [^\n]+\n$/);
    expect(stderr).not.toMatch(/hunter2|:pw@/);
    expect(stdout).toBe("");
    expect(code).toBe(3);
  });

  it.each(["ftp_proxy", "FTP_PROXY", "all_proxy", "ALL_PROXY"])("%s in the environment", async (name) => {
    const io = fakeIo({ env: { [name]: "http://user:hunter2@proxy:3128" } });
    const { code, stderr } = await runMain([HOST], io);
    expect(stderr).toMatch(new RegExp(`^ftp-doctor: .*${name}.*env -u ${name} .*\n$`));
    expect(stderr).not.toContain("hunter2");
    expect(code).toBe(3);
  });

  it("a bug shows as one line, and with its stack only on demand", async () => {
    const broken = (env: Record<string, string>) => {
      const io = fakeIo({ env });
      Object.defineProperty(io, "stdin", {
        get: () => {
          throw new Error("a bug\nof ours");
        },
      });
      return runMain([`u@${HOST}`], io);
    };
    const plain = await broken({});
    expect(plain.stderr).toMatch(/^ftp-doctor: a bug of ftp-doctor: a bug of ours [^\n]*\n$/);
    expect(plain.code).toBe(3);
    expect((await broken({ FTP_DOCTOR_DEBUG: "1" })).stderr).toContain("credentials.ts");
  });

  it("never shows what may be a password", async () => {
    for (const args of [
      ["ftp://web1:hunter2@ftp.example.com:99999"],
      ["web1:hunter2@ftp.example.com:99999"],
      ["diagnose", "ftp://web1:hunter2@ftp.example.com"],
      ["render", "web1:hunter2@ftp.example.com"],
      ["-Phunter2", HOST],
      [`--passwort=hunter2`, HOST],
    ]) {
      const { code, stderr } = await runMain(args);
      expect(stderr).toMatch(/^ftp-doctor: [^\n]+\n$/);
      expect(stderr).not.toContain("hunter2");
      expect(code).toBe(3);
    }
  });
});
