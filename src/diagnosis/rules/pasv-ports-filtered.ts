import { duration } from "../../model/words.ts";
import { type Args, defineRule } from "../define-rule.ts";
import { judgeClosedPorts, noOffer, sweptInWords } from "../facts/closed-ports.ts";
import { portsInWords } from "../facts/passive-ports.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { closedPortRivals, notForwarded, otherNumbers } from "../words/closed-port-rivals.ts";
import { mendPorts } from "../words/mend.ts";
import { probeElsewhere, watchPort } from "../words/next.ts";

/** The control port is open, the passive range is not: every data SYN is dropped. */
export const pasvPortsFiltered = defineRule({
  id: "pasv-ports-filtered",
  title: "Passive ports are filtered",
  since: "0.1.0",
  needs: ["passive"],
  explains: ["ctl-idle-timeout"],
  references: [
    "https://github.com/cloudpanel-io/cloudpanel-ce/issues/494",
    "https://github.com/SamKirkland/FTP-Deploy-Action/issues/398",
  ],
  meaning: [
    "The server offers a port for the data connection, and nothing at all answers there: the packets are dropped on the way. The control port is open, the passive port range is not, or it is not forwarded to the server.",
    "To mend it, set a fixed passive port range on the server and open exactly that range in every firewall in front of it: on the host, in the cloud's security group, in the NAT router (forwarded with the same numbers).",
    "From one place the server's firewall cannot be told from one on the client's side that forbids outgoing connections to high ports. A probe from another network tells them apart.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const judgement = judgeClosedPorts(facts, {
      state: "filtered",
      at: "server-firewall",
      rivals: (attempts) => [notForwarded(facts), otherNumbers(facts), ...closedPortRivals(attempts, facts, "silence")],
    });
    return judgement.kind === "present"
      ? { ...judgement, next: [probeElsewhere(facts), watchPort(judgement.args)] }
      : judgement;
  },
  describe: (args, facts) => ({
    summary: noOffer(args)
      ? `Not one of the passive ${portsInWords(args)} answers: a firewall drops the data connections.`
      : `The server offers passive ${portsInWords(args)}, but nothing answers there: a firewall drops the data connections.`,
    explanation: `${reached(args)} got no answer within ${duration(Number(args["limitMs"]))} each. A closed port would have answered; silence means a packet filter, or a NAT router that does not forward the passive range.${sweptInWords(args)}`,
    remedies: mendPorts(facts, args),
  }),
});

function reached(args: Args): string {
  return noOffer(args)
    ? `${args["peer"]} can be reached, but connections to the ${portsInWords(args)}`
    : `The control connection to ${args["peer"]} works and the server accepts passive mode, but connections to the ${portsInWords(args)} it offered`;
}
