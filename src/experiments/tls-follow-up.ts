import type { ProbeOptions } from "../engine/options.ts";
import type { ExperimentRecord, MatrixTrial, SecureRecord, TlsRange } from "../model/evidence.ts";
import type { Protection } from "../model/mode.ts";
import type { FurtherMode } from "./follow-up.ts";
import { dialRole, passiveChannel } from "./passive-channel.ts";
import { accepted } from "./secure.ts";
import { WHOLE_MATRIX } from "./tls-matrix.ts";
import { allVersions, type Offered, onlyTls12, versionsBehind } from "./tls-versions.ts";

/** One question that only TLS raises. */
export type TlsFollowUp =
  /** Which versions does the control connection speak? `mechanism` is the argument of AUTH. */
  | { kind: "tls-versions"; mechanism: string; offered: Offered[] }
  /** What do data connections depend on? One session for each of the `versions`, null for an ordinary one. */
  | { kind: "tls-matrix"; mode: FurtherMode; versions: (TlsRange | null)[]; whats: readonly MatrixTrial["what"][] }
  /** What becomes of a session that leaves TLS? */
  | { kind: "ccc"; mode: FurtherMode };

/** Where and how a run was told to look. */
export interface TlsAsked {
  /** The run's options. */
  options: Pick<ProbeOptions, "tlsMatrix" | "ccc" | "modes">;
  /** Host name or IP literal. */
  host: string;
  /** Protection of the sessions that the records are of. */
  protection: Protection;
  /** The other protection was not asked about before: what concerns the address is asked once. */
  first: boolean;
}

const TLS_1_2: TlsRange = { from: "TLSv1.2", to: "TLSv1.2" };
const TLS_1_3: TlsRange = { from: "TLSv1.3", to: "TLSv1.3" };

/** The questions about TLS that the records of one address and protection leave open. */
export function tlsFollowUps(records: readonly ExperimentRecord[], asked: TlsAsked): TlsFollowUp[] {
  const plan: TlsFollowUp[] = [];
  const secures = records.filter((record) => record.experiment === "secure").filter(isOrdinary);
  const matrix = matrixOf(records, secures, asked);
  if (matrix !== null) plan.push(matrix);
  const versions = versionsOf(secures, asked) ?? lateEnd(records, secures, asked);
  if (versions !== null) plan.push(versions);
  if (asked.options.ccc && asked.protection === "tls") plan.push({ kind: "ccc", mode: modeFor(records, asked) });
  return plan;
}

function versionsOf(
  secures: readonly SecureRecord[],
  { options, host, protection, first }: TlsAsked,
): TlsFollowUp | null {
  const failed = secures.find(({ handshake }) => first && handshake !== null && mayBeVersions(handshake));
  const mechanism = mechanismOf(failed ?? secures[0]);
  if (failed?.handshake != null) {
    return { kind: "tls-versions", mechanism, offered: versionsBehind(failed.handshake, host) };
  }
  if (!options.tlsMatrix || protection !== "tls") return null;
  return { kind: "tls-versions", mechanism, offered: allVersions(host) };
}

/** The argument of AUTH that was sent last; for implicit TLS, which needs none, the usual one. */
function mechanismOf(secure: SecureRecord | undefined): string {
  return secure?.auth.at(-1)?.command.split(" ")[1] ?? "TLS";
}

/**
 * In TLS 1.3 a server looks for the client's certificate behind the handshake, and its alert may be lost with the connection: in TLS 1.2
 * it asks for one in clear, before anything else (tls-client-cert-required).
 */
function lateEnd(
  records: readonly ExperimentRecord[],
  secures: readonly SecureRecord[],
  { host, first }: TlsAsked,
): TlsFollowUp | null {
  const cut = secures.find(
    ({ handshake, session }) =>
      first &&
      handshake?.agreed?.version === "TLSv1.3" &&
      records.some((record) => record.experiment === "login" && record.session === session && isUnheard(record)),
  );
  return cut === undefined ? null : { kind: "tls-versions", mechanism: mechanismOf(cut), offered: onlyTls12(host) };
}

/** The connection ended at its first command. */
function isUnheard({ exchanges }: Extract<ExperimentRecord, { experiment: "login" }>): boolean {
  const [only, ...others] = exchanges;
  return (
    only !== undefined &&
    others.length === 0 &&
    only.replies.length === 0 &&
    (only.outcome === "reset" || only.outcome === "closed" || only.outcome === "protocol-error")
  );
}

/** Clear text in place of TLS is no matter of versions, nor is a stop; behind an alert it is a server's (vsftpd's) farewell. */
function mayBeVersions({ outcome, foreign, alert }: NonNullable<SecureRecord["handshake"]>): boolean {
  return outcome !== "ok" && outcome !== "cancelled" && (foreign === null || alert !== null);
}

function matrixOf(
  records: readonly ExperimentRecord[],
  secures: readonly SecureRecord[],
  asked: TlsAsked,
): TlsFollowUp | null {
  const agreed = secures.find(({ handshake }) => handshake?.outcome === "ok");
  if (asked.protection !== "tls" || agreed === undefined) return null;
  const mode = modeFor(records, asked);
  if (deniesPrivacy(agreed)) {
    return { kind: "tls-matrix", mode, versions: [null], whats: ["prot-c"] };
  }
  const unsecured = passiveOf(records).some((record) => passiveChannel(record) === "unsecured");
  if (!unsecured && !asked.options.tlsMatrix) return null;
  const version = agreed.handshake?.agreed?.version;
  // What is agreed on without TLS 1.3 is so for want of it: no need to ask for it, unless everything is to be tried. Servers that hang up
  // behind a refusal (vsftpd) may leave sessions for one version alone: how TLS 1.3 fares is known from the attempts that failed.
  const both = unsecured ? [TLS_1_2, TLS_1_3] : [TLS_1_3, TLS_1_2];
  const versions = version === "TLSv1.3" || asked.options.tlsMatrix ? both : [null];
  return { kind: "tls-matrix", mode, versions, whats: WHOLE_MATRIX };
}

/** PROT P was refused, or it or PBSZ was left without an answer. */
function deniesPrivacy({ pbsz, prot }: SecureRecord): boolean {
  if (prot !== null) return !accepted(prot);
  return pbsz !== null && pbsz.outcome !== "ok" && pbsz.outcome !== "cancelled";
}

/** One whose data connection failed for TLS, else one that works. */
function modeFor(records: readonly ExperimentRecord[], { options }: TlsAsked): FurtherMode {
  const passive = passiveOf(records);
  const chosen =
    passive.find((record) => passiveChannel(record) === "unsecured") ??
    passive.find((record) => passiveChannel(record) === "works");
  if (chosen !== undefined) return { mode: chosen.mode, role: dialRole(chosen) };
  return { mode: options.modes.includes("epsv") || !options.modes.includes("pasv") ? "epsv" : "pasv", role: "peer" };
}

function passiveOf(records: readonly ExperimentRecord[]) {
  return records.filter((record) => record.experiment === "passive");
}

/** Neither limited to one version nor tried for want of a greeting; of the latter only what succeeded counts. */
function isOrdinary({ handshake, knock }: SecureRecord): boolean {
  return (handshake === null || handshake.versions === null) && (knock !== true || handshake?.outcome === "ok");
}
