import type { Mode } from "../../model/mode.ts";
import type { Severity } from "../../model/report.ts";
import { requiredInVain, requiredInVainSomewhere, requirementsOf } from "../verdict/requirements.ts";
import type { Facts } from "./facts.ts";
import type { PassiveAttempt } from "./passive-facts.ts";
import { isCrash, type Refusal, refusals } from "./refusals.ts";
import { everyPassive } from "./repeated-offers.ts";

/** The passive attempts that the server refused for good: 5xx, and no crash of its process. 4xx means "not now". */
export function refusedForGood(facts: Facts, mode: "epsv" | "pasv"): Refusal<PassiveAttempt>[] {
  return refusedPassive(facts).filter(
    ({ attempt, reply, text }) =>
      attempt.record.mode === mode && reply.code >= 500 && !isCrash(text) && !isAddressSetting(text),
  );
}

/** Every passive attempt whose EPSV or PASV got a negative reply. */
export function refusedPassive(facts: Facts): Refusal<PassiveAttempt>[] {
  return refusals(facts.passive, ({ record }) => record.offer?.exchange ?? null);
}

/** Words for a passive range without a free port. `proves`: they are said for nothing else. */
const OUT_OF_PORTS: readonly { says: RegExp; proves: boolean; source: string }[] = [
  { says: /all reserved TCP ports are busy/i, proves: true, source: "Pure-FTPd messages_en.h MSG_PORTS_BUSY" },
  { says: /maximum number of attempts to find a listening port exceeded/i, proves: true, source: "vsftpd privops.c" },
  // It dies of any failure to bind, and of nothing so often as of ports that others hold.
  { says: /OOPS: vsf_sysutil_bind\s*$/i, proves: false, source: "vsftpd privops.c vsf_privop_pasv_listen" },
  { says: /unable to find (?:a )?valid port/i, proves: true, source: "ftp-srv" },
  {
    says: /no (?:more |free |available )+(?:passive |data )?ports?\b|ports? (?:range )?(?:is |are )?exhausted|\bports are (?:all )?(?:busy|in use)/i,
    proves: true,
    source: "general form",
  },
];

/** The attempts and repeated offers that the server refused because its passive ports are all in use. */
export function outOfPorts(facts: Facts): Refusal<PassiveAttempt>[] {
  const refused = refusals(everyPassive(facts), ({ record }) => record.offer?.exchange ?? null);
  return refused.filter(({ text }) => isOutOfPorts(text));
}

/** Whether words of a refusal that say that no passive port is free are said for nothing else. */
export function provesOutOfPorts(text: string): boolean {
  return OUT_OF_PORTS.some(({ says, proves }) => proves && says.test(text));
}

/** Whether a refusal says that no passive port is free. */
export function isOutOfPorts(text: string): boolean {
  return OUT_OF_PORTS.some(({ says }) => says.test(text));
}

/**
 * vsftpd's `500 OOPS: invalid pasv_address`, Pure-FTPd's `425 Please use an IPv6-conformant client with EPSV support`
 * for an IPv6 ForcePassiveIP.
 */
export function isAddressSetting(text: string): boolean {
  return /invalid pasv_address|IPv6-conformant client with EPSV support/i.test(text);
}

/** Whether a positive reply to this mode was seen at the address. */
export function offeredAt(facts: Facts, address: string, mode: "epsv" | "pasv"): boolean {
  return facts.passive.some(
    ({ record }) =>
      record.address === address &&
      record.mode === mode &&
      record.offer?.exchange.outcome === "ok" &&
      (record.offer.exchange.replies.at(-1)?.code ?? 0) < 400,
  );
}

/** A mode that is not offered is a notice, unless it was asked for by name or nothing else of its kind was tried. */
export function notOffered(facts: Facts, mode: Mode, instead: Mode): Severity {
  const byName = requirementsOf(facts).includes(mode);
  const alone = !facts.evidence.policy.modes.includes(instead);
  if (!byName && !alone) return "notice";
  if (requiredInVain(facts, [mode])) return "error";
  return requiredInVainSomewhere(facts, [mode]) ? "warning" : "notice";
}
