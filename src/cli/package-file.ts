import { fileURLToPath } from "node:url";
import { FileProblem, type Files } from "../system/ports.ts";

/** From the built program, and from the sources as the tests run them. */
const DIST = ["./", "../../dist/"];

/** Reads a file that `npm run build` put into dist/. */
export async function readBuiltFile(name: string, files: Files): Promise<string> {
  for (const folder of DIST) {
    try {
      return await files.read(fileURLToPath(new URL(`${folder}${name}`, import.meta.url)));
    } catch (error) {
      if (!(error instanceof FileProblem)) throw error;
    }
  }
  throw new FileProblem(`${name} is missing from this installation; install ftp-doctor again, or run npm run build`);
}
