import type { Habits } from "../../clients/index.ts";
import type { AgreedTls, LoginRecord, MatrixTrial, SecureRecord } from "../../model/evidence.ts";
import type { Protection } from "../../model/mode.ts";
import { neededRoots } from "../facts/certificate-facts.ts";
import { type AddressFacts, type Facts, lastReply } from "../facts/facts.ts";

/** What a client comes to before its first data connection: logged in under a protection, or at its end. */
export type LoginCourse =
  | { kind: "logged-in"; protection: Protection; words: string | null }
  | { kind: "fails" | "unknown"; words: string };

const fails = (words: string): LoginCourse => ({ kind: "fails", words });
const unknown = (words: string): LoginCourse => ({ kind: "unknown", words });

/** Whether a client with certain habits would log in at an address, and whether under TLS. */
export function loginCourse(habits: Habits, address: AddressFacts, facts: Facts): LoginCourse {
  if (!address.logins.some(({ result }) => result === "logged-in")) {
    return unknown(`would use ${address.address}, where this run had no session`);
  }
  const { security, user } = facts.evidence.target;
  const asked = security === "explicit" || security === "implicit";
  const wants = wantsTls(habits, address, { asked, anonymous: user === null });
  const implicit = address.secures.some(({ how, handshake }) => how === "implicit" && handshake?.outcome === "ok");
  if (implicit && (!wants || !habits.implicitTls)) {
    return fails("waits for a greeting in clear, and the server waits for TLS (implicit TLS)");
  }
  if (!wants) return afterLogin(address, "clear", null);
  const secure = address.secures.find(({ handshake }) => handshake?.outcome === "ok") ?? address.secures.at(-1);
  if (secure === undefined) {
    return unknown(
      habits.tls === "required" || asked
        ? "asks for TLS, which this run did not try"
        : "uses TLS where the server offers it, which this run did not try",
    );
  }
  const insists = habits.tls === "required" || habits.tls === "on-request";
  return afterHandshake(habits, { address, facts }, secure, insists);
}

function wantsTls(habits: Habits, address: AddressFacts, { asked, anonymous }: Record<"asked" | "anonymous", boolean>) {
  const offered = address.identify?.authOffered === true;
  switch (habits.tls) {
    case "never":
      return false;
    case "required":
      return true;
    case "on-request":
      return asked;
    case "when-offered":
      return asked || offered;
    case "when-offered-to-accounts":
      return asked || (offered && !anonymous);
  }
}

function afterHandshake(
  habits: Habits,
  { address, facts }: { address: AddressFacts; facts: Facts },
  secure: SecureRecord,
  insists: boolean,
): LoginCourse {
  const { handshake, auth } = secure;
  if (handshake === null) {
    const code = lastReply(auth.at(-1) ?? null)?.code;
    if (code === undefined) return unknown("asks for TLS, to which this run got no answer");
    const words = `asks for TLS, which the server refuses (${code})`;
    return insists ? fails(words) : afterLogin(address, "clear", `${words}, and goes on without`);
  }
  // Another library may offer what ours does not.
  if (handshake.agreed === null) return unknown("begins TLS, which in this run did not come about");
  const doubt = trust(habits, handshake.agreed, neededRoots(facts, address));
  return doubt.kind === "believed" ? afterLogin(address, "tls", doubt.words) : doubt;
}

/** What a client makes of the certificate; `caFile` is the file with the authority that it must be told of, null for none. */
function trust(
  habits: Habits,
  { problems }: AgreedTls,
  caFile: string | null,
): LoginCourse | { kind: "believed"; words: string | null } {
  if (problems.length === 0) {
    const told = caFile !== null && habits.untrusted === "refuses";
    return { kind: "believed", words: told ? "is given the authority of --ca-file, as this run was" : null };
  }
  const dated = problems.some(({ code }) => code === "CERT_HAS_EXPIRED" || code === "CERT_NOT_YET_VALID");
  switch (habits.untrusted) {
    case "accepts":
      return { kind: "believed", words: null };
    case "looks-at-dates":
      return dated ? fails("refuses the certificate for its dates") : { kind: "believed", words: null };
    case "asks":
      return { kind: "believed", words: "asks its user whether to accept the certificate" };
    case "refuses":
      return fails("does not accept the server's certificate");
    case null:
      return unknown("uses TLS, and what it does with a certificate that cannot be verified is not known");
  }
}

function afterLogin(address: AddressFacts, protection: Protection, words: string | null): LoginCourse {
  const logins = address.logins.filter((login) => login.protection === protection);
  const under = protection === "tls" ? "under TLS" : "without TLS";
  const lead = words === null ? "" : `${words}; `;
  if (!logins.some(({ result }) => result === "logged-in")) {
    const refusal = logins.map(refusalOf).find((code) => code !== null);
    if (refusal != null) return fails(`${lead}logs in ${under}, which the server refuses (${refusal})`);
  } else if (address.attempts.some(({ summary }) => summary.protection === protection)) {
    return { kind: "logged-in", protection, words };
  }
  return unknown(
    protection === "tls"
      ? "uses TLS where the server offers it, which this run did not try"
      : `${lead}logs in without TLS unless told otherwise, which this run did not try`,
  );
}

function refusalOf({ result, exchanges }: LoginRecord): number | null {
  return result === "rejected" ? (lastReply(exchanges.at(-1) ?? null)?.code ?? null) : null;
}

/**
 * What becomes of a transfer of this client under TLS that differs from ours, which resumed the session and was protected; null where
 * it differs in nothing, or the difference is known to make none.
 */
export function dataUnlikeOurs(
  habits: Pick<Habits, "protectsData" | "resumesTls">,
  address: AddressFacts,
): { kind: "fails" | "unknown"; words: string } | null {
  if (habits.protectsData === null || (habits.protectsData && habits.resumesTls === null)) {
    return { kind: "unknown", words: "how it protects data connections is not known" };
  }
  if (!habits.protectsData) {
    return tried(address, "prot-c", "transfers in clear, for it asks for no PROT P of its own accord");
  }
  return habits.resumesTls ? null : tried(address, "no-resume", "opens a new TLS session for the data connection");
}

function tried(
  { tlsMatrices }: AddressFacts,
  what: MatrixTrial["what"],
  does: string,
): { kind: "fails" | "unknown"; words: string } | null {
  const trial = tlsMatrices.flatMap(({ trials }) => trials).find((each) => each.what === what);
  const refused = [trial?.prot, trial?.transfer?.exchange].map((exchange) => lastReply(exchange ?? null)?.code ?? 0);
  const code = refused.find((each) => each >= 400);
  if (code !== undefined) return { kind: "fails", words: `${does}, which the server refuses (${code})` };
  const { transfer = null } = trial ?? {};
  if (transfer === null) return { kind: "unknown", words: `${does}, which this run did not try (--tls-matrix does)` };
  // Data without a word that they were all of it is no answer (RFC 959 section 5.1: the closing reply is).
  const closing = lastReply(transfer.exchange)?.code ?? 0;
  return transfer.dataOutcome === "ok" && closing >= 200
    ? null
    : { kind: "unknown", words: `${does}, which this run tried without an answer` };
}
