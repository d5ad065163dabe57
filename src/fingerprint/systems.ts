import type { ProductName } from "../model/product.ts";

/** A text that tells a product, and where it was read. */
export interface Tell {
  /** The product. */
  product: ProductName;
  /** What the text looks like. */
  pattern: RegExp;
  /** Where it was read. */
  source: string;
}

const SEEN = "session logs";

/** What SYST says and the product that says it; the common `UNIX Type: L8` tells nothing. */
export const systems: readonly Tell[] = [
  { product: "FileZilla Server", pattern: /^UNIX emulated by FileZilla\.$/, source: SEEN },
  { product: "FileZilla Server 0.9", pattern: /^UNIX emulated by FileZilla$/, source: SEEN },
  { product: "IIS", pattern: /^Windows_NT/, source: SEEN },
  { product: "MikroTik", pattern: /^UNIX MikroTik/, source: SEEN },
  { product: "z/OS", pattern: /^MVS is the operating system of this server\./, source: SEEN },
  { product: "IBM i", pattern: /OS\/400 is the remote operating system\./, source: SEEN },
  { product: "BSD ftpd", pattern: /^UNIX Type: L8 Version: BSD-/, source: "FreeBSD: libexec/ftpd/ftpcmd.y" },
];

/** Host names under which only one service answers. */
export const hostNames: readonly Tell[] = [
  {
    product: "Azure App Service",
    pattern: /\.ftp\.azurewebsites\.windows\.net$/i,
    source: "learn.microsoft.com/azure/app-service/deploy-ftp",
  },
  {
    product: "AWS Transfer Family",
    pattern: /\.server\.transfer\.[a-z\d-]{1,32}\.amazonaws\.com$/i,
    source: "docs.aws.amazon.com/transfer/latest/userguide",
  },
];

/** Products that are another product in a coat: they speak its wordings. */
export const builtOn: Partial<Record<ProductName, ProductName>> = {
  QNAP: "ProFTPD",
  "Azure App Service": "IIS",
};

/** Control panels that a greeting may name; most say nothing. */
export const panels = [
  { panel: "cpanel", pattern: /cPanel/i },
  { panel: "plesk", pattern: /Plesk/i },
] as const;
