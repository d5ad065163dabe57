// `npm run bench` runs every benchmark, `npm run bench -- NAME` one. Each prints ratios against a named peer, measured in one run.
import { spawnSync } from "node:child_process";
import process from "node:process";
import { fileURLToPath } from "node:url";

const BENCHMARKS = ["startup", "healthy-probe", "sweep"];
const asked = process.argv.slice(2);
const unknown = asked.find((name) => !BENCHMARKS.includes(name));
if (unknown !== undefined) {
  process.stderr.write(`bench: no benchmark is called ${unknown}; there are ${BENCHMARKS.join(" and ")}\n`);
  process.exit(3);
}
let missed = false;
for (const name of asked.length > 0 ? asked : BENCHMARKS) {
  process.stdout.write(`\n=== ${name}\n`);
  const file = fileURLToPath(new URL(`./${name}.mjs`, import.meta.url));
  missed = spawnSync(process.execPath, [file], { stdio: "inherit" }).status !== 0 || missed;
}
process.exitCode = missed ? 1 : 0;
