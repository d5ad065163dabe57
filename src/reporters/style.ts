/** The ways in which words are set off; each returns the text unchanged where colour is not wanted. */
export interface Style {
  /** Headings and names. */
  strong(text: string): string;
  /** What may be read over. */
  faint(text: string): string;
  /** It works. */
  good(text: string): string;
  /** It works in part. */
  warn(text: string): string;
  /** It does not work. */
  bad(text: string): string;
  /** It cannot be told. */
  unsure(text: string): string;
}

/** SGR parameters (ECMA-48 8.3.117); only colours every terminal theme defines. */
const SGR: Readonly<Record<keyof Style, string>> = {
  strong: "1",
  faint: "2",
  good: "32",
  warn: "33",
  bad: "31",
  unsure: "35",
};

/** Colour on or off, decided once. */
export function styleFor(color: boolean): Style {
  const paint = (name: keyof Style) => (text: string) =>
    color && text !== "" ? `\x1b[${SGR[name]}m${text}\x1b[0m` : text;
  return {
    strong: paint("strong"),
    faint: paint("faint"),
    good: paint("good"),
    warn: paint("warn"),
    bad: paint("bad"),
    unsure: paint("unsure"),
  };
}
