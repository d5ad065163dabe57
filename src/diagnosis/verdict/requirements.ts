import type { LadderRecord, Requirement } from "../../model/evidence.ts";
import { isPassive, type Mode } from "../../model/mode.ts";
import type { ModeSummary } from "../../model/report.ts";
import type { Facts } from "../facts/facts.ts";

/** Whether a requirement is fulfilled somewhere; `unknown` where the run could not tell. */
export type RequirementState = "met" | "unmet" | "unknown";

const MODES_OF: Record<"passive" | "active" | Mode, readonly Mode[]> = {
  passive: ["epsv", "pasv"],
  active: ["eprt", "port"],
  epsv: ["epsv"],
  pasv: ["pasv"],
  eprt: ["eprt"],
  port: ["port"],
};

/** What must work: the policy's list, or one passive mode (one active mode where only active ones were to be tried). */
export function requirementsOf(facts: Facts): readonly Requirement[] {
  const { required, modes } = facts.evidence.policy;
  return required ?? (modes.some(isPassive) ? ["passive"] : ["active"]);
}

/** The modes that a requirement names; `tls` and `ipv6` alone mean a passive mode, `upload` names none. */
function modesOf(requirement: Requirement, all: readonly Requirement[]): readonly Mode[] {
  switch (requirement) {
    case "tls":
    case "ipv6": {
      const named = all.filter((other) => other !== "tls" && other !== "ipv6" && other !== "upload");
      return named.length === 0 ? MODES_OF.passive : named.flatMap((other) => modesOf(other, all));
    }
    case "upload":
      return [];
    default:
      return MODES_OF[requirement];
  }
}

/**
 * Whether the requirement is met by these rows. `passive` and `active` are met by either mode of the kind, also by a repaired one;
 * a mode named by itself must work as advertised.
 */
export function requirementState(
  requirement: Requirement,
  all: readonly Requirement[],
  rows: readonly ModeSummary[],
  ladders: readonly LadderRecord[],
): RequirementState {
  switch (requirement) {
    case "tls":
    case "ipv6": {
      const narrowed = rows.filter((row) => (requirement === "tls" ? row.protection === "tls" : row.family === "ipv6"));
      const others = all.filter((other) => other !== "tls" && other !== "ipv6" && other !== "upload");
      const states = (others.length === 0 ? (["passive"] as const) : others).map((other) =>
        requirementState(other, all, narrowed, ladders),
      );
      return worst(states);
    }
    case "upload":
      return uploadState(ladders);
    default: {
      const ofKind = rows.filter((row) => MODES_OF[requirement].includes(row.mode));
      const kindOnly = requirement === "passive" || requirement === "active";
      if (ofKind.some((row) => row.result === "works" || (kindOnly && row.result === "repaired"))) return "met";
      return ofKind.length === 0 || ofKind.some((row) => row.result === "inconclusive" || row.result === "skipped")
        ? "unknown"
        : "unmet";
    }
  }
}

/** Met where every file was stored whole up to the largest; a stop in the middle leaves it open. */
function uploadState(ladders: readonly LadderRecord[]): RequirementState {
  const uploads = ladders.filter(({ direction, status }) => direction === "upload" && status !== "skipped");
  return uploads.length === 0 ? "unknown" : worst(uploads.map(storedState));
}

function storedState({ steps, status }: LadderRecord): RequirementState {
  const last = steps.at(-1);
  if (last === undefined) return "unknown";
  const { transfer, sizeBytes, storedBytes } = last;
  if (transfer?.exchange.outcome === "cancelled" || transfer?.dataOutcome === "cancelled") return "unknown";
  const code = transfer?.exchange.outcome === "ok" ? (transfer.exchange.replies.at(-1)?.code ?? 0) : 0;
  const stored = code >= 200 && code < 300 && (storedBytes === null || storedBytes === sizeBytes);
  if (!stored) return "unmet";
  return status === "done" ? "met" : "unknown";
}

/** The worst of several states: one that is unmet decides, then one that is unknown. */
export function worst(states: readonly RequirementState[]): RequirementState {
  if (states.includes("unmet")) return "unmet";
  return states.includes("unknown") ? "unknown" : "met";
}

/** Whether a requirement names one of these modes. */
export function isRequired(facts: Facts, modes: readonly Mode[]): boolean {
  const all = requirementsOf(facts);
  return all.some((requirement) => modesOf(requirement, all).some((mode) => modes.includes(mode)));
}

/** Whether a requirement that names one of these modes is met nowhere. */
export function requiredInVain(facts: Facts, modes: readonly Mode[]): boolean {
  return isUnmet(facts, modes, facts.rows);
}

/** Whether a requirement that names one of these modes is not met at one of the addresses, whatever the others do. */
export function requiredInVainSomewhere(facts: Facts, modes: readonly Mode[]): boolean {
  return facts.addresses.some(({ address }) =>
    isUnmet(
      facts,
      modes,
      facts.rows.filter((row) => row.address === address),
    ),
  );
}

function isUnmet(facts: Facts, modes: readonly Mode[], rows: readonly ModeSummary[]): boolean {
  const all = requirementsOf(facts);
  return all.some(
    (requirement) =>
      modesOf(requirement, all).some((mode) => modes.includes(mode)) &&
      requirementState(requirement, all, rows, []) === "unmet",
  );
}
