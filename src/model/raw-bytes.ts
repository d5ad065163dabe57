/** How far one looks to tell words from bytes. */
const LOOKED_AT = 64;
/** One odd byte in so many is still text: an escape sequence, an accent. */
const PLAIN_FOR_EACH_ODD = 7;
/** Bytes shown of what is no text: enough to search for, too few to fill a screen. */
const HEX_BYTES = 8;

/** Whether raw bytes (latin1, one character each) are words that a person can read, and no binary data. */
export function isText(bytes: string): boolean {
  // In whatever language: an FTP reply is text.
  if (/^\d{3}[ -]/.test(bytes)) return true;
  const start = [...bytes.slice(0, LOOKED_AT)];
  const odd = start.filter((char) => !/[\t\r\n\x20-\x7e]/.test(char)).length;
  return odd * (PLAIN_FOR_EACH_ODD + 1) <= start.length;
}

/** The first raw bytes as `8a 1f 00`, with `…` where there are more. */
export function hexOf(bytes: string, count = HEX_BYTES): string {
  const shown = [...bytes.slice(0, count)].map((char) => char.charCodeAt(0).toString(16).padStart(2, "0"));
  return `${shown.join(" ")}${bytes.length > count ? " …" : ""}`;
}
