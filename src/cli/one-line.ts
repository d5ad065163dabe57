import { visible } from "../reporters/escape.ts";

/** More than this is nobody's message. */
const MAX_LENGTH = 600;

/**
 * Makes any text fit for one line on a terminal: control characters made visible, a password in a URL or in front of
 * a host replaced. What the user typed may be echoed in a message, and what a server said may be in an error.
 */
export function oneLine(text: string): string {
  const flat = text.trim().replace(/\s*[\r\n]+\s*/g, " ");
  const safe = flat
    .replace(/(\/\/[^\s/:@]*):[^\s]*@/g, "$1:[secret]@")
    .replace(/(^|[\s"'(=])([^\s/:@"'(=]+):(?!\/\/)[^\s]+@(?=[\w[])/g, "$1$2:[secret]@");
  return visible(safe, MAX_LENGTH);
}
