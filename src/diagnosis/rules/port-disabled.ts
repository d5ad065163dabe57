import { defineRule } from "../define-rule.ts";
import { acceptsPort, activeUntried, refusedActive, whyRefused } from "../facts/active-refusals.ts";
import { judgeRefused } from "../facts/refusals.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendServer } from "../words/mend.ts";

/** Active mode is switched off on the server. */
export const portDisabled = defineRule({
  id: "port-disabled",
  title: "Active mode is switched off",
  since: "0.1.0",
  needs: ["active"],
  replaces: ["eprt-unsupported"],
  references: ["vsftpd postlogin.c (port_enable)", "pure-ftpd MSG_ACTIVE_DISABLED", "proftpd mod_core.c:4105"],
  meaning: [
    "The server refuses PORT or EPRT altogether: active mode is switched off in its configuration, or it does not have it. That is a common choice; clients use passive mode.",
    "Where active mode is needed, switch it on (vsftpd: port_enable=YES).",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["eprt", "port"]),
  judge(facts) {
    const untried = activeUntried(facts);
    if (untried !== null) return untried;
    const refused = refusedActive(facts).filter((refusal) => {
      const why = whyRefused(refusal);
      // Where PORT is accepted, it is EPRT alone that is denied (vsftpd: cmds_denied=EPRT).
      if (why === "disabled" && acceptsPort(facts, refusal.attempt.record.address)) return false;
      // A server that does not know EPRT may well know PORT; one that does not know PORT has no active mode.
      return why === "disabled" || (why === "unknown" && refusal.attempt.record.mode === "port");
    });
    if (refused.length === 0) return { kind: "absent" };
    const addresses = refused.map(({ attempt }) => attempt.record.address);
    const alongside = refusedActive(facts).filter(
      (refusal) =>
        !refused.includes(refusal) &&
        addresses.includes(refusal.attempt.record.address) &&
        whyRefused(refusal) === "unknown",
    );
    const all = [...refused, ...alongside];
    return judgeRefused(all);
  },
  describe: (args, facts) => ({
    title: modesIn(args).length > 1 ? "Active mode is switched off" : `${modesIn(args)[0]?.toUpperCase()} is refused`,
    summary:
      modesIn(args).length > 1
        ? `The server does not offer active mode (${args["reply"]}).`
        : `The server refuses ${modesIn(args)[0]?.toUpperCase()} (${args["reply"]}).`,
    explanation:
      "The command that asks for an active data connection is refused at once, before any connection is tried, so no firewall is involved.",
    remedies: mendServer("enable-active", facts, args),
  }),
});
