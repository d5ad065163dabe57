import { PRODUCT_NAMES, type ProductName } from "../model/product.ts";
import type { Confidence, Product } from "../model/report.ts";
import { banners } from "./banners.ts";
import { featureSets } from "./features.ts";
import { furtherWordings } from "./further-wordings.ts";
import { builtOn, hostNames, panels, systems } from "./systems.ts";
import { widespreadWordings } from "./widespread-wordings.ts";

/** What a server let slip about itself. Lines may stand with or without their reply code. */
export interface Signs {
  /** Lines of the greeting; null where none came. */
  greeting: string[] | null;
  /** Replies with the command that each answered; the greeting need not be repeated here. */
  replies: { /** Command, with or without argument. */ command: string; code: number; lines: string[] }[];
  /** Feature lines of FEAT; null where it gave none. */
  features: string[] | null;
  /** Text of the SYST reply; null where it gave none. */
  syst: string | null;
  /** Host name that was asked for; left out where it was an address. */
  host?: string;
}

/** A product that we know by name. */
export type KnownProduct = Product & { name: ProductName };

/** The control panel named by a greeting. */
export type Panel = (typeof panels)[number]["panel"];

/** Longer lines are cut before matching: no wording is longer, and hostile text stays cheap. */
const LINE_LIMIT = 512;

/** What speaks for one product. */
interface Tally {
  /** Commands (or codes, for replies that anything may draw) answered in words that only this product uses. */
  tellTales: Set<string>;
  /** Commands answered in words that it shares with others. */
  shared: Set<string>;
  features: boolean;
  syst: boolean;
  host: boolean;
  banner: "own" | "generic" | null;
  version: string | null;
}

/**
 * The product behind a server, from the wording of its replies, its FEAT set, SYST and greeting, in this order of trust;
 * null where nothing speaks for any.
 */
export function recognise(signs: Signs): KnownProduct | null {
  const tallies = new Map(PRODUCT_NAMES.map((name) => [name, emptyTally()]));
  const of = (name: ProductName): Tally => tallies.get(name) ?? emptyTally();
  countWordings(signs, of);
  countTexts(signs, of);
  for (const [name, base] of Object.entries(builtOn) as [ProductName, ProductName][]) inherit(of(name), of(base));

  let best: { name: ProductName; tally: Tally; score: number } | null = null;
  // In the order of the list, so that among equals the more widespread product is named.
  for (const [name, tally] of tallies) {
    const score = scoreOf(tally);
    if (score > (best?.score ?? 0)) best = { name, tally, score };
  }
  if (best === null) return null;
  const { name, tally } = best;
  const others = [...tallies].filter(([other]) => other !== name && builtOn[name] !== other && builtOn[other] !== name);
  const confidence = confidenceOf(tally, {
    byWording: others.some(([, its]) => its.tellTales.size > 0),
    byBanner: others.some(([, its]) => its.banner === "own"),
  });
  return confidence === null ? null : { name, version: tally.version, confidence };
}

/** The control panel that the greeting names; null for the many that name none. */
export function recognisePanel(signs: Pick<Signs, "greeting">): Panel | null {
  const lines = (signs.greeting ?? []).map(textOf);
  return panels.find((row) => lines.some((line) => row.pattern.test(line)))?.panel ?? null;
}

function emptyTally(): Tally {
  return {
    tellTales: new Set(),
    shared: new Set(),
    features: false,
    syst: false,
    host: false,
    banner: null,
    version: null,
  };
}

function countWordings(signs: Signs, of: (name: ProductName) => Tally): void {
  const greeting = (signs.greeting ?? []).map((line) => ({ command: "", code: Number.parseInt(line, 10), line }));
  const said = signs.replies.flatMap(({ command, code, lines }) =>
    lines.map((line) => ({ command: command.trim().split(/\s/, 1)[0]?.toUpperCase() ?? "", code, line })),
  );
  for (const { command, code, line } of [...greeting, ...said]) {
    const text = textOf(line);
    for (const { products, replies } of [...widespreadWordings, ...furtherWordings]) {
      for (const [commands, wordingCode, pattern] of replies) {
        if (wordingCode !== code || (commands !== null && !commands.includes(command)) || !pattern.test(text)) continue;
        for (const product of products) {
          const tally = of(product);
          (products.length === 1 ? tally.tellTales : tally.shared).add(command || `${code}`);
        }
      }
    }
  }
}

function countTexts(signs: Signs, of: (name: ProductName) => Tally): void {
  const greeting = (signs.greeting ?? []).map(textOf);
  for (const { product, pattern, generic } of banners) {
    for (const line of greeting) {
      const match = pattern.exec(line);
      if (match === null) continue;
      const tally = of(product);
      if (tally.banner !== "own") tally.banner = generic ? "generic" : "own";
      tally.version ??= match.groups?.["version"] ?? null;
    }
  }
  const features = signs.features?.map((line) => line.trim().slice(0, LINE_LIMIT)) ?? null;
  if (features !== null) {
    for (const { product, has, lacks } of featureSets) {
      const listed = (name: string) => features.some((feature) => fits(feature, name));
      if (has.every(listed) && !lacks?.some(listed)) of(product).features = true;
    }
  }
  const syst = signs.syst === null ? null : textOf(signs.syst);
  for (const { product, pattern } of systems) if (syst !== null && pattern.test(syst)) of(product).syst = true;
  for (const { product, pattern } of hostNames) if (pattern.test(signs.host ?? "")) of(product).host = true;
}

/** `name` may end in `*` for "begins with"; letter case does not matter (RFC 2389 section 3.2). */
function fits(feature: string, name: string): boolean {
  const line = feature.toUpperCase();
  const wanted = name.toUpperCase();
  return wanted.endsWith("*") ? line.startsWith(wanted.slice(0, -1)) : line === wanted;
}

/** A product in another's coat speaks its wordings; they count only where something names the coat. */
function inherit(tally: Tally, base: Tally): void {
  if (tally.banner !== "own" && !tally.host) return;
  for (const command of base.tellTales) tally.tellTales.add(command);
  for (const command of base.shared) tally.shared.add(command);
  tally.features ||= base.features;
  tally.syst ||= base.syst;
  if (tally.banner === null) tally.banner = base.banner;
  tally.version ??= base.version;
}

/** Two wordings outweigh any greeting, because a greeting is text that anybody may set. */
function scoreOf(tally: Tally): number {
  const banner = tally.banner === "own" ? 6 : tally.banner === "generic" ? 1 : 0;
  return (
    10 * tally.tellTales.size +
    (tally.shared.size > 1 || banner > 0 ? Math.min(tally.shared.size, 3) : 0) +
    (tally.features ? 5 : 0) +
    (tally.syst ? 4 : 0) +
    (tally.host ? 7 : 0) +
    banner
  );
}

/** Certain only on two signs that do not depend on one another, with nothing as strong against them. */
function confidenceOf(tally: Tally, contradicted: { byWording: boolean; byBanner: boolean }): Confidence | null {
  const others = [tally.banner === "own", tally.features, tally.syst, tally.host].filter(Boolean).length;
  if (tally.tellTales.size >= 2) return contradicted.byWording ? "likely" : "certain";
  const unopposed = !contradicted.byWording && !contradicted.byBanner;
  if (tally.tellTales.size === 1) return others > 0 && unopposed ? "certain" : "likely";
  if (!unopposed) return others > 0 ? "likely" : "possible";
  if (others >= 2 || (tally.banner === "own" && tally.shared.size >= 2)) return "certain";
  if (others === 1 || (tally.banner === "generic" && tally.shared.size >= 2)) return "likely";
  return tally.banner === "generic" || tally.shared.size >= 2 ? "possible" : null;
}

function textOf(line: string): string {
  return line
    .slice(0, LINE_LIMIT)
    .replace(/^\s{0,8}\d{3}[ -]?/, "")
    .trim();
}
