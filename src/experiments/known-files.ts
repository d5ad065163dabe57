/** A file that is there to be read. */
export interface KnownFile {
  /** Path as the server understands it. */
  path: string;
  /** Size in bytes, as the listing or SIZE told it. */
  sizeBytes: number;
}

/** Sizes that tell the usual thresholds apart: below, at and above one packet, a few packets, many. */
export const RUNGS_BYTES = [500, 1_400, 4_000, 20_000, 1_000_000] as const;
/** How far a file's size may be from the one wanted. */
const [LEAST, MOST] = [0.5, 2];

/** `-rw-r--r-- 1 ftp ftp 65 Jan 15 2024 welcome.txt` */
const UNIX = /^-\S{9,10}\s+\d+\s+\S+\s+\S+\s+(\d{1,15})\s+\S+\s+\S+\s+\S+ (.+)$/;
/** `01-15-24 12:30PM 65 welcome.txt` */
const DOS = /^\d\d-\d\d-\d\d(?:\d\d)?\s+\d\d:\d\d(?:[AP]M)?\s+(\d{1,15})\s+(.+)$/;

/** The files in the beginning of a listing, as far as its lines are whole and can be read. */
export function filesIn(sample: string): KnownFile[] {
  return wholeLines(sample).flatMap((line) => {
    const [, size, name] = UNIX.exec(line) ?? DOS.exec(line) ?? [];
    return size === undefined || name === undefined || !isSpeakable(name)
      ? []
      : [{ path: name, sizeBytes: Number(size) }];
  });
}

/** The names in an NLST (RFC 959 section 4.1.3), as far as they are whole and may be asked for. */
export function namesIn(sample: string, directory: string | null): string[] {
  const names = wholeLines(sample).filter((name) => isSpeakable(name) && !/^\.{1,2}$/.test(name));
  // Some servers name the directory with each entry, some do not.
  return names.map((name) => (directory === null || name.includes("/") ? name : `${directory}/${name}`));
}

/** One file for each rung of the ladder, smallest first, the nearest in size; rungs without one are left out. */
export function rungsFrom(files: readonly KnownFile[]): KnownFile[] {
  const chosen = RUNGS_BYTES.flatMap((wanted) => {
    const near = files.filter(({ sizeBytes }) => sizeBytes >= wanted * LEAST && sizeBytes <= wanted * MOST);
    const [nearest] = near.sort((a, b) => Math.abs(a.sizeBytes - wanted) - Math.abs(b.sizeBytes - wanted));
    return nearest === undefined ? [] : [nearest];
  });
  // Where nothing is near the last rung, anything larger than the others will do: it is cut off when enough has come.
  const largest = files.reduce((most, file) => (file.sizeBytes > most.sizeBytes ? file : most), {
    path: "",
    sizeBytes: 0,
  });
  const top = chosen.at(-1)?.sizeBytes ?? 0;
  return [...new Set(largest.sizeBytes > top * MOST ? [...chosen, largest] : chosen)];
}

/** The last line of a cut sample may be the beginning of another. */
function wholeLines(sample: string): string[] {
  return sample.split(/\r?\n/).slice(0, -1);
}

/** Names with control characters, or in an unknown encoding, or with a hidden secret, would not come back as they went. */
function isSpeakable(name: string): boolean {
  return /^[\x21-\x7e][\x20-\x7e]*$/.test(name) && !name.includes("[secret]");
}
