import type { Remedy } from "../../model/report.ts";
import { duration } from "../../model/words.ts";
import { defineRule } from "../define-rule.ts";
import {
  controlArgs,
  controlEndpoint,
  controlSeverity,
  nothingTried,
  triedAddresses,
  verb,
} from "../facts/control-facts.ts";
import { quoteLine } from "../facts/quote.ts";
import { mendControl } from "../words/mend.ts";

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
    const tried = triedAddresses(facts);
    if (tried.length === 0) return nothingTried(facts);
    const silent = tried.filter(({ control }) => control === "silent");
    const [first] = silent;
    if (first === undefined) {
      // Whether a server greets is known only where the connection came about.
      return tried.some(({ controls }) => controls[0]?.greeting != null)
        ? { kind: "absent" }
        : { kind: "undetermined", missing: "no connection was made" };
    }
    const endpoint = controlEndpoint(first, facts);
    const nudged = silent.flatMap(({ controls }) => controls[0]?.greeting?.afterNewline ?? []);
    const woken = nudged.find(({ firstBytes }) => /^(?:\r?\n)*\d{3}[ -]/.test(firstBytes)) ?? null;
    // A server that looks our name up may outlast a limit shorter than the usual 30 s.
    const patient = silent.every(({ controls }) => (controls[0]?.greeting?.limitMs ?? 0) >= 20_000);
    return {
      kind: "present",
      confidence: patient ? "certain" : "likely",
      at: woken === null ? "server-host" : "middlebox",
      args: { ...controlArgs(silent, facts), woken: woken === null ? null : firstLine(woken.firstBytes) },
      because: silent.flatMap(({ controls }) => controls.slice(0, 1).map(({ id }) => id)),
      seen: [
        ...silent
          .slice(0, 2)
          .map(
            (address) =>
              `${controlEndpoint(address, facts)} connected, then 0 bytes in ${duration(address.controls[0]?.greeting?.ms ?? 0)}`,
          ),
        ...(woken === null ? [] : [`after an empty line: ${firstLine(woken.firstBytes)}`]),
      ],
      rivals:
        woken !== null
          ? []
          : [
              {
                cause: "tls-mode-mismatch",
                toTellApart: `Does "openssl s_client -connect ${endpoint}" get a certificate? Then the port wants TLS from the first byte.`,
              },
              {
                cause: "ctl-wrong-service",
                toTellApart: `Does "curl -v http://${endpoint}/" get an answer? Then a web server listens there, which waits for the client to speak first.`,
              },
              {
                cause: "ctl-tarpit",
                toTellApart:
                  "Do random other ports of the host connect as well? Then something answers for every port, and connecting proves nothing.",
              },
              ...(patient
                ? []
                : [
                    {
                      cause: "ctl-banner-delay",
                      toTellApart: "Does a greeting come with --timeout 60? Then the server is only late.",
                    },
                  ]),
            ],
      next:
        woken !== null
          ? []
          : [
              {
                command: `openssl s_client -connect ${endpoint}`,
                tells: "Whether the port speaks TLS from the first byte (implicit FTPS).",
              },
            ],
    };
  },
  describe: (args, facts) => ({
    summary:
      args["woken"] === null
        ? `${args["endpoints"]} ${verb(args, "accepts", "accept")} the connection but never ${verb(args, "sends", "send")} the greeting of an FTP server.`
        : `${args["endpoints"]} ${verb(args, "keeps", "keep")} silent until the client speaks: a proxy before the FTP server waits for the client's first words.`,
    explanation:
      args["woken"] !== null
        ? `FTP servers speak first. Here nothing came until an empty line was sent, and then "${args["woken"]}" did. What stands before the server looks at the client's first bytes to learn which protocol it speaks (a protocol-sensing proxy or a load balancer), or hands over a header that the server waits for. FTP clients wait as well, so neither begins.`
        : "The connection stays open and nothing is said on it. FTP servers speak first; whatever accepts connections here waits for something else, or hangs.",
    remedies: [
      ...(args["woken"] === null ? [] : [passThrough]),
      ...mendControl(facts, args, { server: ["what-listens"] }),
    ],
  }),
});

const passThrough: Remedy = {
  who: "firewall-admin",
  product: "any",
  effort: "medium",
  text: "Let the proxy or load balancer pass the FTP port on as plain TCP, without looking for a protocol first (HAProxy: mode tcp without tcp-request inspect-delay; sslh: no FTP on a shared port). Where the server behind it expects a PROXY header, send it from the load balancer or expect it no longer at the server.",
};

/** The first line that is not empty. */
function firstLine(bytes: string): string {
  return quoteLine(bytes.split(/\r?\n/).find((line) => line.trim() !== "") ?? "");
}
