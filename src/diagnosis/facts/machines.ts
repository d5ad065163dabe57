import { recognise } from "../../fingerprint/recognise.ts";
import type { RoundConnection } from "../../model/evidence.ts";
import type { Mode, Protection } from "../../model/mode.ts";
import { withoutCounters } from "../../model/words.ts";
import type { RoundFacts } from "./rounds.ts";

/** A feature by which machines behind one address can be told apart. */
export type Facet = "certificate" | "greeting" | "product" | "advertised";

/** One value of a feature: `key` is what is compared, `value` what is shown. */
export interface Identity {
  /** Two of the same machine are equal. */
  key: string;
  /** For people; untrusted text. */
  value: string;
}

/** An attempt, or all there were at an address where mode and protection are left out. */
interface Place {
  address: string;
  mode?: Mode;
  protection?: Protection;
}

/** What the machines of a round showed of themselves at an address, on the sessions of the attempts meant. */
export function identities(round: RoundFacts, facet: Facet, place: Place): Identity[] {
  const visit = round.visits.find(({ address }) => address === place.address);
  if (visit === undefined) return [];
  const attempts = visit.attempts.filter(
    ({ mode, protection }) => mode === (place.mode ?? mode) && protection === (place.protection ?? protection),
  );
  if (facet === "advertised") {
    // EPSV names no address, and what we offer ourselves tells nothing.
    const named = visit.attempts.filter(({ mode, session }) => mode === "pasv" && isOn(session, attempts, place));
    return distinct(named.flatMap(({ endpoint }) => (endpoint === null ? [] : [plain(endpoint.address)])));
  }
  const connections = visit.connections.filter(({ session }) => isOn(session, attempts, place));
  return distinct(connections.flatMap((connection) => identityOf(connection, facet) ?? []));
}

/** A mode that was not come to is judged by the connections that were had. */
function isOn(session: string | null, attempts: readonly { session: string | null }[], { mode }: Place): boolean {
  if (mode === undefined) return true;
  const sessions = attempts.flatMap((attempt) => attempt.session ?? []);
  return sessions.length === 0 || (session !== null && sessions.includes(session));
}

function identityOf(connection: RoundConnection, facet: Exclude<Facet, "advertised">): Identity | null {
  const { greeting, certificate, said } = connection;
  switch (facet) {
    case "certificate":
      return certificate === null
        ? null
        : {
            key: certificate.fingerprint256,
            value: `${certificate.subject}, SHA-256 ${certificate.fingerprint256.slice(0, 23)}...`,
          };
    case "greeting":
      return greeting === null || greeting.text === ""
        ? null
        : { key: withoutCounters(greeting.text), value: greeting.text };
    case "product": {
      const product = recognise({
        greeting: greeting === null || greeting.text === "" ? null : [greeting.text],
        replies: said.map(({ command, code, text }) => ({ command, code, lines: [text] })),
        features: null,
        syst: said.find(({ command }) => command === "SYST")?.text ?? null,
      });
      return product === null ? null : plain(product.name);
    }
  }
}

function plain(value: string): Identity {
  return { key: value, value };
}

function distinct(all: readonly Identity[]): Identity[] {
  return [...new Map(all.map((each) => [each.key, each])).values()];
}
