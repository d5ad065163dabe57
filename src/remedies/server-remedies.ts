import type { PortRange } from "../model/evidence.ts";
import { isProductName, type ProductName } from "../model/product.ts";
import type { Product, Remedy } from "../model/report.ts";
import { cloudServices } from "./servers/cloud-services.ts";
import { dialogueServers } from "./servers/dialogue-servers.ts";
import { filezillaServer, oldFilezillaServer } from "./servers/filezilla-server.ts";
import { genericRemedies } from "./servers/generic.ts";
import { iis } from "./servers/iis.ts";
import { cpanelProftpd, cpanelPureFtpd, pleskProftpd } from "./servers/panels.ts";
import { proftpd } from "./servers/proftpd.ts";
import { pureFtpd, pureFtpdOnDebian } from "./servers/pure-ftpd.ts";
import { pyftpdlib, sftpgo } from "./servers/script-servers.ts";
import type { ServerSetUp } from "./servers/set-up.ts";
import { unixServers } from "./servers/unix-servers.ts";
import { vsftpd } from "./servers/vsftpd.ts";
import { fillRemedy, type RemedyTemplate } from "./template.ts";
import type { ServerTopic } from "./topic.ts";
import { fillingOf, RECOMMENDED_RANGE, type RemedyValues, rangeIsKnown } from "./values.ts";

/** Every set-up that we have lines for; among those of one product its own files come first, then packagers and panels. */
export const setUps: readonly ServerSetUp[] = [
  vsftpd,
  proftpd,
  cpanelProftpd,
  pleskProftpd,
  pureFtpd,
  pureFtpdOnDebian,
  cpanelPureFtpd,
  filezillaServer,
  oldFilezillaServer,
  iis,
  pyftpdlib,
  sftpgo,
  ...dialogueServers,
  ...unixServers,
  ...cloudServices,
];

/** What is offered where the product is not known: together they are most servers in use. */
const likely: readonly ServerSetUp[] = [vsftpd, proftpd, pureFtpd, filezillaServer, iis];

/**
 * Topics for which an unknown product is not guessed at: where one product alone makes the fault, and where the general
 * sentence names what to look for, so that a list of guesses would only be noise, or a list of ways to weaken a server.
 */
const guessesFor: Partial<Record<ServerTopic, readonly ServerSetUp[]>> = {
  "writable-chroot": [vsftpd],
  "max-clients": [],
  "max-per-ip": [],
  "start-service": [],
  "access-list": [],
  unban: [],
  "require-tls": [],
  "prot-p": [],
  "tls-client-certificate": [],
  "read-path": [],
  "write-path": [],
};

/** What a set-up is told where it has nothing of its own for a topic. */
const sameAs: Partial<Record<ServerTopic, ServerTopic>> = {
  "zero-address": "advertised-address",
  "invalid-address": "advertised-address",
};

/**
 * What to change in the server: for the product recognised first its own lines and then those of its other set-ups; for
 * an unknown product those of the most likely ones, told apart; a general sentence where there are no lines.
 */
export function serverRemedies(topic: ServerTopic, product: Product | null, values: RemedyValues): Remedy[] {
  const known = product !== null && isProductName(product.name) ? setUpsOf(product.name, values) : [];
  const fitting = known.filter((setUp) => templatesOf(setUp, topic).length > 0);
  const remedies = fitting.flatMap((setUp) => fillSetUp(setUp, topic, values, false));
  if (product === null || product.confidence === "possible") {
    const guesses = (guessesFor[topic] ?? likely).filter(
      (setUp) => !fitting.includes(setUp) && templatesOf(setUp, topic).length > 0 && mayBe(setUp, values),
    );
    remedies.push(...guesses.flatMap((setUp) => fillSetUp(setUp, topic, values, guesses.length > 1)));
  }
  if (remedies.length > 0 && !needsGeneral(topic)) return remedies;
  const general = genericRemedies[topic].map((template) =>
    fillRemedy(template, "any", fillingOf(values, recommendedRange(product, values))),
  );
  // What mends the cause stands before what weakens the server.
  return topic === "foreign-data-peer" ? [...general, ...remedies] : [...remedies, ...general];
}

/** Whether what was seen leaves this set-up possible. */
function mayBe({ prompt }: ServerSetUp, { passwordPrompt }: RemedyValues): boolean {
  if (prompt === undefined || passwordPrompt === null || passwordPrompt === undefined) return true;
  return prompt.test(passwordPrompt.replace(/^331[ -]/, ""));
}

function templatesOf({ remedies }: ServerSetUp, topic: ServerTopic): readonly RemedyTemplate[] {
  const same = sameAs[topic];
  return remedies[topic] ?? (same === undefined ? undefined : remedies[same]) ?? [];
}

/** The passive range to recommend: the known one, else the product's (or panel's) own, else a small one. */
export function recommendedRange(product: Product | null, values: RemedyValues): PortRange {
  if (rangeIsKnown(values) && values.range) return values.range;
  return mainSetUp(product, values)?.range ?? RECOMMENDED_RANGE;
}

/** The set-up whose remedies come first; null where the product is not known. */
export function mainSetUp(product: Product | null, values: RemedyValues): ServerSetUp | null {
  return product !== null && isProductName(product.name) ? (setUpsOf(product.name, values)[0] ?? null) : null;
}

/** The set-ups of a product; that of the panel which manages the server comes first, those of another panel are left out. */
function setUpsOf(product: ProductName, values: RemedyValues): ServerSetUp[] {
  // QNAP and Azure App Service have set-ups of their own, so the name alone decides.
  const all = setUps.filter((setUp) => setUp.product === product);
  const panel = values.panel ?? null;
  if (panel === null) return all.filter((setUp) => setUp.panel !== "plesk");
  const managed = all.filter((setUp) => setUp.panel === panel);
  return managed.length > 0 ? managed : all.filter((setUp) => setUp.panel === undefined);
}

function fillSetUp(setUp: ServerSetUp, topic: ServerTopic, values: RemedyValues, tellApart: boolean): Remedy[] {
  const filling = fillingOf(values, setUp.range);
  // What tells a product shows with the login: where it came to none, the hint would speak of what nobody can see.
  const hint = tellApart && values.passwordPrompt !== null ? setUp.knownBy : "";
  return templatesOf(setUp, topic).flatMap((template) => {
    const remedy = fillRemedy(template, setUp.label, filling);
    // All of it hung on values that are not known.
    if (remedy.text === "") return [];
    const note = topic === "passive-range" ? rangeNote(values, setUp.range === undefined ? null : setUp.label) : "";
    const text = [hint, remedy.text, note];
    return [{ ...remedy, text: text.filter((part) => part !== "").join(" ") }];
  });
}

/** What to mind about a range that was not observed: server and firewall must agree, whatever they had before. */
export function rangeNote(values: RemedyValues, owner: string | null): string {
  const seen = fillingOf(values).seenPorts;
  if (rangeIsKnown(values)) {
    if (values.rangeEstimated !== true) return "";
    return `This is the range that the ports offered${seen === null ? "" : ` (${seen})`} most likely come from; the server's own setting tells for sure, and server and firewall need the same numbers.`;
  }
  const ports = seen === null ? "" : ` (this run saw ${seen})`;
  return owner === null
    ? `If the server has a range already${ports}, open that instead: server and firewall need the same numbers.`
    : `${owner} comes with this range; if somebody has changed it${ports}, open that instead: server and firewall need the same numbers.`;
}

/** Topics where the general sentence says what no product's lines do. */
function needsGeneral(topic: ServerTopic): boolean {
  return topic === "foreign-data-peer" || topic === "local-address" || topic === "container-address";
}
