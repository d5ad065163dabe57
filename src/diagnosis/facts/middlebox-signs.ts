import type { IdentifyRecord, ReplyRecord } from "../../model/evidence.ts";
import type { Mode } from "../../model/mode.ts";
import { listed } from "../../model/words.ts";
import { acceptsPort, refusedActive } from "./active-refusals.ts";
import { cutFeatures } from "./cut-features.ts";
import { type AddressFacts, type Facts, lastReply } from "./facts.ts";
import { refusedForGood } from "./passive-refusals.ts";
import { demandsDataTls } from "./prot-demands.ts";
import { worksUnder } from "./protections.ts";
import { quoteExchange, quoteLine } from "./quote.ts";
import { isSwitchedOff } from "./tls-control.ts";
import { otherWords, twoVoices, type Voice } from "./voices.ts";

/** Something in the conversation that no server says by itself. */
export interface MiddleboxSign {
  /** `filter`: a command or reply was masked, cut or refused on the way. `proxy`: two products speak in one session. */
  kind: "filter" | "proxy";
  /** How much it proves by itself. */
  weight: "strong" | "weak";
  /** What is odd, as a clause: `the greeting is masked with asterisks`. */
  what: string;
  /** The line that shows it. */
  seen: string;
  /** Id of the evidence record. */
  record: string;
  /** The mode that it spoils; null where it spoils none. */
  mode: Mode | null;
}

/** Products whose FEAT cannot be switched off and answers everybody who is logged in; read in their sources. */
const ALWAYS_FEAT: readonly string[] = ["vsftpd", "ProFTPD", "Pure-FTPd", "FileZilla Server", "pyftpdlib", "IIS"];

/** Several rules ask for the same signs; recognising the two voices costs more than all else in a diagnosis. */
const known = new WeakMap<AddressFacts, readonly MiddleboxSign[]>();

/** Signs at one address that something between us takes part in the conversation. */
export function middleboxSigns(address: AddressFacts, facts: Facts): readonly MiddleboxSign[] {
  const signs = known.get(address) ?? readSigns(address, facts);
  known.set(address, signs);
  return signs;
}

function readSigns(address: AddressFacts, facts: Facts): MiddleboxSign[] {
  return [
    ...maskedGreeting(address),
    ...maskedSyst(address),
    ...otherSyst(address),
    ...eatenFeat(address),
    ...eatenEpsv(address, facts),
    ...refusedInClear(address, facts),
    ...refusedAuth(address),
    ...unansweredAuth(address),
    ...(lacksFeatures(address, facts) ?? strippedAuth(address)),
    ...eatenEprt(address, facts),
    ...[twoVoices(address), otherWords(address)].flatMap((voice) => (voice === null ? [] : [proxy(voice)])),
  ];
}

/** `220 ************`: PIX and ASA firewalls hide what identifies a server behind asterisks. */
function maskedGreeting({ controls }: AddressFacts): MiddleboxSign[] {
  const [first] = controls;
  const line = first?.greeting?.reply?.lines.find(
    (text) => /^\d{3}[ -][*\s]{4,512}$/.test(text) && text.includes("***"),
  );
  if (first === undefined || line === undefined) return [];
  return [sign("filter", "strong", "the greeting is masked with asterisks", quoteLine(line), first.id)];
}

/** `215 XXXX`: Cisco's strict inspection masks the reply to SYST; under TLS it cannot. */
function maskedSyst({ identify, systAgain }: AddressFacts): MiddleboxSign[] {
  for (const record of [systAgain, identify]) {
    const line = lastReply(record?.syst ?? null)?.lines[0];
    if (record === null || line === undefined || !/^215[ -]X{3,}/.test(line)) continue;
    return [sign("filter", "strong", "the reply to SYST is masked", `SYST: ${quoteLine(line)}`, record.id)];
  }
  return [];
}

/** SYST is answered otherwise in clear than under TLS, where nobody but the server can answer. */
function otherSyst({ identify, systAgain }: AddressFacts): MiddleboxSign[] {
  const clear = lastReply(systAgain?.syst ?? null);
  const tls = lastReply(identify?.syst ?? null);
  if (systAgain === null || clear === null || tls === null || tls.code !== 215) return [];
  const [[own = ""], [said = ""]] = [tls.lines, clear.lines];
  if (own === said || /^215[ -]X{3,}/.test(said)) return [];
  const what = "the reply to SYST is another in clear text than under TLS";
  // Two machines behind one address may differ in it too.
  return [sign("filter", "weak", what, `SYST: in clear ${quoteLine(said)}, under TLS ${quoteLine(own)}`, systAgain.id)];
}

/** FEAT is not known to a server that certainly has it. */
function eatenFeat({ identify, product, logins }: AddressFacts): MiddleboxSign[] {
  const { feat } = identify ?? { feat: null };
  const reply = lastReply(feat);
  if (identify === null || feat === null || reply === null || product === null) return [];
  const unknown = reply.code === 500 || reply.code === 502;
  const letIn = logins.some(({ result }) => result === "logged-in");
  if (!unknown || !letIn || product.confidence === "possible" || !ALWAYS_FEAT.includes(product.name)) return [];
  return [
    sign("filter", "weak", `FEAT is refused, which ${product.name} always answers`, quoteExchange(feat), identify.id),
  ];
}

/** FEAT promises EPSV, and the command is unknown. */
function eatenEpsv({ address, identify }: AddressFacts, facts: Facts): MiddleboxSign[] {
  if (!promises(identify, "EPSV")) return [];
  return refusedForGood(facts, "epsv")
    .filter(({ attempt, reply }) => attempt.record.address === address && (reply.code === 500 || reply.code === 502))
    .slice(0, 1)
    .map(({ attempt, exchange }) =>
      sign(
        "filter",
        "strong",
        "EPSV is refused although the server lists it among its features",
        quoteExchange(exchange),
        attempt.record.id,
        "epsv",
      ),
    );
}

/** A mode is unknown to the server in clear, and works under TLS, where nobody but the server can answer. */
function refusedInClear({ address }: AddressFacts, facts: Facts): MiddleboxSign[] {
  return (["epsv", "pasv"] as const).flatMap((mode) =>
    refusedForGood(facts, mode)
      .filter(({ attempt: { record } }) => record.address === address && record.protection === "clear")
      .filter(({ reply, text }) => worksUnder("tls", address, mode, facts) && !demandsDataTls(reply, text))
      .slice(0, 1)
      .map(({ attempt, exchange }) =>
        sign(
          "filter",
          "strong",
          `${mode.toUpperCase()} is refused in clear text and works under TLS`,
          `in clear: ${quoteExchange(exchange)}`,
          attempt.record.id,
          mode,
        ),
      ),
  );
}

/** FEAT promises AUTH, and the command is unknown: 431 and 534 would be the server's own reasons. */
function refusedAuth({ identify, secures, product }: AddressFacts): MiddleboxSign[] {
  // ftp-srv lists AUTH whether or not it has a certificate; so may any server of which we do not know better.
  if (identify?.features?.some(isAuth) !== true || !isAmong(LISTS_AUTH, product)) return [];
  return secures.slice(0, 1).flatMap((secure) => {
    const { id, auth } = secure;
    if (isSwitchedOff(secure)) return [];
    const last = auth.at(-1);
    const code = lastReply(last ?? null)?.code;
    if (last === undefined || code === undefined || !UNKNOWN_COMMAND.includes(code)) return [];
    const what = "AUTH is refused although the server lists it among its features";
    return [sign("filter", "strong", what, quoteExchange(last), id)];
  });
}

/** AUTH is left without an answer on a session on which FEAT had one: swallowed, or a server that hangs at it. */
function unansweredAuth({ control, identify, secures }: AddressFacts): MiddleboxSign[] {
  // Servers of another kind (mail) know neither command.
  const heard = control !== "not-ftp" && lastReply(identify?.feat ?? null) !== null;
  const silent = secures.find(({ auth }) => auth.at(-1)?.outcome === "timed-out" && auth.at(-1)?.replies.length === 0);
  const [exchange] = silent?.auth.slice(-1) ?? [];
  if (!heard || silent === undefined || exchange === undefined) return [];
  const listsIt = identify?.features?.some(isAuth) === true;
  const what = `AUTH is left without an answer ${listsIt ? "although the server lists it among its features" : "while FEAT has one"}`;
  return [sign("filter", listsIt ? "strong" : "weak", what, quoteExchange(exchange), silent.id)];
}

/**
 * Products that list AUTH among their features where they take it, and only there; read in their sources, IIS in its documentation.
 * Pure-FTPd lists it always, and where it does not take it says so in words of its own (isSwitchedOff).
 */
const LISTS_AUTH: readonly string[] = ["vsftpd", "ProFTPD", "Pure-FTPd", "FileZilla Server", "pyftpdlib", "IIS"];

const FEATURES_SHOWN = 5;

/** The list of features is shorter in clear than under TLS; null where it is not. */
function lacksFeatures(address: AddressFacts, facts: Facts): MiddleboxSign[] | null {
  const cut = cutFeatures(address, facts);
  if (cut === null) return null;
  const { missing, clear } = cut;
  const shown = missing.slice(0, FEATURES_SHOWN);
  const names = listed(missing.length > shown.length ? [...shown, `${missing.length - shown.length} more`] : shown);
  const what = `the list of features lacks ${names} in clear text and names ${missing.length === 1 ? "it" : "them"} under TLS`;
  const seen = `FEAT: ${featureCount(clear)} in clear, under TLS also ${names}`;
  return [sign("filter", "strong", what, seen, clear.id)];
}

function featureCount({ features }: IdentifyRecord): string {
  const count = features?.length ?? 0;
  return count === 0 ? "no feature" : `${count} ${count === 1 ? "feature" : "features"}`;
}

/** AUTH is taken, and FEAT did not name it. */
function strippedAuth({ identify, secures, product }: AddressFacts): MiddleboxSign[] {
  const { feat, features } = identify ?? { feat: null, features: null };
  const agreed = secures.find(({ how, handshake }) => how === "explicit" && handshake?.outcome === "ok");
  if (identify === null || feat === null || agreed === undefined || features?.some(isAuth) === true) return [];
  const code = lastReply(feat)?.code ?? 0;
  // Whoever does not answer FEAT before the login has cut nothing out of it.
  const answered = code >= 200 && code < 300;
  if (!answered || !isAmong(LISTS_AUTH, product)) return [];
  return [
    sign(
      "filter",
      "weak",
      `the server takes AUTH and its list of features does not name it, as ${product.name}'s does`,
      quoteExchange(feat),
      identify.id,
    ),
  ];
}

/** Whether the product is recognised for sure enough, and is one of these. */
function isAmong(
  products: readonly string[],
  product: AddressFacts["product"],
): product is NonNullable<AddressFacts["product"]> {
  return product !== null && product.confidence !== "possible" && products.includes(product.name);
}

function isAuth(feature: string): boolean {
  return /^AUTH\b/i.test(feature.trim());
}

/** RFC 959 section 4.2: not recognised, not implemented; 530 is vsftpd's for what it does not know before the login. */
const UNKNOWN_COMMAND: readonly number[] = [500, 502, 530];

/** The same with EPRT, where PORT is accepted: active mode as such is not unwelcome. */
function eatenEprt({ address, identify }: AddressFacts, facts: Facts): MiddleboxSign[] {
  if (!promises(identify, "EPRT") || !acceptsPort(facts, address)) return [];
  return refusedActive(facts)
    .filter(
      ({ attempt: { record }, reply }) =>
        record.address === address && record.mode === "eprt" && isUnknownCommand(reply),
    )
    .slice(0, 1)
    .map(({ attempt, exchange }) =>
      sign(
        "filter",
        "strong",
        "EPRT is refused although the server lists it among its features",
        quoteExchange(exchange),
        attempt.record.id,
        "eprt",
      ),
    );
}

function promises(identify: AddressFacts["identify"], command: string): boolean {
  return identify?.features?.some((line) => line.trim().split(" ", 1)[0]?.toUpperCase() === command) === true;
}

/** `500 Illegal EPRT command` knows the command and minds its argument. */
function isUnknownCommand({ code, lines }: ReplyRecord): boolean {
  return code === 502 || (code === 500 && !/illegal|won't open|not yours|foreign|\bOOPS\b/i.test(lines.join(" ")));
}

function proxy({ what, seen, record }: Voice): MiddleboxSign {
  return sign("proxy", "weak", what, seen, record);
}

function sign(
  kind: MiddleboxSign["kind"],
  weight: MiddleboxSign["weight"],
  what: string,
  seen: string,
  record: string,
  mode: Mode | null = null,
): MiddleboxSign {
  return { kind, weight, what, seen, record, mode };
}
