import type { CccRecord, MatrixTrial, TlsMatrixRecord, TlsTrial, TlsVersionsRecord } from "../model/evidence.ts";
import { listed, OUTCOME } from "../model/words.ts";
import { quoted } from "./attempt-words.ts";

/** `TLS 1.3` of `TLSv1.3`; the first version goes by two names. */
function versionName(version: string): string {
  return version === "TLSv1" ? "TLS 1.0" : version.replace("TLSv", "TLS ");
}

/** Which versions a server takes, each tried alone; what was tried with weak terms too counts as well. */
export function versionChunks({ trials }: TlsVersionsRecord): string[] {
  const alone = trials.filter(({ versions, handshake }) => versions?.from === versions?.to && handshake !== null);
  const names = [...new Set(alone.flatMap(({ versions }) => (versions === null ? [] : [versions.from])))].sort();
  const taken = names.filter((name) => alone.some((trial) => trial.versions?.from === name && isTaken(trial)));
  const others = names.filter((name) => !taken.includes(name));
  if (names.length === 0) return ["none could be tried alone"];
  return [
    ...(taken.length === 0 ? [] : [`accepted: ${listed(taken.map(versionName))}`]),
    ...(others.length === 0 ? [] : [`not accepted: ${listed(others.map(versionName))}`]),
  ];
}

function isTaken({ handshake }: TlsTrial): boolean {
  return handshake?.outcome === "ok";
}

const KINDS: readonly (readonly [string, readonly MatrixTrial["what"][]])[] = [
  ["session resumed", ["resume-1", "resume-2", "resume-3", "same-ticket", "after-preliminary"]],
  ["new session", ["no-resume"]],
  ["in clear (PROT C)", ["prot-c"]],
];

/** What became of data connections on one control connection, by what they resumed. */
export function matrixChunks({ version, trials, mode }: TlsMatrixRecord): string[] {
  const tried = KINDS.flatMap(([words, kinds]) => {
    const own = trials.filter(({ what, transfer, prot }) => kinds.includes(what) && (transfer ?? prot) !== null);
    return own.length === 0 ? [] : [`${words}: ${fate(own)}`];
  });
  const under = `${mode.toUpperCase()}${version === null ? "" : ` under ${versionName(version)}`}`;
  return [under, ...(tried.length === 0 ? ["no data connection was come to"] : tried)];
}

function fate(own: readonly MatrixTrial[]): string {
  const failed = own.filter((trial) => !arrived(trial));
  const line = failed
    .map(({ transfer, prot }) => (transfer?.exchange ?? prot)?.replies.at(-1)?.lines.at(-1))
    .find((text) => text !== undefined);
  const why = line === undefined ? "" : ` (${quoted(line)})`;
  if (failed.length === 0) return own.length === 1 ? "arrives" : `all ${own.length} arrive`;
  return own.length === 1 ? `fails${why}` : `${own.length - failed.length} of ${own.length} arrive${why}`;
}

function arrived({ transfer }: MatrixTrial): boolean {
  const code = transfer?.exchange.replies.at(-1)?.code ?? 0;
  return transfer?.exchange.outcome === "ok" && code >= 200 && code < 300;
}

/** What became of a session that left TLS; the finding about it tells more where it broke. */
export function cccChunks({ exchange, noop, offer, transfer, mode }: CccRecord): string[] | null {
  if (exchange === null) return null;
  const line = exchange.replies.at(-1)?.lines.at(-1);
  if (exchange.outcome !== "ok") return [OUTCOME[exchange.outcome]];
  const code = exchange.replies.at(-1)?.code ?? 0;
  if (code >= 300) return [`refused${line === undefined ? "" : `: ${quoted(line)}`}`];
  const wentOn = (noop === undefined || noop.outcome === "ok") && offer?.exchange.outcome === "ok";
  if (!wentOn) return ["agreed to, and then the conversation broke"];
  const moved = transfer?.exchange.outcome === "ok" && (transfer.exchange.replies.at(-1)?.code ?? 500) < 300;
  return [
    "agreed to, and the session went on in clear",
    `a listing over ${mode.toUpperCase()} ${moved ? "arrived" : "did not arrive"}`,
  ];
}
