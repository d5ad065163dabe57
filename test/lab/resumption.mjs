import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SERVER } from "./addresses.mjs";
import { probe } from "./probe.mjs";
import { LabProblem } from "./problem.mjs";
import { runOrFail } from "./processes.mjs";
import { onStage } from "./stage.mjs";

/**
 * What each server does with data connections that resume the control connection's session and with those that do not:
 * measured with the built command line's own `--tls-matrix`.
 */

/** @typedef {import("../../src/model/tls-evidence.ts").TlsMatrixRecord} TlsMatrixRecord */
/** @typedef {import("../../src/model/tls-evidence.ts").MatrixTrial} MatrixTrial */

/**
 * The servers, as they come out of the box, and those two that insist on resumption with that switched off.
 * @param {string} folder where key and certificate lie
 * @returns {{ called: string, server: import("./servers.mjs").Server }[]}
 */
function contestants(folder) {
  const key = join(folder, "resumption-key.pem");
  const certificate = join(folder, "resumption-certificate.pem");
  const vsftpd = {
    ssl_enable: "YES",
    allow_anon_ssl: "YES",
    force_local_logins_ssl: "NO",
    force_local_data_ssl: "NO",
    ssl_ciphers: "HIGH",
    rsa_cert_file: certificate,
    rsa_private_key_file: key,
  };
  const proftpd = {
    LoadModule: "mod_tls.c",
    TLSEngine: "on",
    TLSRequired: "off",
    TLSRSACertificateFile: certificate,
    TLSRSACertificateKeyFile: key,
  };
  return [
    { called: "vsftpd", server: { product: "vsftpd", options: vsftpd } },
    {
      called: "vsftpd, require_ssl_reuse=NO",
      server: { product: "vsftpd", options: { ...vsftpd, require_ssl_reuse: "NO" } },
    },
    { called: "ProFTPD", server: { product: "proftpd", options: proftpd } },
    {
      called: "ProFTPD, NoSessionReuseRequired",
      server: { product: "proftpd", options: { ...proftpd, TLSOptions: "NoSessionReuseRequired" } },
    },
    {
      called: "Pure-FTPd",
      server: { product: "pure-ftpd", options: { "-Y": "1", "-2": join(folder, "resumption-both.pem") } },
    },
  ];
}

/** @param {string} folder */
async function makeCertificate(folder) {
  const key = join(folder, "resumption-key.pem");
  const certificate = join(folder, "resumption-certificate.pem");
  const made = ["-keyout", key, "-out", certificate, "-days", "2", "-subj", "/CN=lab", "-nodes"];
  await runOrFail([
    "openssl",
    "req",
    "-x509",
    "-newkey",
    "rsa:2048",
    "-addext",
    `subjectAltName=IP:${SERVER}`,
    ...made,
  ]);
  const both = await runOrFail(["cat", key, certificate]);
  await writeFile(join(folder, "resumption-both.pem"), both);
}

/** @type {readonly { what: MatrixTrial["what"], heading: string }[]} */
const COLUMNS = [
  { what: "resume-1", heading: "first" },
  { what: "resume-2", heading: "second" },
  { what: "resume-3", heading: "third" },
  { what: "same-ticket", heading: "same ticket again" },
  { what: "after-preliminary", heading: "handshake after 150" },
  { what: "no-resume", heading: "without resumption" },
  { what: "prot-c", heading: "PROT C" },
];

/**
 * Probes each server and gives the table, in Markdown.
 * @param {import("./stage.mjs").Context} context
 * @param {(line: string) => void} say
 */
export async function resumptionTable(context, say) {
  await makeCertificate(context.folder);
  const rows = [
    `| Server | TLS | ${COLUMNS.map(({ heading }) => heading).join(" | ")} | tickets |`,
    `|---|---|${COLUMNS.map(() => "---|").join("")}---|`,
  ];
  for (const [index, { called, server }] of contestants(context.folder).entries()) {
    for (const record of await measure(`resumption-${index + 1}`, server, context)) {
      const cells = COLUMNS.map(({ what }) => cell(record.trials.find((trial) => trial.what === what)));
      const tickets = record.trials[0]?.tickets ?? 0;
      rows.push(
        `| ${called} | ${(record.version ?? "none").replace("TLSv", "")} | ${cells.join(" | ")} | ${tickets} |`,
      );
    }
    say(`${called}: measured`);
  }
  return rows.join("\n");
}

/**
 * @param {string} name
 * @param {import("./servers.mjs").Server} server
 * @param {import("./stage.mjs").Context} context
 * @returns {Promise<TlsMatrixRecord[]>}
 */
function measure(name, server, context) {
  /** @type {import("./scenario.mjs").Scenario} */
  const scenario = {
    name,
    title: "how data connections under TLS are resumed",
    server,
    options: ["--tls-matrix"],
    expect: { verdict: ["healthy", "degraded", "broken"], causes: [], modes: {} },
  };
  return onStage(scenario, context, async (stage) => {
    const { run, complaints } = await probe(scenario, stage, context.accounts.password);
    const records = run?.reports?.[0]?.evidence?.experiments ?? [];
    const found = records.filter((/** @type {any} */ record) => record.experiment === "tls-matrix");
    if (found.length === 0) throw new LabProblem(`${server.product}: nothing was measured. ${complaints.join("; ")}`);
    return found;
  });
}

/** What became of one transfer, in a word or two. @param {MatrixTrial | undefined} trial */
function cell(trial) {
  if (trial === undefined) return "not tried";
  const { transfer, prot } = trial;
  const last = transfer?.exchange.replies.at(-1)?.code ?? prot?.replies.at(-1)?.code ?? null;
  const moved = transfer?.dataOutcome === "ok" && last !== null && last >= 200 && last < 300;
  const agreed = transfer?.tls?.handshake.agreed ?? null;
  if (!moved) return `refused${last === null ? "" : `, ${last}`}`;
  if (agreed === null) return "works, in clear";
  return agreed.resumed ? "works, resumed" : "works, not resumed";
}

const README = fileURLToPath(new URL("../../README.md", import.meta.url));
const BEGIN = "<!-- resumption -->";
const END = "<!-- /resumption -->";

/** Puts the table between its marks in README.md. @param {string} table */
export async function writeResumptionIntoReadme(table) {
  const text = await readFile(README, "utf8");
  const begin = text.indexOf(BEGIN);
  const end = text.indexOf(END);
  if (begin === -1 || end < begin) throw new LabProblem(`README.md has no ${BEGIN} ... ${END}`);
  await writeFile(README, `${text.slice(0, begin + BEGIN.length)}\n\n${table}\n\n${text.slice(end)}`);
}
