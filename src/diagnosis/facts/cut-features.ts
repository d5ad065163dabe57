import type { IdentifyRecord } from "../../model/evidence.ts";
import type { Protection } from "../../model/mode.ts";
import type { AddressFacts, Facts } from "./facts.ts";

/** What the list of features lacks in clear text and names under TLS, where nobody but the server can answer. */
export interface CutFeatures {
  /** Names of the features, `AUTH` among them where it is lacking as well. */
  missing: string[];
  /** FEAT in clear. */
  clear: IdentifyRecord;
}

/** What only concerns TLS: servers may list it differently once it is spoken (RFC 4217 section 6). */
const OF_TLS = /^(?:AUTH|PBSZ|PROT|CCC|ADAT|MIC|CONF|ENC|SSCN|CPSV)$/;

/** The list of features in clear text beside the one under TLS, both of a session that is logged in; null where nothing is lacking. */
export function cutFeatures({ address, identify }: AddressFacts, facts: Facts): CutFeatures | null {
  const again = facts.evidence.experiments.filter(
    (record): record is IdentifyRecord =>
      record.experiment === "identify" && record.address === address && record !== identify && record.features !== null,
  );
  const under = (protection: Protection) => again.find((record) => record.protection === protection) ?? null;
  const [clear, tls] = [under("clear"), under("tls")];
  if (tls === null || identify?.features == null) return null;
  const own = namesOf(tls);
  const before = namesOf(identify);
  if (clear !== null) {
    // Lacking before the login as well, on the very connection that then named it under TLS: a second one may reach another machine.
    const inClear = [...namesOf(clear), ...before];
    const missing = own.filter((name) => !inClear.includes(name) && (!OF_TLS.test(name) || name === "AUTH"));
    return missing.length > 0 ? { missing, clear } : null;
  }
  // Clear text was not to be measured: of the list before the login, which may be a shorter one, AUTH alone is compared.
  // AUTH is for those who come in clear: a server that names it only to those who need it no more is none.
  return own.includes("AUTH") && !before.includes("AUTH") ? { missing: ["AUTH"], clear: identify } : null;
}

function namesOf({ features }: IdentifyRecord): string[] {
  return [...new Set((features ?? []).map((line) => line.trim().split(/\s+/, 1)[0]?.toUpperCase() ?? ""))];
}
