import { defineRule } from "../define-rule.ts";
import { addressSeverity, judgeNamedAddress, portSentence, whoWorks } from "../facts/advertised-address.ts";
import { sameAddress } from "../facts/passive-facts.ts";
import { mendServer } from "../words/mend.ts";
import { sentences } from "../words/sentence.ts";

/** The 227 names another address of the same name. */
export const pasvMultiAddressServer = defineRule({
  id: "pasv-multi-address-server",
  title: "Server names another address of its own name",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["pasv-wrong-public-address"],
  explains: ["ctl-idle-timeout"],
  references: [
    "https://github.com/fclairamb/ftpserverlib/issues/54",
    "https://github.com/jedisct1/pure-ftpd/issues/54",
  ],
  meaning: [
    "The host name has several addresses, and the reply to PASV names another one of them than the client came to. There another machine answers, or none: the session and its data port are on the machine that the client has reached.",
    "To mend it, let every machine name its own address in the answer to PASV, or no fixed one at all. A client that looks the name up again for the data connection makes the same fault by itself.",
  ].join("\n\n"),
  severity: addressSeverity,
  judge: (facts) =>
    judgeNamedAddress(facts, {
      at: "server-config",
      burden: ({ advertised }) =>
        facts.resolutions.some(({ addresses }) => addresses.some((address) => sameAddress(address, advertised.address)))
          ? "failure"
          : null,
    }),
  describe: (args, facts) => ({
    summary: sentences(
      `The server tells clients to connect to ${args["advertised"]}, another address of ${facts.evidence.target.host} than the one they came to (${args["peer"]}).`,
      whoWorks(facts, args),
    ),
    explanation: sentences(
      `The name has the addresses ${addressesOf(facts.resolutions)}. The control connection goes to ${args["peer"]}, and the reply to PASV names ${args["advertised"]}, where ${
        args["atAdvertised"] === "connected" ? "another machine takes the connection" : "the connection fails"
      }.`,
      portSentence(args),
    ),
    remedies: mendServer("own-address", facts, args),
  }),
});

function addressesOf(resolutions: readonly { addresses: string[] }[]): string {
  return resolutions.flatMap(({ addresses }) => addresses).join(", ");
}
