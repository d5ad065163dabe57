import type { PortRange } from "../../model/evidence.ts";
import type { ProductName } from "../../model/product.ts";
import type { RemedyTable } from "../template.ts";

/** One way in which a server product is set up: its own files, or those of a panel or packager around it. */
export interface ServerSetUp {
  /** The product that the fingerprint names. */
  product: ProductName;
  /** What the remedy is said to be for. */
  label: string;
  /** The panel that this set-up belongs to; left out for the product's own files. */
  panel?: "cpanel" | "plesk";
  /** The passive range that this set-up comes with; left out where it has none. */
  range?: PortRange;
  /** How to tell that this is the one, as a sentence; for runs that could not recognise the product. */
  knownBy: string;
  /** The 331 with which it asks for the password, without the code; another one shows that it is not this product. */
  prompt?: RegExp;
  /** What to write, by topic. */
  remedies: RemedyTable;
  /** Where the directives were read. */
  source: string;
}
