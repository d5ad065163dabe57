// Builds dist/ from the sources: `npm run build`. Bundled, because loading many small files is most of a short run.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import process from "node:process";
import { Writable } from "node:stream";
import { build } from "esbuild";

/**
 * yargs, with cliui and wrap-ansi, measures the width of the help text with string-width, which takes longer to load and to run (Unicode
 * segmentation, emoji classes) than all the rest of `--help`. The help is ASCII, held so by a test: there a character
 * is a column.
 */
const plainWidth = {
  name: "plain-width",
  setup(bundle) {
    bundle.onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      /[\\/]node_modules[\\/](yargs|cliui|wrap-ansi)[\\/]/.test(importer)
        ? { path: "plain", namespace: "plain-width" }
        : null,
    );
    bundle.onLoad({ filter: /.*/, namespace: "plain-width" }, () => ({
      contents: "export default (text) => text.length;",
    }));
  },
};

/**
 * One file each: Node takes longer to find and link many small modules than to read what a run does not need. Apart
 * are the quick answers (main), and what only some runs need: the progress line with ora, the check of saved files with ajv.
 */
const PARTS = {
  main: "src/cli/main.ts",
  "command-line": "src/cli/command-line.ts",
  progress: "src/cli/progress.ts",
  "schema-check": "src/cli/schema-check.ts",
  index: "src/index.ts",
};

/** Where one part imports another when it needs it, the built file is meant. */
const apart = {
  name: "apart",
  setup(bundle) {
    bundle.onResolve({ filter: /^\.{1,2}\// }, ({ kind, path }) => {
      const name = basename(path, ".ts");
      return kind === "dynamic-import" && name in PARTS && name !== "index"
        ? { path: `./${name}.js`, external: true }
        : null;
    });
  },
};

rmSync("dist", { recursive: true, force: true });
const built = await Promise.all(
  Object.entries(PARTS).map(([name, source]) =>
    build({
      entryPoints: [source],
      outfile: `dist/${name}.js`,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "esm",
      minifySyntax: true,
      minifyWhitespace: true,
      // Their notices are in licenses.txt, whole.
      legalComments: "none",
      plugins: [plainWidth, apart],
      metafile: true,
      logLevel: "warning",
    }),
  ),
);
writeFileSync("dist/licenses.txt", licenses(built.flatMap(({ metafile }) => Object.keys(metafile.inputs))));
await writeHelp();

/**
 * The help texts, as yargs prints them: reading one takes a fraction of the time. The overview names the commands.
 */
async function writeHelp() {
  const { main } = await import("../dist/main.js");
  const helpOf = async (...argv) => {
    let text = "";
    const stdout = new Writable({
      write(chunk, _encoding, done) {
        text += chunk;
        done();
      },
    });
    if ((await main(argv, { stdout, stderr: process.stderr, env: {} })) !== 0) throw new Error(`no help: ${argv}`);
    return text;
  };
  const overview = await helpOf("--help");
  // The examples further down begin like commands.
  const [commandList = ""] = overview.split(/^(?:Positionals|Options|Examples):/m);
  const commands = [...commandList.matchAll(/^ {2}ftp-doctor ([a-z]+)/gm)].map(([, name]) => name);
  const texts = await Promise.all(commands.map((command) => helpOf(command, "--help")));
  mkdirSync("dist/help");
  writeFileSync("dist/help/ftp-doctor.txt", overview);
  commands.forEach((command, index) => {
    writeFileSync(`dist/help/${command}.txt`, texts[index]);
  });
}

/** The licences of the packages whose code is in the bundle, which they ask to be passed on with it. */
function licenses(inputs) {
  const folders = inputs.map((input) => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1]);
  return [...new Set(folders.filter(Boolean))]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
      const file = readdirSync(folder).find((each) => /^licen[cs]e/i.test(each));
      const text = file === undefined ? `License: ${license}` : readFileSync(join(folder, file), "utf8").trim();
      return `${name} ${version}\n\n${text}\n`;
    })
    .join(`\n${"-".repeat(72)}\n\n`);
}
