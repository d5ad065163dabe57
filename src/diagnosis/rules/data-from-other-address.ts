import { formatEndpoint } from "../../model/endpoint.ts";
import { defineRule } from "../define-rule.ts";
import { activeUntried } from "../facts/active-refusals.ts";
import { severityOf } from "../verdict/severity.ts";
import { mendClient } from "../words/mend.ts";

/** In active mode somebody else than the control connection's peer calls. */
export const dataFromOtherAddress = defineRule({
  id: "data-from-other-address",
  title: "Server calls from another address than the control connection's",
  since: "0.1.0",
  needs: ["active"],
  references: ["RFC 2577", "https://github.com/zio/zio-ftp/issues/391", "lftp ftpclass.cc:197-203"],
  meaning: [
    "In active mode a connection came to the port that the client offered, but not from the address to which the control connection goes. Clients hang up on such a caller, since it could be anybody. Usually the server has several addresses, or leaves its network through another one (a NAT or a load balancer that is not on the way back).",
    "To mend it, let the server call from the address at which it is reached. Passive mode is not affected.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["eprt", "port"]),
  judge(facts) {
    const untried = activeUntried(facts);
    if (untried !== null) return untried;
    const hits = facts.active.filter(({ record }) => record.accept?.outcome === "wrong-peer");
    const first = hits[0]?.record;
    if (first === undefined) return { kind: "absent" };
    const strangers = [...new Set(hits.flatMap(({ record }) => record.strangers.map(({ address }) => address)))];
    return {
      kind: "present",
      confidence: "likely",
      at: "server-nat",
      args: { modes: [...new Set(hits.map(({ record }) => record.mode))], peer: first.address, strangers },
      because: hits.map(({ record }) => record.id),
      seen: hits
        .flatMap(({ record }) =>
          record.strangers
            .slice(0, 1)
            .map(
              (caller) =>
                `${record.mode.toUpperCase()}: called from ${formatEndpoint(caller)}, the server is ${record.address}`,
            ),
        )
        .slice(0, 3),
      rivals: [
        {
          cause: "a stranger that happened to call this port",
          toTellApart: "Probe again: the server's other address calls each time, a stranger does not.",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary: `In active mode the call comes from ${Array.isArray(args["strangers"]) ? args["strangers"].join(", ") : "another address"} instead of ${args["peer"]}, so clients refuse it.`,
    explanation:
      "The port offered was called, so no firewall blocks active mode, but the caller has another address than the server on the control connection. The server leaves its network through another address.",
    remedies: mendClient("use-passive", facts, args),
  }),
});
