import { sideOf } from "../../model/address.ts";
import { defineRule } from "../define-rule.ts";
import { addressSeverity, judgeNamedAddress, portSentence, whoWorks } from "../facts/advertised-address.ts";
import { mendAddress } from "../words/mend.ts";
import { sentences } from "../words/sentence.ts";

/** The address in the 227 means the client itself, or nobody. */
export const pasvLoopbackOrZeroAddress = defineRule({
  id: "pasv-loopback-or-zero-address",
  title: "Server advertises a loopback or zero address",
  since: "0.1.0",
  needs: ["passive"],
  explains: ["ctl-idle-timeout"],
  references: [
    "https://github.com/garethflowers/docker-ftp-server/issues/67",
    "https://docs.aws.amazon.com/transfer/latest/userguide/API_ProtocolDetails.html",
    "vsftpd postlogin.c handle_pasv",
  ],
  meaning: [
    "The reply to PASV names 127.x.x.x or 0.0.0.0. A client that follows it connects to itself. The server took the address it is bound to (the wildcard), found its own name as 127.0.1.1 in the hosts file, or was given the value by hand.",
    'AWS Transfer Family names 0.0.0.0 on purpose where PassiveIp is set so; it means "use the address of the control connection", which FileZilla and WinSCP do and other clients do not.',
    "To mend it, set the address at which clients reach the server, or remove the setting so that the control connection's own address is used.",
  ].join("\n\n"),
  severity: addressSeverity,
  judge: (facts) =>
    judgeNamedAddress(facts, {
      at: "server-config",
      burden({ peer, named }) {
        if (named.class === "unspecified") return "nothing";
        if (named.class !== "loopback") return null;
        // Through a tunnel or on the same machine a loopback address can be right.
        return sideOf(peer.address) === "loopback" ? "proof" : "nothing";
      },
    }),
  describe: (args, facts) => ({
    summary: sentences(
      `The server tells clients to connect to ${args["advertised"]}, which means ${args["advertised"] === "0.0.0.0" ? "no address at all" : "the client's own machine"}.`,
      whoWorks(facts, args),
    ),
    explanation: sentences(
      `The control connection reaches the server at ${args["peer"]}, but its reply to PASV names ${args["advertised"]}. A client that takes this literally connects to itself, or fails at once.`,
      facts.product?.name === "AWS Transfer Family"
        ? 'AWS Transfer Family does so on purpose where PassiveIp is 0.0.0.0: "use the address of the control connection". Not every client knows that.'
        : "",
      portSentence(args),
    ),
    remedies: mendAddress(facts, args),
  }),
});
