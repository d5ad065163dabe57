// dist/command-line.js as `npm run build` writes it: the command line with what V8 made of its source at the build.
// Most of a short run is the compiling of code that never changes; Node 20 keeps none of its own.

/** Node's own modules as they are: an import reads every property of them first, and so loads what lies behind each. */
const own = process.getBuiltinModule;
const { readFileSync } = own("node:fs");
const { createRequire } = own("node:module");
const { fileURLToPath } = own("node:url");
const { Script } = own("node:vm");

const file = fileURLToPath(new URL("command-line.cjs", import.meta.url));
/** Of this Node alone; V8 refuses what another made, and compiles. */
const cacheFile = `${file}.${process.version}-${process.platform}-${process.arch}`;

// The build writes ASCII, held so by a test: read as such it takes half the memory and no decoding.
const script = new Script(`(function (module, require, ownUrl) {${readFileSync(file, "latin1")}\n})`, {
  filename: file,
  cachedData: cached(),
});
const module = { exports: {} };
script.runInThisContext()(module, createRequire(import.meta.url), import.meta.url);

/** As in src/cli/command-line.ts. */
export const { complaint, runCommandLine } = module.exports;

/** For the build: where to keep what V8 has made of the code by now, and that. For the tests: whether V8 took what was kept. */
export function codeCache() {
  return { cacheFile, data: script.createCachedData(), taken: script.cachedDataRejected === false };
}

function cached() {
  try {
    return readFileSync(cacheFile);
  } catch {
    return undefined;
  }
}
