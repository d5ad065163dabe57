import { sideOf } from "../../model/address.ts";
import { defineRule } from "../define-rule.ts";
import { addressSeverity, judgeNamedAddress, portSentence, whoWorks } from "../facts/advertised-address.ts";
import { helperBlind } from "../words/closed-port-rivals.ts";
import { mendAddress } from "../words/mend.ts";
import { sentences } from "../words/sentence.ts";

/** The server stands behind NAT and names the address it has inside. */
export const pasvPrivateAddress = defineRule({
  id: "pasv-private-address",
  title: "Server advertises its private address",
  since: "0.1.0",
  needs: ["passive"],
  explains: ["ctl-idle-timeout"],
  references: ["RFC 959 section 4.1.2 (PASV)", "RFC 1918", "https://github.com/robinrodricks/FluentFTP/issues/270"],
  meaning: [
    "In passive mode (PASV) the server names the address and port to which the client is to connect for the data. This server names an address that exists only inside its own network, because it stands behind NAT and does not know the address under which the world reaches it. Clients that follow it hang, or reach some other machine in their own network. EPSV is not affected: its reply names a port only.",
    "It is no fault where the client has reached the server at a private address too, and that address works.",
    "To mend it, set the public address as the advertised one in the server's configuration (vsftpd pasv_address, Pure-FTPd ForcePassiveIP, ProFTPD MasqueradeAddress), and forward the passive port range to the server with the same port numbers.",
  ].join("\n\n"),
  severity: addressSeverity,
  judge: (facts) =>
    judgeNamedAddress(facts, {
      at: "server-config",
      // A private address is right for a client that is inside too, as long as it answers there.
      burden: ({ peer, named }) =>
        sideOf(named.address) !== "inside" ? null : sideOf(peer.address) === "public" ? "nothing" : "proof",
      rivals: ({ named, record }) => [
        ...(record.protection === "tls" ? helperBlind(facts) : []),
        ...(named.bridge === null
          ? []
          : [
              {
                cause: "pasv-container-bridge-address",
                toTellApart: `On the server's host: does "ip -br address" show ${named.address}? If only a container has it, the ports must be published as well.`,
              },
            ]),
      ],
    }),
  describe: (args, facts) => ({
    summary: sentences(
      `The server tells clients to connect to ${args["advertised"]}, an address that exists only inside its own network.`,
      whoWorks(facts, args),
    ),
    explanation: sentences(
      `The control connection reaches the server at ${args["peer"]}, but its reply to PASV names ${args["advertised"]}: the address it has behind its NAT.`,
      args["reached"] === true
        ? "This machine happens to have a way there, clients elsewhere do not."
        : portSentence(args),
    ),
    remedies: mendAddress(facts, args),
  }),
});
