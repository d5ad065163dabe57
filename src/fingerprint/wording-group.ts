import type { ProductName } from "../model/product.ts";

/**
 * One reply wording: the commands that it answers (null: any, or the greeting), its code, and what one of its lines looks
 * like without the code. The text is hostile, so every pattern is anchored at its start and repeats single character
 * classes only, with a bound.
 */
export type ReplyWording = readonly [commands: readonly string[] | null, code: number, pattern: RegExp];

/** Wordings that the same products use. */
export interface WordingGroup {
  /** One product: tell-tales. Several: they only narrow the choice. */
  products: readonly ProductName[];
  /** Where the wordings were read. */
  source: string;
  /** The wordings. */
  replies: readonly ReplyWording[];
}
