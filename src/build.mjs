// Builds dist/ from the sources: `npm run build`. Bundled, because loading many small files is most of a short run.
import { EventEmitter, once } from "node:events";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
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

/** For the first file: the same as in with-code-cache.mjs, for the same reason. */
const ownModules = {
  name: "own-modules",
  setup(bundle) {
    bundle.onResolve({ filter: /^node:/ }, ({ path }) => ({ path, namespace: "own-modules" }));
    bundle.onLoad({ filter: /.*/, namespace: "own-modules" }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/**
 * One file each: Node takes longer to find and link many small modules than to read what a run does not need. Apart
 * are the quick answers (main), and what only some runs need: the progress line with ora, the check of saved files with ajv.
 */
const MODULES = { main: "src/cli/main.ts", index: "src/index.ts" };
const SCRIPTS = {
  "command-line": "src/cli/command-line.ts",
  progress: "src/cli/progress.ts",
  "schema-check": "src/cli/schema-check.ts",
};
const AS_MODULE = { format: "esm" };
/** Not a module, as Node 20 can load only scripts with a code cache; and so no import() either. */
const AS_SCRIPT = { format: "cjs", supported: { "dynamic-import": false }, define: { "import.meta.url": "ownUrl" } };

/** Where one part imports another when it needs it, the built file is meant. */
const apart = {
  name: "apart",
  setup(bundle) {
    bundle.onResolve({ filter: /^\.{1,2}\// }, ({ kind, path }) => {
      const name = basename(path, ".ts");
      if (kind !== "dynamic-import" || !(name in SCRIPTS)) return null;
      return { path: name === "command-line" ? "./command-line.js" : `./${name}.cjs`, external: true };
    });
  },
};

rmSync("dist", { recursive: true, force: true });
const parts = [
  ...Object.entries(MODULES).map(([name, source]) => ({ source, outfile: `dist/${name}.js`, ...AS_MODULE })),
  ...Object.entries(SCRIPTS).map(([name, source]) => ({ source, outfile: `dist/${name}.cjs`, ...AS_SCRIPT })),
];
const built = await Promise.all(
  parts.map(({ source, ...form }) =>
    build({
      entryPoints: [source],
      ...form,
      bundle: true,
      platform: "node",
      target: "node20",
      minifySyntax: true,
      minifyWhitespace: true,
      // In the library the names of a stack are worth more than its size.
      minifyIdentifiers: source !== MODULES.index,
      // Their notices are in licenses.txt, whole.
      legalComments: "none",
      plugins: [plainWidth, apart, ...(source === MODULES.main ? [ownModules] : [])],
      metafile: true,
      logLevel: "warning",
    }),
  ),
);
writeFileSync("dist/licenses.txt", licenses(built.flatMap(({ metafile }) => Object.keys(metafile.inputs))));
copyFileSync("src/with-code-cache.mjs", "dist/command-line.js");
// Before the help, whose making nobody needs again.
await writeCodeCache();
await writeHelp();

/**
 * The help texts, as yargs prints them: reading one takes a fraction of the time. The overview names the commands.
 */
async function writeHelp() {
  const { main } = await import("../dist/main.js");
  const helpOf = async (...argv) => {
    let text = "";
    const io = buildIo((written) => {
      text += written;
    }, new EventEmitter());
    if ((await main(argv, io)) !== 0) throw new Error(`no help: ${argv}`);
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

/**
 * Runs what most runs are, probes of a healthy server and of one that is not: what V8 compiled for them is kept. The
 * fault is one that names no other address, so that nothing leaves this machine. Where no server can listen, which it
 * says, nothing is kept and each start compiles anew.
 */
async function writeCodeCache() {
  const { codeCache, runCommandLine } = await import("../dist/command-line.js");
  for (const fault of [[], ["passive-ports-closed"]]) {
    const server = new EventEmitter();
    const ended = runCommandLine(
      ["simulate", ...fault],
      buildIo((text) => server.emit("started", text), server),
    );
    const [text] = await Promise.race([once(server, "started"), ended.then(() => [])]);
    if (text === undefined) return;
    const { port } = JSON.parse(text);
    for (const format of ["json", "table"]) {
      await runCommandLine(
        ["probe", `127.0.0.1:${port}`, "--format", format],
        buildIo(() => {}, new EventEmitter()),
      );
    }
    server.emit("SIGINT");
    await ended;
  }
  const { cacheFile, data } = codeCache();
  writeFileSync(cacheFile, data);
}

/** What the command line sees of the build in place of a process: where its text goes, and what sends it signals. */
function buildIo(onText, signals) {
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      onText(`${chunk}`);
      done();
    },
  });
  return {
    stdout,
    stderr: process.stderr,
    // No progress line in the output of the build, on whatever terminal.
    env: { TERM: "dumb" },
    platform: process.platform,
    onSignal: (name, handler) => signals.on(name, handler),
    offSignal: (name, handler) => signals.off(name, handler),
  };
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
