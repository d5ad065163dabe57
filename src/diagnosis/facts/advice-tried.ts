import type { ModeSummary } from "../../model/report.ts";
import type { ClientTopic } from "../../remedies/topic.ts";
import type { Facts } from "./facts.ts";

/** The rows of the mode table that a client would be in if it did as it is told; undefined where the table does not tell. */
const ROWS: Partial<Record<ClientTopic, (row: ModeSummary) => boolean>> = {
  "use-epsv": ({ mode }) => mode === "epsv",
  "disable-epsv": ({ mode }) => mode === "pasv",
  "ignore-pasv-address": ({ mode }) => mode === "pasv",
  "use-passive": ({ mode }) => mode === "epsv" || mode === "pasv",
  "use-active": ({ mode }) => mode === "eprt" || mode === "port",
  "force-ipv4": ({ family }) => family === "ipv4",
  "use-tls": ({ protection }) => protection === "tls",
  "without-tls": ({ protection }) => protection === "clear",
};

/** Whether this very run did what a client could be told, and it failed wherever it was tried: no advice, then. */
export function failedHere(topic: ClientTopic, facts: Facts): boolean {
  const rows = facts.rows.filter(ROWS[topic] ?? (() => false));
  return rows.some((row) => isBad(row) || row.result === "unsupported") && !rows.some(isGood);
}

/** Whether data came. */
export function isGood({ result }: Pick<ModeSummary, "result">): boolean {
  return result === "works" || result === "repaired";
}

/** Whether the mode was tried, and no data came. */
export function isBad({ result }: Pick<ModeSummary, "result">): boolean {
  return result === "blocked" || result === "refused";
}
