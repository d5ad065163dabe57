import { sideOf } from "../../model/address.ts";
import { defineRule } from "../define-rule.ts";
import { addressSeverity, judgeNamedAddress, portSentence, whoWorks } from "../facts/advertised-address.ts";
import { mendHairpin } from "../words/mend.ts";
import { sentences } from "../words/sentence.ts";

/** The advertised address is right for the internet, but this client is inside and its router does not turn packets back. */
export const pasvHairpin = defineRule({
  id: "pasv-hairpin",
  title: "Public address advertised to a client inside the same network",
  since: "0.1.0",
  needs: ["passive"],
  explains: ["ctl-idle-timeout"],
  references: ["https://docs.syncplify.com/v8/docs/admingui/admin/protocols/ftp.html", "proftpd mod_ifsession"],
  meaning: [
    "The server was reached at a private address, so this client is inside the server's network, but the reply to PASV names the public address. That is right for clients on the internet. From inside, the packet would have to go out to the NAT router and be turned back (hairpin NAT), which this router does not do.",
    'To mend it, let the server name its private address to clients inside (FileZilla Server: "Don\'t use external IP for local connections"; ProFTPD: a class of inside clients or a second virtual host; vsftpd: a second instance), or enable NAT reflection on the router. Clients inside can use EPSV.',
  ].join("\n\n"),
  severity: addressSeverity,
  judge: (facts) =>
    judgeNamedAddress(facts, {
      at: "server-nat",
      atMost: "likely",
      burden: ({ peer, named }) =>
        sideOf(peer.address) === "inside" && sideOf(named.address) === "public" ? "failure" : null,
      rivals: ({ advertised }) => [
        {
          cause: "pasv-wrong-public-address",
          toTellApart: `Probe the server from the internet. If PASV works there, the address is right and the router is the cause; otherwise ${advertised.address} is not the address of this site.`,
        },
      ],
    }),
  describe: (args, facts) => ({
    summary: sentences(
      `The server tells this client, which is inside its network, to connect to its public address ${args["advertised"]}, and the router does not lead that connection back inside.`,
      whoWorks(facts, args),
    ),
    explanation: sentences(
      `The control connection goes to the private address ${args["peer"]}, the reply to PASV names the public ${args["advertised"]}. That is right for clients on the internet; from inside ${args["atAdvertised"] === "connected" ? "something else" : "nothing"} answers there.`,
      portSentence(args),
    ),
    remedies: mendHairpin(facts, args),
  }),
});
