import type { OutputStream } from "./io.ts";

/**
 * Writes text and waits until the system has taken it, so that nothing is lost when the process ends. A reader that
 * went away (EPIPE) wants no more: that is no error.
 */
export function writeText(stream: OutputStream, text: string): Promise<void> {
  if (text === "") return Promise.resolve();
  return new Promise((resolve, reject) => {
    stream.write(text, (error) => {
      const code = error && "code" in error ? error.code : undefined;
      if (!error || code === "EPIPE" || code === "ERR_STREAM_DESTROYED") resolve();
      else reject(error);
    });
  });
}
