/** What this tool draws and shortens with, as it is shown where only ASCII can be. */
const PLAIN: Readonly<Record<string, string>> = { "─": "-", "═": "=", "…": "...", "“": '"', "”": '"' };
const OWN = new RegExp(`[${Object.keys(PLAIN).join("")}]`, "g");

/** The text with the characters of our own in ASCII; names and replies in other scripts stay as they are. */
export function asciiOnly(text: string): string {
  return text.replace(OWN, (char) => PLAIN[char] ?? char);
}
