import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { startSimulator } from "../../src/simulator/simulator.ts";
import { realMachine } from "../../src/system/machine.ts";
import { type Outcome, runCli } from "./run-cli.ts";

/** Like nothing else that is printed; the special characters would show a lack of escaping. */
const CANARY = 'kanari%&"Vogel';
const ENCODED = encodeURIComponent(CANARY);

const folder = mkdtempSync(join(tmpdir(), "ftp-doctor-canary-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const passwordFile = join(folder, "password");
const netrc = join(folder, "netrc");

/** How a password can be given: arguments, environment, input. */
const WAYS: readonly {
  name: string;
  give(at: string): { args: string[]; env?: Record<string, string>; input?: string };
}[] = [
  { name: "in the URL", give: (at) => ({ args: [`ftp://demo:${ENCODED}@${at}/`] }) },
  { name: "before the host", give: (at) => ({ args: [`demo:${CANARY}@${at}`] }) },
  { name: "in a file", give: (at) => ({ args: [`demo@${at}`, "--password-file", passwordFile] }) },
  { name: "on standard input", give: (at) => ({ args: [`demo@${at}`, "--password-file", "-"], input: `${CANARY}\n` }) },
  { name: "in the environment", give: (at) => ({ args: [`demo@${at}`], env: { FTP_DOCTOR_PASSWORD: CANARY } }) },
  { name: "in a netrc file", give: (at) => ({ args: [at, "--netrc"], env: { NETRC: netrc } }) },
];

/** What the server makes of it. */
const SERVERS: readonly { name: string; faults: string[]; password: string }[] = [
  { name: "that lets in", faults: [], password: CANARY },
  { name: "that refuses", faults: [], password: "another" },
  { name: "that answers nothing to PASS", faults: ["unanswered=PASS"], password: CANARY },
  { name: "that hangs up at PASS", faults: ["closes-at=PASS"], password: CANARY },
];

describe.each(WAYS)("a password $name", ({ give }) => {
  it.each(SERVERS)("is written nowhere, on a server $name", async ({ faults, password }) => {
    writeFileSync(passwordFile, `${CANARY}\n`);
    writeFileSync(netrc, `machine 127.0.0.1 login demo password "${CANARY.replaceAll('"', '\\"')}"\n`);
    const simulator = await startSimulator({ ...realMachine, fault: faults, account: { user: "demo", password } });
    const reports = mkdtempSync(join(folder, "reports-"));
    try {
      const { args, env = {}, input = "" } = give(`127.0.0.1:${simulator.endpoint.port}`);
      const formats = ["table", "json", "ndjson", "evidence", "message"];
      const outcome = await runCli(
        [
          ...args,
          "--verbose",
          "--allow-cleartext",
          "--timeout",
          "1",
          ...formats.flatMap((format) => ["--report", `${format}=${join(reports, format)}`]),
        ],
        { env: { ...env, FTP_DOCTOR_DEBUG: "1" }, input },
      );
      expect(simulator.log.some(({ line }) => line.startsWith("PASS"))).toBe(true);
      if (faults.length === 0) expect(outcome.code).toBe(password === CANARY ? 0 : 2);
      expectNoCanary(outcome);
      const written = readdirSync(reports);
      expect(written.sort()).toEqual([...formats].sort());
      for (const name of written) expectNone(readFileSync(join(reports, name), "utf8"));
      const again = await runCli(["diagnose", join(reports, "evidence"), "--verbose"]);
      expectNoCanary(again);
    } finally {
      await simulator.stop();
    }
  });
});

it("a password that the server says back is written nowhere", async () => {
  const echo = await startEcho();
  try {
    for (const format of ["table", "json", "message"]) {
      const outcome = await runCli([`demo@127.0.0.1:${echo.port}`, "--verbose", "--format", format, "--timeout", "1"], {
        env: { FTP_DOCTOR_PASSWORD: CANARY },
      });
      expect(outcome.stdout).toContain("secret");
      expectNoCanary(outcome);
    }
  } finally {
    echo.stop();
  }
});

it.each([
  ["an unreachable server", ["ftp://demo:CANARY@127.0.0.1:1", "--timeout", "1"]],
  ["a bad port", ["ftp://demo:CANARY@127.0.0.1:99999"]],
  ["another protocol", ["sftp://demo:CANARY@127.0.0.1"]],
  ["an unsupported scheme", ["ftps://demo:CANARY@127.0.0.1"]],
  ["a bad option", ["ftp://demo:CANARY@127.0.0.1", "--timeout", "x"]],
  ["an option that does not exist", ["127.0.0.1", "--password", "CANARY"]],
  ["an option that does not exist, joined", ["127.0.0.1", "--passwd=CANARY"]],
  ["a short option", ["127.0.0.1", "-pCANARY"]],
  ["a proxy", ["127.0.0.1", "--proxy", "http://u:CANARY@p"]],
  ["the wrong command", ["diagnose", "ftp://demo:CANARY@127.0.0.1"]],
  ["the wrong place", ["127.0.0.1", "--report", "json=ftp://demo:CANARY@127.0.0.1/x"]],
])("a password in the arguments is not echoed: %s", async (_name, args) => {
  const outcome = await runCli(
    args.map((arg) => arg.replace("CANARY", ENCODED)),
    { env: { FTP_DOCTOR_DEBUG: "1" } },
  );
  expectNoCanary(outcome);
  expect(outcome.stderr + outcome.stdout).not.toBe("");
});

it("a proxy's password in the environment is not echoed", async () => {
  expectNoCanary(await runCli(["127.0.0.1"], { env: { ftp_proxy: `http://u:${ENCODED}@proxy` } }));
});

function expectNoCanary({ stdout, stderr }: Outcome): void {
  expectNone(stdout);
  expectNone(stderr);
}

function expectNone(text: string): void {
  const traces = [
    CANARY,
    ENCODED,
    JSON.stringify(CANARY).slice(1, -1),
    CANARY.toUpperCase(),
    CANARY.toLowerCase(),
    ENCODED.toLowerCase(),
    ...ECHOES.map((echo) => echo(CANARY)),
    "Vogel",
  ];
  for (const trace of traces) expect(text).not.toContain(trace);
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
const escaped = (text: string) => Buffer.from(text).toString("hex").replace(/../g, "%$&");

/** How a server may write what it was sent. */
const ECHOES: readonly ((password: string) => string)[] = [
  (password) => password.toUpperCase(),
  (password) => password.toLowerCase(),
  encodeURIComponent,
  (password) => encodeURIComponent(password).toLowerCase(),
  escaped,
  base64,
  (password) => base64(password).replace(/=+$/, ""),
  (password) => Buffer.from(password).toString("base64url"),
  (password) => base64(`demo:${password}`),
  (password) => base64(`\0demo\0${password}`),
  (password) => base64(`PASS ${password}\r\n`),
  (password) => encodeURIComponent(base64(`x${password}`)),
];

/** A server that repeats in its refusal what it was sent, whole and in parts, as some do. */
async function startEcho(): Promise<{ port: number; stop(): void }> {
  const { createServer } = await import("node:net");
  const server = createServer((socket) => {
    socket.on("error", () => {});
    socket.write("220 ready\r\n");
    socket.on("data", (chunk) => {
      for (const line of chunk.toString().split("\r\n").filter(Boolean)) {
        const answer = /^USER/.test(line)
          ? "331 tell me"
          : /^PASS/.test(line)
            ? `530-you said ${line}\r\n530-<${line.slice(5)}>\r\n${ECHOES.map((echo) => `530-as ${echo(line.slice(5))};\r\n`).join("")}530 no ${line.slice(5)}!`
            : "500 no";
        socket.write(`${answer}\r\n`);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  return { port: typeof address === "object" && address !== null ? address.port : 0, stop: () => server.close() };
}
