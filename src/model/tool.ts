import type { Tool } from "./evidence.ts";

/** This program, as its files name it. A test holds the version equal to package.json's. */
export const TOOL: Tool = { name: "ftp-doctor", version: "0.1.0" };
