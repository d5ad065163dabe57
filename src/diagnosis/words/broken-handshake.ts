import { hexOf } from "../../model/raw-bytes.ts";
import type { NextStep, Remedy, Rival, Side } from "../../model/report.ts";
import { duration, size } from "../../model/words.ts";
import type { Rule } from "../define-rule.ts";
import { type Args, defineRule } from "../define-rule.ts";
import { controlEndpoint } from "../facts/control-facts.ts";
import type { Facts } from "../facts/facts.ts";
import { type FailedHandshake, type FailureKind, failuresOfKind } from "../facts/handshake-failure.ts";
import { noTlsSeverity, quoteHandshake, standstillOf, withoutHandshake } from "../facts/tls-control.ts";
import { watchHandshake } from "./next.ts";

/** What the siblings differ in: the same reading of a handshake, another end of it. */
interface Sibling {
  id: string;
  kinds: readonly FailureKind[];
  at(first: FailedHandshake): Side;
  references: string[];
  meaning: string[];
  replaces: string[];
  rivals(first: FailedHandshake): Rival[];
  /** Beside a look at the handshake with another library. */
  next?(first: FailedHandshake, facts: Facts): NextStep[];
  title(args: Args): string;
  summary(args: Args): string;
  explanation(args: Args): string;
  /** The likeliest first. */
  remedies(args: Args, facts: Facts): Remedy[];
}

/** Declares one of the siblings. */
export function brokenHandshake(sibling: Sibling): Rule {
  return defineRule({
    id: sibling.id,
    title: sibling.title({}),
    since: "0.1.0",
    needs: ["secure"],
    replaces: sibling.replaces,
    references: sibling.references,
    meaning: sibling.meaning.join("\n\n"),
    severity: noTlsSeverity,
    judge(facts) {
      const missing = withoutHandshake(facts);
      if (missing !== null) return missing;
      const failures = failuresOfKind(facts, ...sibling.kinds);
      if (failures === null) return { kind: "absent" };
      const { first, all, args } = failures;
      return {
        kind: "present",
        confidence: first.confidence === "certain" ? "likely" : "possible",
        at: sibling.at(first),
        args: {
          ...args,
          outcome: first.handshake.outcome,
          alert: first.handshake.alert,
          code: first.handshake.code,
          explicit: first.secure.how === "explicit",
          // What came, where it is neither TLS nor text.
          bytes: first.kind === "garbage" ? hexOf(first.handshake.foreign ?? "") : null,
          waited: duration(first.handshake.ms),
          ...(first.kind === "stall"
            ? { standstill: standstillOf(first.handshake), came: size(first.handshake.receivedBytes ?? 0) }
            : {}),
        },
        // With implicit TLS the control connection's own record tells the same.
        because: all.flatMap((made) => [...made.because, ...implicitControl(made)]),
        seen: all
          .slice(0, 2)
          .map(
            (made) => `${controlEndpoint(made.address, facts)} ${quoteHandshake(made.handshake)}${firstBytes(made)}`,
          ),
        rivals: sibling.rivals(first),
        next: [...(sibling.next?.(first, facts) ?? []), watchHandshake(first, facts)],
      };
    },
    describe: (args, facts) => ({
      title: sibling.title(args),
      summary: sibling.summary(args),
      explanation: sibling.explanation(args),
      remedies: sibling.remedies(args, facts),
    }),
  });
}

function firstBytes({ kind, handshake }: FailedHandshake): string {
  return kind === "garbage" ? `; first bytes (hex): ${hexOf(handshake.foreign ?? "")}` : "";
}

function implicitControl({ secure, address }: FailedHandshake): string[] {
  return secure.how === "implicit"
    ? address.controls.filter(({ ordinal }) => ordinal === secure.ordinal).map(({ id }) => id)
    : [];
}

/** Findings that read the same end without knowing of TLS. */
export const GENERAL = ["ctl-no-banner", "ctl-accepted-then-closed", "ctl-closed-mid-session"];
