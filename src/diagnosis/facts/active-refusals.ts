import { isPublic, sideOf } from "../../model/address.ts";
import { formatEndpoint } from "../../model/endpoint.ts";
import type { ActiveRecord } from "../../model/evidence.ts";
import { duration } from "../../model/words.ts";
import type { Facts } from "./facts.ts";
import { isCrash, type Refusal, refusals } from "./refusals.ts";

/** An active attempt beside its row. */
export type ActiveAttempt = Facts["active"][number];

/**
 * Why a server refuses PORT or EPRT: `foreign`: it would have to call another address than the client's; `low-port`: the port is below
 * 1024; `disabled`: active mode is off; `unknown`: it does not know the command; `other`: something else.
 */
export type ActiveRefusal = "foreign" | "low-port" | "disabled" | "unknown" | "other";

/** What the products say, the more telling wordings first. Every pattern is linear. */
const WORDINGS: readonly { says: RegExp; means: ActiveRefusal; product: string; source: string }[] = [
  { says: /won't open a connection to/i, means: "foreign", product: "Pure-FTPd", source: "messages_en.h MSG_NO_FXP" },
  { says: /connection to foreign address/i, means: "foreign", product: "pyftpdlib", source: "control.py" },
  { says: /address is not yours/i, means: "foreign", product: "ftp-srv", source: "commands/registration/port.js" },
  { says: /ports? < 1024/i, means: "low-port", product: "Pure-FTPd", source: "messages_en.h MSG_BAD_PORT" },
  { says: /privileged port/i, means: "low-port", product: "pyftpdlib", source: "control.py:1217" },
  {
    says: /active mode is disabled/i,
    means: "disabled",
    product: "Pure-FTPd",
    source: "messages_en.h MSG_ACTIVE_DISABLED",
  },
  {
    says: /unable to service (?:port|eprt) commands/i,
    means: "disabled",
    product: "ProFTPD",
    source: "mod_core.c:4105",
  },
  { says: /bad eprt (?:protocol|command)/i, means: "unknown", product: "vsftpd", source: "postlogin.c handle_eprt" },
  // Both say so for a foreign address and for a port below 1024; which of the two, our own offer tells.
  {
    says: /illegal (?:port|eprt)/i,
    means: "foreign",
    product: "vsftpd, ProFTPD",
    source: "postlogin.c handle_port; mod_core.c",
  },
  { says: /cannot accept argument/i, means: "foreign", product: "IIS", source: "reply 501 to PORT" },
];

/** Every active attempt whose PORT or EPRT got a negative reply. */
export function refusedActive(facts: Facts): Refusal<ActiveAttempt>[] {
  return refusals(facts.active, ({ record }) => record.exchange);
}

/** Why this one was refused. */
export function whyRefused({ attempt, reply, text }: Refusal<ActiveAttempt>): ActiveRefusal {
  const means = WORDINGS.find(({ says }) => says.test(text))?.means;
  if (means === "foreign" && (attempt.record.offered?.port ?? 65535) < 1024) return "low-port";
  if (means !== undefined) return means;
  if (isCrash(text) || reply.code < 500) return "other";
  // RFC 959 section 4.2 and RFC 2428: not recognised, bad argument, not implemented, not for this family.
  if ([500, 501, 502, 504, 522].includes(reply.code)) return "unknown";
  return "disabled";
}

/** Whether PORT was accepted at the address. */
export function acceptsPort(facts: Facts, address: string): boolean {
  return facts.active.some(({ record }) => {
    const reply = record.exchange?.outcome === "ok" ? record.exchange.replies.at(-1) : undefined;
    return record.address === address && record.mode === "port" && reply !== undefined && reply.code < 300;
  });
}

/** Whether we offered an address of the inside to a server outside: only a NAT can lie between. */
export function offersInside({ offered, address }: ActiveRecord): boolean {
  return offered !== null && sideOf(offered.address) === "inside" && isPublic(address);
}

/** Whether the command was accepted, and then nobody called. */
export function nobodyCalled({ exchange, accept, transfer }: ActiveRecord): boolean {
  const code = exchange?.outcome === "ok" ? (exchange.replies.at(-1)?.code ?? 0) : 0;
  if (code < 200 || code >= 300 || accept === null) return false;
  // Where the control connection ended before its answer, nobody could call any more: that is another finding.
  return accept.outcome === "timed-out" || (accept.outcome === "closed" && transfer?.exchange.outcome === "ok");
}

/** What was offered, and how long nobody called; as `seen`, for the first attempts. */
export function seenWaiting(attempts: readonly ActiveAttempt[], atMost: number): string[] {
  return attempts
    .flatMap(({ record: { mode, offered, accept, exchange } }) => {
      const waited = accept ?? exchange;
      if (offered === null || waited === null) return [];
      const code = exchange?.replies.at(-1)?.code;
      const before =
        accept !== null ? "accepted, then" : code === undefined ? "no answer, and" : `answered ${code}, and`;
      return [`${mode.toUpperCase()} ${formatEndpoint(offered)}: ${before} nobody called in ${duration(waited.ms)}`];
    })
    .slice(0, atMost);
}

/** What the server said in place of calling; null where it said nothing. */
export function excuse({ transfer }: ActiveRecord): string | null {
  const last = transfer?.exchange.replies.at(-1);
  return last !== undefined && last.code >= 400 ? last.lines.join(" ") : null;
}

/** Whether the server refused the listing itself, before any data connection: then nothing is known of the channel. */
export function listingRefused({ transfer }: ActiveRecord): boolean {
  const code = transfer?.exchange.replies.at(-1)?.code ?? 0;
  return code === 450 || (code >= 500 && code < 600);
}

/** Why nothing can be said about active mode; null where it was tried. */
export function activeUntried(
  facts: Facts,
): { kind: "undetermined"; missing: string } | { kind: "not-applicable"; reason: string } | null {
  if (facts.active.length > 0) return null;
  const { modes, calledAt } = facts.evidence.policy;
  return modes.includes("eprt") || modes.includes("port") || calledAt != null
    ? { kind: "undetermined", missing: "active mode was not tried" }
    : { kind: "not-applicable", reason: "active mode was not to be tried" };
}
