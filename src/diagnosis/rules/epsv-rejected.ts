import { defineRule } from "../define-rule.ts";
import { middleboxSigns } from "../facts/middlebox-signs.ts";
import { notOffered, offeredAt, refusedForGood } from "../facts/passive-refusals.ts";
import { refusalArgs, seenRefusals } from "../facts/refusals.ts";
import { mendClient, mendServer } from "../words/mend.ts";

/** The server does not know EPSV, or not here. */
export const epsvRejected = defineRule({
  id: "epsv-rejected",
  title: "Server does not offer EPSV",
  since: "0.1.0",
  needs: ["passive"],
  references: ["RFC 2428 section 3", "https://github.com/lavv17/lftp/issues/370"],
  meaning: [
    "The server refuses EPSV, the newer way to ask for a passive data port. That alone is no fault: clients then use PASV. Clients that do not fall back, and all clients over IPv6, cannot transfer anything.",
    "To mend it, use a server version that knows EPSV, or see whether a firewall on the way filters the command. Clients can be told to use PASV.",
  ].join("\n\n"),
  severity: (facts) => notOffered(facts, "epsv", "pasv"),
  judge(facts) {
    const tried = facts.passive.filter(({ record }) => record.mode === "epsv");
    if (!facts.evidence.policy.modes.includes("epsv"))
      return { kind: "not-applicable", reason: "EPSV was not to be tried" };
    if (tried.length === 0) return { kind: "undetermined", missing: "EPSV was not asked for" };
    const eaten = facts.addresses.flatMap((address) =>
      middleboxSigns(address, facts).flatMap(({ mode }) => (mode === "epsv" ? [address.address] : [])),
    );
    const all = refusedForGood(facts, "epsv");
    const refused = all.filter(({ attempt }) => !eaten.includes(attempt.record.address));
    if (refused.length === 0) {
      return { kind: "absent", ...(all.length > 0 ? { note: "covered by alg-filters-commands" } : {}) };
    }
    const listed = facts.addresses.some(({ identify }) =>
      identify?.features?.some((line) => /^EPSV\b/i.test(line.trim())),
    );
    return {
      kind: "present",
      confidence: "certain",
      at: listed ? "middlebox" : "server-config",
      args: {
        ...refusalArgs(refused),
        listed,
        pasv: refused.some(({ attempt }) => offeredAt(facts, attempt.record.address, "pasv")),
      },
      because: refused.map(({ attempt }) => attempt.record.id),
      seen: seenRefusals(refused),
      rivals: listed
        ? [
            {
              cause: "alg-filters-commands",
              toTellApart:
                "FEAT lists EPSV, yet it is refused: probe from another network, or over TLS; if EPSV works there, a device on the way refuses it.",
            },
          ]
        : [],
    };
  },
  describe: (args, facts) => ({
    summary: `The server refuses EPSV (${args["code"]})${args["pasv"] === true ? "; clients have to use PASV" : ""}.`,
    explanation:
      args["listed"] === true
        ? "FEAT lists EPSV, but the command itself is refused. Either the server offers what it does not do, or a device on the way answers in its place."
        : "EPSV is answered with a refusal. Most clients fall back to PASV by themselves; over IPv6 there is no other passive mode.",
    remedies: [...mendServer("enable-epsv", facts, args), ...mendClient("disable-epsv", facts, args)],
  }),
});
