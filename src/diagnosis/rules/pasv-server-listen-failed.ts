import { defineRule } from "../define-rule.ts";
import { isAddressSetting, isOutOfPorts, refusedPassive } from "../facts/passive-refusals.ts";
import { refusalArgs, seenRefusals } from "../facts/refusals.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendServer } from "../words/mend.ts";

/** The server cannot open the passive listener. */
export const pasvServerListenFailed = defineRule({
  id: "pasv-server-listen-failed",
  title: "Server cannot open a passive port",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["ctl-idle-timeout", "ctl-closed-mid-session"],
  references: [
    "https://github.com/microsoft/azure-pipelines-tasks/issues/5929",
    "https://github.com/wolpi/prim-ftpd/issues/176",
  ],
  meaning: [
    'The server answers PASV or EPSV itself with an error such as "425 Cannot open data connection": it failed to open the port on its own machine, before any client could connect. No firewall on the way is involved. Reasons are a range that Windows has set aside for other uses, SELinux, or a port that another program holds.',
    "To mend it, look into the server's log for the system's error, move or widen the passive range, and on SELinux systems allow passive mode (setsebool -P ftpd_use_passive_mode 1).",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    if (facts.passive.length === 0) return { kind: "undetermined", missing: "no passive port was asked for" };
    const refused = refusedPassive(facts).filter(
      ({ reply, text }) =>
        !isAddressSetting(text) &&
        !isOutOfPorts(text) &&
        // Pure-FTPd and pyftpdlib answer PASV over IPv6 with 425: that is no failure.
        !/IPv6|network protocol/i.test(text) &&
        (reply.code === 425 || (reply.code === 421 && /socket|passive|data connection|listen|\bport\b/i.test(text))),
    );
    if (refused.length === 0) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "certain",
      at: "server-host",
      args: refusalArgs(refused),
      because: refused.map(({ attempt }) => attempt.record.id),
      seen: seenRefusals(refused),
      // FileZilla Server says no more than this in either case.
      rivals: refused.some(({ text }) => /could not create socket/i.test(text))
        ? [
            {
              cause: "pasv-range-exhausted",
              toTellApart:
                "Probe again when the server is idle: if it works then, the passive range is too small for its load.",
            },
          ]
        : [],
    };
  },
  describe: (args, facts) => ({
    summary: `The server cannot open a passive port (${args["reply"]}).`,
    explanation:
      "The refusal comes as the answer to PASV or EPSV itself, before any data connection is tried: the server failed to open the port on its own machine.",
    remedies: mendServer("listen-failed", facts, args),
  }),
});
