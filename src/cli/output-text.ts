import type { Io, OutputStream } from "./io.ts";

/**
 * Writes text to standard output and waits until the system has taken it, so that nothing is lost when the process ends. A reader that
 * went away (EPIPE) wants no more: that is no error. Throws `FileProblem`, as where the disk is full. Where the caller closed standard
 * output there is nothing to be told of: Node opens /dev/null in its place, in the very way of a parent that wants it thrown away.
 */
export async function writeText(stream: OutputStream, text: string): Promise<void> {
  if (text === "") return;
  const error = await written(stream, text);
  const code = error !== null && typeof error === "object" && "code" in error ? error.code : undefined;
  if (error === null || code === "EPIPE" || code === "ERR_STREAM_DESTROYED") return;
  // Loaded when it is needed: the quick answers do without.
  throw (await import("../system/files.ts")).fileProblem("write", "standard output", error);
}

/** Writes a line to standard error, or gives up: there is nowhere left to complain. */
export async function tell(io: Io, text: string): Promise<void> {
  await written(io.stderr, text);
}

/** Null, or what went wrong; some streams throw it, others call back. */
function written(stream: OutputStream, text: string): Promise<unknown> {
  return new Promise((resolve) => {
    try {
      stream.write(text, (error) => resolve(error ?? null));
    } catch (error) {
      resolve(error);
    }
  });
}
