import { defineRule } from "../define-rule.ts";
import { judgeClosedPorts } from "../facts/closed-ports.ts";
import { portsInWords } from "../facts/passive-ports.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { closedPortRivals, notForwarded, otherNumbers } from "../words/closed-port-rivals.ts";
import { mendPorts } from "../words/mend.ts";
import { probeElsewhere, watchPort } from "../words/next.ts";

/** Every port offered answers with a reset, although the server has just opened it. */
export const pasvPortsRefused = defineRule({
  id: "pasv-ports-refused",
  title: "Passive ports refuse connections",
  since: "0.1.0",
  needs: ["passive"],
  explains: ["ctl-idle-timeout"],
  references: ["https://github.com/jlaffaye/ftp/issues/94"],
  meaning: [
    "The server offers a port for the data connection, and a connection there is refused at once. The server has opened that port just before, so something else answers in its place: a firewall that rejects with a reset, a NAT router that forwards the port to a machine or container where nobody listens, or a port mapping with other numbers outside than inside.",
    "To mend it, open and forward the server's passive port range with the same numbers, to the very machine that runs the server.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts) {
    const judgement = judgeClosedPorts(facts, {
      state: "refused",
      at: "server-firewall",
      rivals: (attempts, facts) => [
        notForwarded(facts),
        otherNumbers(facts),
        {
          cause: "pasv-port-wrong",
          toTellApart:
            "Probe the server from its own network: if it is refused there too, the server announces a port on which it does not listen.",
        },
        {
          cause: "pasv-lb-other-backend",
          toTellApart:
            "On a load balancer before the server, if there is one: do control port and passive ports lead to the same machine?",
        },
        ...closedPortRivals(attempts, facts, "a refusal"),
      ],
    });
    return judgement.kind === "present"
      ? { ...judgement, next: [watchPort(judgement.args), probeElsewhere(facts)] }
      : judgement;
  },
  describe: (args, facts) => ({
    summary: `The server offers passive ${portsInWords(args)}, but connections there are refused at once.`,
    explanation: `The control connection to ${args["peer"]} works and the server accepts passive mode, but every connection to the ${portsInWords(args)} it offered is refused, by a reset or by an ICMP error (port unreachable), which look alike from here. A server listens on the port that it offers, so the refusal comes from a firewall before it, or the port leads to another machine.`,
    remedies: mendPorts(facts, args),
  }),
});
