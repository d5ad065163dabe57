import { controlArgs, controlEndpoint, controlSeverity } from "../control-facts.ts";
import { defineRule } from "../define-rule.ts";
import { mendControl } from "../mend-control.ts";
import { duration } from "../quote.ts";

/** TCP connects and stays open, and nothing is said. */
export const ctlNoBanner = defineRule({
  id: "ctl-no-banner",
  title: "The server connects but never greets",
  since: "0.1.0",
  needs: ["control"],
  references: ["RFC 959 section 5.4 (greeting)", "https://github.com/drakkan/sftpgo/issues/507"],
  meaning: [
    "The connection is open, but the greeting (220) with which every FTP server begins never comes. Either the port expects TLS from the first byte (implicit FTPS, usually port 990), or something accepts connections that is no FTP server: a proxy that waits for the client to speak first, a load balancer that the server expects to send a PROXY header, a tarpit, or a server that hangs.",
    "To mend it, use ftps:// where the port is meant for implicit TLS; otherwise look at what listens on the port and at what stands in front of it.",
  ].join("\n\n"),
  severity: controlSeverity,
  judge(facts) {
    const tried = facts.addresses.filter(({ control }) => control !== null && control !== "cancelled");
    if (tried.length === 0) return { kind: "undetermined", missing: "no control connection was tried" };
    const silent = tried.filter(({ control }) => control === "silent");
    if (silent.length === 0) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "certain",
      at: "server-host",
      args: controlArgs(silent, facts),
      because: silent.flatMap(({ controls }) => controls.slice(0, 1).map(({ id }) => id)),
      seen: silent.map(
        (address) =>
          `${controlEndpoint(address, facts)} connected, then 0 bytes in ${duration(address.controls[0]?.greeting?.ms ?? 0)}`,
      ),
      rivals: [
        {
          cause: "tls-mode-mismatch",
          toTellApart: `Does "openssl s_client -connect ${facts.evidence.target.host}:${facts.evidence.target.port}" get a certificate? Then the port wants TLS from the first byte.`,
        },
        {
          cause: "ctl-tarpit",
          toTellApart:
            "Do random other ports of the host connect as well? Then something answers for every port, and connecting proves nothing.",
        },
      ],
      next: [
        {
          command: `openssl s_client -connect ${facts.evidence.target.host}:${facts.evidence.target.port}`,
          tells: "whether the port speaks TLS from the first byte (implicit FTPS)",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary: `${args["endpoints"]} accepts the connection but never sends the greeting of an FTP server.`,
    explanation:
      "The connection stays open and nothing is said on it. FTP servers speak first; whatever accepts connections here waits for something else, or hangs.",
    remedies: mendControl(facts, { server: ["what-listens"] }),
  }),
});
