/** One entry of the simulator's file tree. */
export type TreeEntry =
  | { kind: "directory"; name: string; entries: readonly TreeEntry[] }
  | { kind: "file"; name: string; size: number /** Its bytes, one character each. */; content(): string };

/** Everything in the tree is as old as this, so that listings are the same in every run. */
const MODIFIED = new Date(Date.UTC(2024, 0, 15, 12, 30, 0));
/** The same as MDTM and MLSD write it (RFC 3659). */
export const MODIFIED_STAMP = "20240115123000";

const WELCOME = "Welcome to the ftp-doctor simulator.\nNothing here can be changed.\n";
const README = "Files to practise with:\n  megabyte.bin  1,048,576 bytes that count from 0 to 255 again and again\n";
const MEGABYTE = 1024 * 1024;

/** The tree: small, fixed and read-only. */
const FILE_TREE: TreeEntry = directory("", [
  directory("empty", []),
  directory("pub", [
    { kind: "file", name: "megabyte.bin", size: MEGABYTE, content: countingBytes },
    textFile("readme.txt", README),
  ]),
  textFile("welcome.txt", WELCOME),
]);

function directory(name: string, entries: readonly TreeEntry[]): TreeEntry {
  return { kind: "directory", name, entries };
}

function textFile(name: string, text: string): TreeEntry {
  return { kind: "file", name, size: text.length, content: () => text };
}

function countingBytes(): string {
  return Buffer.alloc(MEGABYTE, Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))).toString("latin1");
}

/** An absolute path without `.`, `..` and doubled slashes; `..` at the root stays there. */
export function absolutePath(from: string, path: string): string {
  const parts: string[] = [];
  for (const part of `${path.startsWith("/") ? "" : from}/${path}`.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}

/** What stands at an absolute path; null for nothing. */
export function lookUp(path: string): TreeEntry | null {
  let entry: TreeEntry = FILE_TREE;
  for (const part of path.split("/").filter((p) => p !== "")) {
    if (entry.kind !== "directory") return null;
    const next: TreeEntry | undefined = entry.entries.find((e) => e.name === part);
    if (next === undefined) return null;
    entry = next;
  }
  return entry;
}

/** How a listing is written: `ls -l`, names only, or facts (RFC 3659). */
export type ListingForm = "long" | "names" | "facts";

/** The lines of a listing, each with CR LF; a file lists itself. */
export function listing(entry: TreeEntry, form: ListingForm): string {
  const entries = entry.kind === "directory" ? entry.entries : [entry];
  return entries.map((e) => `${lineOf(e, form)}\r\n`).join("");
}

function lineOf(entry: TreeEntry, form: ListingForm): string {
  const size = entry.kind === "file" ? entry.size : 4096;
  switch (form) {
    case "names":
      return entry.name;
    case "facts": {
      const type = entry.kind === "file" ? `type=file;size=${size};` : "type=dir;";
      return `${type}modify=${MODIFIED_STAMP};perm=${entry.kind === "file" ? "r" : "el"}; ${entry.name}`;
    }
    case "long": {
      const mode = entry.kind === "file" ? "-r--r--r--    1" : "dr-xr-xr-x    2";
      const month = MODIFIED.toLocaleString("en-US", { month: "short", timeZone: "UTC" });
      return `${mode} ftp      ftp      ${String(size).padStart(8)} ${month} ${MODIFIED.getUTCDate()}  ${MODIFIED.getUTCFullYear()} ${entry.name}`;
    }
  }
}
