import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, posix, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";

/** The folder of the sources. */
export const SOURCES = fileURLToPath(new URL("../../src/", import.meta.url));

/** One import, re-export or dynamic import. */
export interface Import {
  /** As written, such as `../model/mode.ts` or `node:net`. */
  specifier: string;
  /** Path in src/ for one of ours, such as `model/mode.ts`; null for a package. */
  file: string | null;
  /** Nothing of it is left when the program runs. */
  typeOnly: boolean;
}

/** One source file, taken apart. */
export interface SourceFile {
  /** Path in src/ with forward slashes. */
  path: string;
  /** First folder of the path; the file's own name at the top. */
  part: string;
  text: string;
  imports: Import[];
  /** Names of globals it reads, of those asked for. */
  globals: Set<string>;
  /** Names of methods called, such as `reveal`. */
  methods: Set<string>;
}

interface Node {
  type: string;
  [key: string]: unknown;
}

/** Reads every TypeScript file in src/. */
export function readSources(): SourceFile[] {
  return readdirSync(SOURCES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => relative(SOURCES, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort()
    .map(readSource);
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(SOURCES, path), "utf8");
  const { module, program, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`);
  const found = [
    ...module.staticImports.map(({ moduleRequest, entries }) => ({
      specifier: moduleRequest.value,
      typeOnly: entries.length > 0 && entries.every(({ isType }) => isType),
    })),
    ...module.staticExports.flatMap(({ entries }) =>
      entries.flatMap(({ moduleRequest, isType }) =>
        moduleRequest === null ? [] : [{ specifier: moduleRequest.value, typeOnly: isType }],
      ),
    ),
    ...module.dynamicImports.map(({ moduleRequest }) => ({
      specifier: text.slice(moduleRequest.start + 1, moduleRequest.end - 1),
      typeOnly: false,
    })),
  ];
  const globals = new Set<string>();
  const methods = new Set<string>();
  walk(program as unknown as Node, null, "", (name, isMethod) => (isMethod ? methods : globals).add(name));
  return {
    path,
    part: path.split("/")[0] ?? path,
    text,
    imports: found.map((each) => ({ ...each, file: fileOf(path, each.specifier) })),
    globals,
    methods,
  };
}

function fileOf(from: string, specifier: string): string | null {
  return specifier.startsWith(".") ? posix.normalize(posix.join(dirname(from), specifier)) : null;
}

function nameOf(node: unknown): string | null {
  return typeof node === "object" && node !== null && "name" in node ? String(node.name) : null;
}

function isDate(node: unknown): boolean {
  return nameOf(node) === "Date";
}

/** Calls `seen` for every identifier that is read, and for every property that is read of something. */
function walk(node: Node, parent: Node | null, key: string, seen: (name: string, isMethod: boolean) => void): void {
  // A date that is given is no clock that is read; a type is neither.
  if (node.type === "NewExpression" && isDate(node["callee"]) && (node["arguments"] as unknown[]).length > 0) {
    for (const child of node["arguments"] as Node[]) walk(child, node, "arguments", seen);
    return;
  }
  if (node.type === "MemberExpression" && isDate(node["object"]) && nameOf(node["property"]) !== "now") return;
  if (node.type === "TSTypeReference" && isDate(node["typeName"])) return;
  if (node.type === "Identifier") {
    const isProperty = parent !== null && parent["computed"] !== true && (key === "property" || key === "key");
    seen(String(node["name"]), isProperty);
    return;
  }
  for (const [name, value] of Object.entries(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child === "object" && child !== null && "type" in child) walk(child as Node, node, name, seen);
    }
  }
}
