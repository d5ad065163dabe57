import type { ProductName } from "../model/product.ts";

/** A FEAT set that tells a product. */
export interface FeatureSet {
  /** The product. */
  product: ProductName;
  /** Feature lines, or the beginnings of lines where they end in `*`, that must all be there. */
  has: readonly string[];
  /** What must not be there, in the same notation. */
  lacks?: readonly string[];
  /** Where it was read. */
  source: string;
}

const SEEN = "session logs";

/** FEAT sets, the most particular first. */
export const featureSets: readonly FeatureSet[] = [
  {
    product: "vsftpd",
    has: ["EPRT", "EPSV", "MDTM", "PASV", "REST STREAM", "SIZE", "TVFS"],
    // vsftpd has never had MLST (RFC 3659), which nearly everybody else lists.
    lacks: ["MLST*", "MFMT", "CLNT", "ESTP"],
    source: "vsftpd 3.0.3: features.c",
  },
  { product: "Pure-FTPd", has: ["ESTP", "ESTA", "PASV", "MLST type*"], source: "pure-ftpd: src/ftpd.c" },
  {
    product: "ProFTPD",
    has: ["SITE MKDIR", "SITE UTIME"],
    source: "proftpd: contrib/mod_site_misc.c",
  },
  {
    product: "ProFTPD",
    has: ["MFF modify;*", "MFMT", "TVFS", "LANG*"],
    source: "proftpd: modules/mod_facts.c, mod_lang.c",
  },
  {
    product: "FileZilla Server",
    has: ["MLST type*;size*;modify*;perm*;", "TVFS", "AUTH SSL", "EPSV"],
    source: SEEN,
  },
  {
    product: "FileZilla Server 0.9",
    has: ["MLST type*;size*;modify*;", "CLNT", "MFMT"],
    lacks: ["TVFS"],
    source: SEEN,
  },
  { product: "IIS", has: ["AUTH TLS;TLS-C;SSL;TLS-P;"], source: SEEN },
  { product: "IIS", has: ["LANG EN*", "HOST", "CCC"], source: SEEN },
  {
    product: "pyftpdlib",
    has: ["MLST type*;perm*;size*;modify*;*", "TVFS"],
    source: "pyftpdlib: handlers/ftp/control.py",
  },
  { product: "glFTPd", has: ["CPSV", "SSCN"], lacks: ["MFF*"], source: SEEN },
  { product: "AWS Transfer Family", has: ["MLST Size;Modify;Type;Perm*", "MODE Z", "TVFS"], source: SEEN },
  { product: "Serv-U", has: ["CLNT", "XCRC*", "XMD5*", "COMB*"], source: SEEN },
  { product: "CrushFTP", has: ["MODE Z", "CSID*", "XCRC*"], source: SEEN },
  { product: "Synology DSM", has: ["MLST type*;modify*;size*;UNIX.mode*", "MFMT"], source: SEEN },
];
