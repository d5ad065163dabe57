import { sideOf } from "../../model/address.ts";
import { defineRule, type Judgement } from "../define-rule.ts";
import { addressSeverity, judgeNamedAddress, portSentence, whoWorks } from "../facts/advertised-address.ts";
import type { Facts } from "../facts/facts.ts";
import { mendContainer } from "../words/mend.ts";
import { sentences } from "../words/sentence.ts";

/** The server runs in a container or virtual machine and names the address it has on the host's internal bridge. */
export const pasvContainerBridgeAddress = defineRule({
  id: "pasv-container-bridge-address",
  title: "Server advertises the address of its container",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["pasv-private-address"],
  explains: ["ctl-idle-timeout"],
  references: ["https://github.com/fauria/docker-vsftpd/issues/1", "https://github.com/minio/minio/issues/17457"],
  meaning: [
    "The server runs in a container, a pod or a virtual machine, and its reply to PASV names the address it has on the internal network of its host, such as 172.17.0.2. Nobody outside that host can connect there. A test from the host itself may even work, because the host has a way into that network.",
    "To mend it, give the container the host's address as clients see it (PASV_ADDRESS, PUBLICHOST, MasqueradeAddress, depending on the image), and publish the passive port range with the same numbers outside and inside. Or run the container on the host's network.",
  ].join("\n\n"),
  severity: addressSeverity,
  judge(facts): Judgement {
    const judgement = judgeNamedAddress(facts, {
      at: "server-nat",
      atMost: "likely",
      // A range that others use by default too says nothing of containers: then the general finding stands.
      burden: ({ peer, named }) =>
        named.bridge === null || named.bridgeRival !== null || sideOf(named.address) !== "inside"
          ? null
          : sideOf(peer.address) === "public"
            ? "nothing"
            : "proof",
      rivals: ({ named }) => [
        {
          cause: "pasv-private-address",
          toTellApart: `On the server's host: does "ip -br address" show ${named.address} on a network of its own site? Then it is no container's.`,
        },
      ],
    });
    if (judgement.kind !== "present" || judgement.confidence !== "likely") return judgement;
    return betrayed(facts, String(judgement.args["advertised"]))
      ? { ...judgement, confidence: "certain", rivals: [] }
      : judgement;
  },
  describe: (args, facts) => ({
    summary: sentences(
      `The server tells clients to connect to ${args["advertised"]}, an address on the internal network of a container or virtual machine host.`,
      whoWorks(facts, args),
    ),
    explanation: sentences(
      `The control connection reaches the server at ${args["peer"]}, but its reply to PASV names ${args["advertised"]}, which lies in a range that container and virtual machine software uses by default. It exists on that host alone.`,
      portSentence(args),
    ),
    remedies: mendContainer(facts, args),
  }),
});

/** Whether the server names an address of the same bridge elsewhere: ProFTPD's greeting, Pure-FTPd's "(only to 172.17.0.1)". */
function betrayed(facts: Facts, advertised: string): boolean {
  const network = `${advertised.split(".").slice(0, 2).join(".")}.`;
  const greetings = facts.addresses.flatMap(({ controls }) => controls[0]?.greeting?.reply?.lines ?? []);
  const refusals = facts.active.flatMap(({ record }) => record.exchange?.replies.flatMap(({ lines }) => lines) ?? []);
  return [
    ...greetings.flatMap((line) => line.match(/\[(?:::ffff:)?[\d.]{7,15}\]/g) ?? []),
    ...refusals.flatMap((line) => line.match(/\(only to [\d.]{7,15}\)/g) ?? []),
  ].some((text) => text.includes(network));
}
