import { read as readDescriptor } from "node:fs";
import { type FileHandle, open, stat, unlink, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { codeOf } from "./classify.ts";
import { realClock } from "./clock.ts";
import { FileProblem, type Files, type WritableFile } from "./ports.ts";

/** More than any evidence or report the tool writes; a wrong file (a disk image, a device) is stopped here. */
const DEFAULT_MAX_BYTES = 64 * 1024 * 1024;

const CHUNK_BYTES = 64 * 1024;

/** Fills the buffer from its start with what comes next, and answers how much; 0 at the end. */
type ReadSome = (buffer: Buffer) => Promise<number>;

/** The system's files. */
export const realFiles: Files = {
  read: async (path, maxBytes = DEFAULT_MAX_BYTES) => {
    const name = path === "-" ? "standard input" : path;
    try {
      return path === "-" ? await readAll(readStdin, maxBytes, name) : await readFileAt(path, maxBytes);
    } catch (error) {
      throw fileProblem("read", name, error);
    }
  },
  write: async (path, text) => {
    try {
      await writeFile(path, text, "utf8");
    } catch (error) {
      throw fileProblem("write", path, error);
    }
  },
  checkWritable: async (path) => {
    try {
      return await tryWriting(path);
    } catch (error) {
      throw fileProblem("write", path, error);
    }
  },
  removeEmpty: async (path) => {
    try {
      const found = await stat(path);
      if (found.isFile() && found.size === 0) await unlink(path);
    } catch {
      // An empty file that stays is no reason to complain.
    }
  },
};

/** Appending nothing asks the system itself: permission bits alone do not know of read-only disks and lists. */
async function tryWriting(path: string): Promise<WritableFile> {
  const { file, created } = await openToAppend(path);
  try {
    const found = await file.stat({ bigint: true });
    return { created, identity: found.isFile() ? `${found.dev}:${found.ino}` : null };
  } finally {
    await file.close();
  }
}

async function openToAppend(path: string): Promise<{ file: FileHandle; created: boolean }> {
  try {
    return { file: await open(path, "ax"), created: true };
  } catch {
    // It is there already; whatever else is wrong, this try tells it.
    return { file: await open(path, "a"), created: false };
  }
}

async function readFileAt(path: string, maxBytes: number): Promise<string> {
  const file = await open(path, "r");
  try {
    return await readAll(async (buffer) => (await file.read(buffer, 0, buffer.length)).bytesRead, maxBytes, path);
  } finally {
    await file.close();
  }
}

/** Reads to the end instead of trusting the size: pipes and /proc files say 0. */
async function readAll(readSome: ReadSome, maxBytes: number, name: string): Promise<string> {
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    const length = await readSome(buffer);
    if (length === 0) return decoded(Buffer.concat(chunks));
    total += length;
    if (total > maxBytes)
      throw new FileProblem(`cannot read ${name}: it is larger than ${sizeInWords(maxBytes)}; is it the right file?`);
    chunks.push(buffer.subarray(0, length));
  }
}

/** UTF-8 but where a byte order mark says UTF-16. */
function decoded(bytes: Buffer): string {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : null;
  return encoding === null ? bytes.toString("utf8") : new TextDecoder(encoding).decode(bytes);
}

const readFrom = promisify(readDescriptor);

const STDIN_RETRY_MS = 20;

/** By descriptor and not through `process.stdin`, which only the command line may touch. */
async function readStdin(buffer: Buffer): Promise<number> {
  for (;;) {
    try {
      return (await readFrom(0, buffer, 0, buffer.length, null)).bytesRead;
    } catch (error) {
      // Windows ends a pipe with EOF as an error; a parent may have left the pipe non-blocking (EAGAIN).
      if (codeOf(error) === "EOF") return 0;
      if (codeOf(error) !== "EAGAIN") throw error;
      await realClock.sleep(STDIN_RETRY_MS);
    }
  }
}

/** What to tell people about a code; the rest is told by its code. */
const ADVICE: Readonly<Record<string, string>> = {
  ENOENT: "no such file or folder; check the path",
  ENOTDIR: "a part of the path is not a folder; check the path",
  EISDIR: "this is a folder; name a file in it",
  EACCES: "permission denied; check who may use it",
  EPERM: "permission denied; check who may use it",
  EROFS: "the file system is read-only; choose another place",
  ENOSPC: "the disk is full; free some space or choose another place",
  EDQUOT: "the disk quota is used up; free some space or choose another place",
  ENAMETOOLONG: "the name is too long; choose a shorter one",
  ELOOP: "the symbolic links go round in a circle; check the path",
  EMFILE: "too many open files in this process; run it on fewer files",
};

/** What went wrong with a file or stream, in one line. */
export function fileProblem(verb: "read" | "write", name: string, error: unknown): FileProblem {
  if (error instanceof FileProblem) return error;
  const code = codeOf(error);
  const advice = ADVICE[code ?? ""] ?? `the system says ${code ?? "no more"}`;
  return new FileProblem(`cannot ${verb} ${name}: ${advice}`);
}

function sizeInWords(bytes: number): string {
  const mebibyte = 1024 * 1024;
  return bytes >= mebibyte ? `${Math.floor(bytes / mebibyte)} MiB` : `${bytes} bytes`;
}
