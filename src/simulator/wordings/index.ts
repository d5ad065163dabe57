import { OWN_WORDING } from "./own.ts";
import { PROFTPD_WORDING } from "./proftpd.ts";
import { PURE_FTPD_WORDING } from "./pure-ftpd.ts";
import { VSFTPD_WORDING } from "./vsftpd.ts";
import type { Wording } from "./wording.ts";

/** Whose words the simulator uses: its own, or those of a product. */
export type WordingName = "own" | "vsftpd" | "proftpd" | "pure-ftpd";

/** The words of each. */
export const WORDINGS: Readonly<Record<WordingName, Wording>> = {
  own: OWN_WORDING,
  vsftpd: VSFTPD_WORDING,
  proftpd: PROFTPD_WORDING,
  "pure-ftpd": PURE_FTPD_WORDING,
};
