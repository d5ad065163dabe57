import { defineRule } from "../define-rule.ts";
import { judgeClosedPorts, noOffer, sweptInWords } from "../facts/closed-ports.ts";
import { portsInWords } from "../facts/passive-ports.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { closedPortRivals } from "../words/closed-port-rivals.ts";
import { mendPorts } from "../words/mend.ts";
import { probeElsewhere, watchPort } from "../words/next.ts";

/** A firewall answers the data SYNs with an ICMP error. */
export const pasvPortsRejected = defineRule({
  id: "pasv-ports-rejected",
  title: "A firewall rejects the passive ports",
  since: "0.1.0",
  needs: ["passive"],
  explains: ["ctl-idle-timeout"],
  references: ["https://github.com/fauria/docker-vsftpd/issues/1"],
  meaning: [
    'The server offers a port for the data connection, and the network answers at once with an ICMP error ("host unreachable", "administratively prohibited"), although the control connection to the same address works. That is no routing fault but a firewall that rejects: the default of firewalld and of the Red Hat family, and of some cloud images.',
    "To mend it, open the passive port range in the host's firewall, above the closing reject rule.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const judgement = judgeClosedPorts(facts, {
      state: "rejected",
      at: "server-firewall",
      rivals: (attempts, facts) => [
        {
          cause: "a router on the way that rejects (access list)",
          toTellApart:
            'Watch who sends the ICMP error: "tcpdump -n icmp or icmp6" on this machine during a probe. The server\'s own address means its host firewall.',
        },
        ...closedPortRivals(attempts, facts, "a refusal"),
      ],
    });
    return judgement.kind === "present"
      ? { ...judgement, next: [watchPort(judgement.args), probeElsewhere(facts)] }
      : judgement;
  },
  describe: (args, facts) => ({
    summary: noOffer(args)
      ? `A firewall rejects connections to every one of the passive ${portsInWords(args)}.`
      : `The server offers passive ${portsInWords(args)}, but a firewall rejects connections there.`,
    explanation: noOffer(args)
      ? `An ICMP error ("no route to host", "prohibited", "port unreachable") answers every connection to the ${portsInWords(args)} of ${args["peer"]}. The control port can be reached on the same way: the error comes from a firewall.${sweptInWords(args)}`
      : `The control connection to ${args["peer"]} works and the server accepts passive mode, but an ICMP error ("no route to host", "prohibited", "port unreachable") answers every connection to the ${portsInWords(args)} it offered. The route is there, since the control connection uses it: the error comes from a firewall.${sweptInWords(args)}`,
    remedies: mendPorts(facts, args),
  }),
});
