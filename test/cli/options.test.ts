import { describe, expect, it } from "vitest";
import { COMMANDS, parseCommandLine } from "../../src/cli/options.ts";

const DEFAULTS = {
  modes: ["epsv", "pasv", "eprt", "port"],
  families: ["ipv4", "ipv6"],
  required: null,
  security: null,
  insecure: false,
  extraRoots: null,
  caFile: null,
  allowCleartext: false,
  timeoutMs: 10_000,
  timeoutGiven: false,
  deadlineMs: null,
  activeAddress: null,
  activePorts: null,
  sourceAddress: null,
  resolve: {},
  maxSessions: 2,
  maxLogins: 5,
  samples: null,
  writeDirectory: null,
  holdSeconds: null,
  tlsMatrix: false,
  ccc: false,
  ports: null,
  repeat: 1,
  calledAt: null,
  intervalMs: 5_000,
};

const REPORT = {
  destinations: [{ format: "table", file: null }],
  verbose: false,
  clients: false,
  quiet: false,
  noColor: false,
  noProgress: false,
  failOn: "degraded",
};

const parse = (line: string) => parseCommandLine(line.split(" "));

describe("the command line", () => {
  it("probes what it is given, with the documented defaults", () => {
    const probe = {
      command: "probe",
      targets: ["ftp.example.com"],
      probe: DEFAULTS,
      caFile: null,
      credentials: { user: null, passwordFile: null, netrc: false },
      report: REPORT,
    };
    expect(parse("ftp.example.com")).toEqual(probe);
    expect(parse("probe ftp.example.com")).toEqual(probe);
    expect(parse("-- ftp.example.com")).toEqual(probe);
    expect(parse("--verbose -- --odd -")).toMatchObject({ targets: ["--odd", "-"], report: { verbose: true } });
  });

  it("reads every option", () => {
    expect(
      parse(
        "a b --user u --password-file - --security explicit --insecure --ca-file roots.pem --tls-matrix --ccc --allow-cleartext --modes port,pasv --family 6 " +
          "--require active,pasv,tls,ipv6 --timeout 2.5 --deadline 60 --active-address [2001:DB8::1] --active-ports 50000-50100 " +
          "--source-address ::1 --resolve A.example:192.0.2.1 --resolve a.example:[2001:db8::2] --max-sessions 1 " +
          "--max-logins 3 --samples 40 --repeat 7 --interval 90 --write /incoming --hold 300 --format json --output r.json --report table=- --report evidence=e.json --verbose --clients --no-color " +
          "--no-progress --fail-on broken",
      ),
    ).toEqual({
      command: "probe",
      targets: ["a", "b"],
      probe: {
        modes: ["pasv", "port"],
        families: ["ipv6"],
        required: ["pasv", "active", "tls", "ipv6"],
        security: "explicit",
        insecure: true,
        extraRoots: null,
        caFile: "roots.pem",
        allowCleartext: true,
        timeoutMs: 2500,
        timeoutGiven: true,
        deadlineMs: 60_000,
        activeAddress: "2001:db8::1",
        activePorts: { from: 50_000, to: 50_100 },
        sourceAddress: "::1",
        resolve: { "a.example": ["192.0.2.1", "2001:db8::2"] },
        maxSessions: 1,
        maxLogins: 3,
        samples: 40,
        writeDirectory: "/incoming",
        holdSeconds: 300,
        tlsMatrix: true,
        ccc: true,
        ports: null,
        repeat: 7,
        calledAt: null,
        intervalMs: 90_000,
      },
      caFile: "roots.pem",
      credentials: { user: "u", passwordFile: "-", netrc: false },
      report: {
        destinations: [
          { format: "json", file: "r.json" },
          { format: "table", file: null },
          { format: "evidence", file: "e.json" },
        ],
        verbose: true,
        clients: true,
        quiet: false,
        noColor: true,
        noProgress: true,
        failOn: "broken",
      },
    });
  });

  it("says how to secure the connections only where it was told to", () => {
    expect(parse("ftps://h")).toMatchObject({ targets: ["ftps://h"], probe: { security: null } });
    expect(parse("h --security implicit")).toMatchObject({ probe: { security: "implicit" } });
    expect(parse("h --require tls")).toMatchObject({ probe: { required: ["tls"] } });
    expect(parse("h --require tls --modes port")).toMatchObject({ probe: { required: ["tls"], modes: ["port"] } });
  });

  it("takes options before, between and after the targets, with = too", () => {
    const parsed = parse("--timeout=3 a --verbose b --modes=epsv c");
    expect(parsed).toMatchObject({ targets: ["a", "b", "c"], probe: { timeoutMs: 3000, modes: ["epsv"] } });
  });

  it("takes a flag with true or false behind it", () => {
    expect(parse("h --verbose=true --no-color=false")).toMatchObject({ report: { verbose: true, noColor: false } });
  });

  it("leaves names and numbers as they are typed", () => {
    expect(parse("probe 0123 1e3 --user 007 --password-file 1.50")).toMatchObject({
      targets: ["0123", "1e3"],
      credentials: { user: "007", passwordFile: "1.50" },
    });
  });

  it.each(COMMANDS)("probes a host called %s where probe is named", (name) => {
    expect(parse(`probe ${name}`)).toMatchObject({ command: "probe", targets: [name] });
  });

  it.each(["ports", "serve", "audit"])("probes a host called %s where probe is named", (name) => {
    expect(parse(`probe ${name}`)).toMatchObject({ command: "probe", targets: [name] });
  });

  it.each([
    ["--format ndjson", [{ format: "ndjson", file: null }]],
    ["--output x", [{ format: "table", file: "x" }]],
    ["--output -", [{ format: "table", file: null }]],
    [
      "--report json=x=y",
      [
        { format: "table", file: null },
        { format: "json", file: "x=y" },
      ],
    ],
    ["--report json=-", [{ format: "json", file: null }]],
  ])("%s", (options, destinations) => {
    expect(parse(`h ${options}`)).toMatchObject({ report: { destinations } });
  });

  it("reads the other commands", () => {
    expect(parse("diagnose a -")).toEqual({ command: "diagnose", files: ["a", "-"], report: REPORT });
    expect(parse("render - --format json")).toMatchObject({ command: "render", file: "-" });
    expect(parse("explain ctl-dns")).toEqual({ command: "explain", id: "ctl-dns", noColor: false });
    expect(parse("explain")).toEqual({ command: "explain", id: null, noColor: false });
    expect(parse("simulate a=1 b --port 2121 --host ::1")).toEqual({
      command: "simulate",
      faults: ["a=1", "b"],
      list: false,
      host: "::1",
      port: 2121,
    });
    expect(parse("demo --no-color")).toEqual({ command: "demo", noColor: true, noProgress: false });
    expect(parse("schema")).toEqual({ command: "schema" });
  });
});

describe("a command behind options", () => {
  it.each([
    ["--verbose render r.json", "render r.json --verbose"],
    ["--format json diagnose e.json", "diagnose e.json --format json"],
    ["--no-color explain tls-cert-name", "explain tls-cert-name --no-color"],
    ["--range 50000-50010 ports h", "ports h --range 50000-50010"],
  ])("is the same command: %s", (typed, usual) => {
    expect(parseCommandLine(typed.split(" "))).toEqual(parseCommandLine(usual.split(" ")));
  });

  it("is no command as the value of an option, behind --, or behind a target", () => {
    expect(parseCommandLine(["--user", "render", "h"])).toMatchObject({ command: "probe", targets: ["h"] });
    expect(parseCommandLine(["--quiet", "--", "render"])).toMatchObject({ command: "probe", targets: ["render"] });
    expect(parseCommandLine(["h", "--quiet", "render"])).toMatchObject({ command: "probe", targets: ["h", "render"] });
  });
});
