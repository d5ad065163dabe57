import { defineRule } from "../define-rule.ts";
import { activeUntried, refusedActive, whyRefused } from "../facts/active-refusals.ts";
import { judgeRefused } from "../facts/refusals.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendClient } from "../words/mend.ts";

/** The client offers a port below 1024. */
export const portLowPortRefused = defineRule({
  id: "port-low-port-refused",
  title: "Server refuses to call a port below 1024",
  since: "0.1.0",
  needs: ["active"],
  references: [
    "RFC 2577 section 3",
    "pure-ftpd MSG_BAD_PORT",
    "pyftpdlib control.py",
    "vsftpd postlogin.c handle_port",
  ],
  meaning: [
    "In active mode the client offered a port below 1024, and the server refuses to connect to it, because such ports belong to other services, which somebody might want to attack that way.",
    "To mend it, give the client a range of active ports above 1023.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const untried = activeUntried(facts);
    if (untried !== null) return untried;
    const refused = refusedActive(facts).filter((refusal) => whyRefused(refusal) === "low-port");
    const offered = refused[0]?.attempt.record.offered ?? null;
    const judgement = judgeRefused(refused, { offeredPort: offered?.port ?? null });
    return judgement.kind === "present" ? { ...judgement, at: "client" } : judgement;
  },
  describe: (args, facts) => ({
    summary: `The server refuses to call port ${args["offeredPort"]} of this machine (${args["reply"]}): it calls no ports below 1024.`,
    explanation:
      "The refusal is about the number of the port that was offered in active mode, not about active mode itself or the network.",
    remedies: [
      {
        who: "client-user",
        product: "any",
        effort: "low",
        text: "Let the client offer ports above 1023 (ftp-doctor: --active-ports 50000-50100; curl: --ftp-port :50000-50100; FileZilla: Settings > Active mode > limit local ports).",
      },
      ...mendClient("use-passive", facts, args),
    ],
  }),
});
