import { readFile, writeFile } from "node:fs/promises";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { LabProblem } from "./problem.mjs";
import { runToEnd } from "./processes.mjs";
import { onStage } from "./stage.mjs";

const PROJECT = fileURLToPath(new URL("../../", import.meta.url));
const README = `${PROJECT}README.md`;
/** `<!-- output: SCENARIO: ARGUMENTS -->`, and everything up to its end mark. */
const MARKED = /<!-- output: ([\w-]+): ([^\n]+) -->\n[\s\S]*?<!-- \/output -->/g;

/**
 * Writes what the built command line prints in a scenario, as its user there sees it, between the marks in README.md.
 * @param {readonly import("./scenario.mjs").Scenario[]} scenarios
 * @param {import("./stage.mjs").Context} context
 * @param {readonly string[]} [only] names of the scenarios to look at; all where there is none
 */
export async function writeOutputs(scenarios, context, only = []) {
  let text = await readFile(README, "utf8");
  for (const [block, name = "", args = ""] of [...text.matchAll(MARKED)]) {
    if (only.length > 0 && !only.includes(name)) continue;
    const scenario = scenarios.find((each) => each.name === name);
    if (scenario === undefined) throw new LabProblem(`README.md shows the scenario ${name}, which does not exist`);
    const printed = await onStage(scenario, context, async ({ asClient }) => {
      const argv = asClient([process.execPath, `${PROJECT}bin/ftp-doctor.js`, ...args.split(" "), "--no-progress"]);
      return (await runToEnd(argv)).stdout;
    });
    const shown = `<!-- output: ${name}: ${args} -->\n\`\`\`console\n$ ftp-doctor ${args}\n${printed.trimEnd()}\n\`\`\`\n<!-- /output -->`;
    text = text.replace(block, () => shown);
  }
  await writeFile(README, text);
}
