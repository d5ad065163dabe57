import type { Rival } from "../../model/report.ts";
import { defineRule } from "../define-rule.ts";
import { notOffered, refusedForGood } from "../facts/passive-refusals.ts";
import { judgeRefused } from "../facts/refusals.ts";
import { requiredInVain, requiredInVainSomewhere } from "../verdict/requirements.ts";
import { mendServer } from "../words/mend.ts";

const lostLogin: Rival = {
  cause: "ctl-transparent-proxy",
  toTellApart:
    "Probe from another network: if PASV works there, a proxy or firewall on the way answers in the server's place, or has lost the login.",
};

/** Passive mode is switched off, or PASV is not implemented. */
export const pasvDisabled = defineRule({
  id: "pasv-disabled",
  title: "Passive mode is switched off",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["epsv-rejected"],
  references: ["vsftpd postlogin.c (pasv_enable)", "https://github.com/ArchiveTeam/wpull/issues/296"],
  meaning: [
    'The server answers the request for a passive data port with a refusal such as "550 Permission denied" or "502 Command not implemented". Passive mode is switched off in its configuration, or the server does not have it. Clients behind NAT or a firewall cannot transfer anything then, because active mode cannot reach them.',
    "To mend it, switch passive mode on (vsftpd: pasv_enable=YES), with a port range that the firewall lets through.",
  ].join("\n\n"),
  severity(facts, args) {
    if (args["both"] !== true) return notOffered(facts, "pasv", "epsv");
    if (requiredInVain(facts, ["epsv", "pasv"])) return "error";
    return requiredInVainSomewhere(facts, ["epsv", "pasv"]) ? "warning" : "notice";
  },
  judge(facts) {
    if (!facts.evidence.policy.modes.includes("pasv"))
      return { kind: "not-applicable", reason: "PASV was not to be tried" };
    if (!facts.passive.some(({ record }) => record.mode === "pasv")) {
      return { kind: "undetermined", missing: "PASV was not asked for" };
    }
    const pasv = refusedForGood(facts, "pasv");
    if (pasv.length === 0) return { kind: "absent" };
    const epsv = refusedForGood(facts, "epsv").filter(({ attempt }) =>
      pasv.some((other) => other.attempt.record.address === attempt.record.address),
    );
    const refused = [...pasv, ...epsv];
    const judgement = judgeRefused(refused, { both: epsv.length > 0 });
    // "Not logged in" behind a login that was accepted speaks of lost state, not of a setting.
    return judgement.kind === "present" && facts.loggedIn && pasv.every(({ reply }) => reply.code === 530)
      ? { ...judgement, confidence: "possible", at: "unknown", rivals: [lostLogin] }
      : judgement;
  },
  describe: (args, facts) => ({
    title: args["both"] === true ? "Passive mode is switched off" : "PASV is refused",
    summary:
      args["both"] === true
        ? `The server refuses passive mode, both EPSV and PASV (${args["reply"]}).`
        : `The server refuses PASV (${args["reply"]}).`,
    explanation:
      args["both"] === true
        ? "Both commands that ask for a passive data port are refused before any data connection is tried, so no firewall is involved: the server itself does not offer passive mode."
        : "PASV is refused before any data connection is tried, so no firewall is involved: the server itself does not offer it. Clients that know EPSV are not affected.",
    remedies: mendServer("enable-passive", facts, args),
  }),
});
