import { isIpLiteral, sideOf } from "../../model/address.ts";
import { defineRule } from "../define-rule.ts";
import { addressSeverity, judgeNamedAddress, portSentence, whoWorks } from "../facts/advertised-address.ts";
import { mendAddress, mendServer } from "../words/mend.ts";
import { sentences } from "../words/sentence.ts";

/** The advertised address is public, but not one where this server answers. */
export const pasvWrongPublicAddress = defineRule({
  id: "pasv-wrong-public-address",
  title: "Server advertises a wrong public address",
  since: "0.1.0",
  needs: ["passive"],
  explains: ["ctl-idle-timeout"],
  references: ["https://github.com/erlang/otp/issues/5282", "proftpd doc/contrib/mod_dynmasq.html"],
  meaning: [
    "The reply to PASV names a public address, but not the one at which the server was reached, and nothing answers there. Usually the address was set by hand and has changed since (a dynamic address, a move to another provider), was copied from an example, or belongs to another line of the same site. Many clients replace a private address by themselves, but follow a public one.",
    "To mend it, set the address at which clients reach the server. Where that address changes by itself, give a host name (vsftpd with pasv_addr_resolve=YES, ProFTPD with mod_dynmasq) and see that it is resolved again after each change.",
  ].join("\n\n"),
  severity: addressSeverity,
  judge: (facts) =>
    judgeNamedAddress(facts, {
      at: "server-config",
      burden({ peer, named }) {
        if (sideOf(peer.address) === "inside") return null;
        if (sideOf(named.address) === "public") return "failure";
        // Multicast, broadcast and reserved space: no host can have it. 0.0.0.0 has a finding of its own.
        return sideOf(named.address) === "nowhere" && named.class !== "unspecified" ? "nothing" : null;
      },
      rivals({ peer, advertised }) {
        return [
          {
            cause: "pasv-address-cdn-or-lb",
            toTellApart: `Look up who owns ${advertised.address} ("whois ${advertised.address}"): a content network or load balancer does not forward FTP data ports.`,
          },
          ...(sideOf(peer.address) === "loopback"
            ? [
                {
                  cause: "pasv-hairpin",
                  toTellApart:
                    "Probe the server from a machine outside its network: if it works there, the address is right.",
                },
              ]
            : []),
        ];
      },
    }),
  describe: (args, facts) => ({
    summary: sentences(
      `The server tells clients to connect to ${args["advertised"]}, but it is reached at ${args["peer"]}; ${
        args["atAdvertised"] === "connected"
          ? "what answers at the address it names is not this server's data port."
          : "nothing answers at the address it names."
      }`,
      whoWorks(facts, args),
    ),
    explanation: sentences(
      `The reply to PASV names ${args["advertised"]}, while the control connection goes to ${args["peer"]}. ${
        args["atAdvertised"] === "connected"
          ? "Something accepted the connection there, and no listing came over it: another machine, or a device that accepts every connection."
          : "The connection to the address named failed."
      }`,
      portSentence(args),
    ),
    // A name can be given in place of an address only where the server is known by one.
    remedies: [
      ...mendAddress(facts, args),
      ...(isIpLiteral(facts.evidence.target.host) ? [] : mendServer("dynamic-address", facts, args)),
    ],
  }),
});
