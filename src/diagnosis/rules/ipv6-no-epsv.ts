import { defineRule } from "../define-rule.ts";
import { refusedForGood } from "../facts/passive-refusals.ts";
import { judgeRefused } from "../facts/refusals.ts";
import { severityOf } from "../verdict/severity.ts";
import { mendServer } from "../words/mend.ts";

/** Reached over IPv6, but without EPSV there is no passive mode. */
export const ipv6NoEpsv = defineRule({
  id: "ipv6-no-epsv",
  title: "Server has no EPSV, which IPv6 needs",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["epsv-rejected", "eprt-unsupported"],
  references: ["RFC 2428", "https://github.com/ppareit/swiftp/issues/53"],
  meaning: [
    "The server is reached over IPv6, but refuses EPSV. PASV and PORT can only name IPv4 addresses, so nothing can be transferred over IPv6.",
    "To mend it, use a server that knows RFC 2428, or take the AAAA record away so that clients come over IPv4.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["epsv"]),
  judge(facts) {
    if (!facts.addresses.some(({ family }) => family === "ipv6")) {
      return { kind: "not-applicable", reason: "no IPv6 address was probed" };
    }
    const tried = facts.passive.some(({ record }) => record.family === "ipv6" && record.mode === "epsv");
    if (!tried) return { kind: "undetermined", missing: "EPSV was not asked for over IPv6" };
    const refused = refusedForGood(facts, "epsv").filter(({ attempt }) => attempt.record.family === "ipv6");
    return judgeRefused(refused);
  },
  describe: (args, facts) => ({
    summary: `The server is reached over IPv6 but refuses EPSV (${args["code"]}), so no passive transfer is possible there.`,
    explanation: `At ${args["peer"]} EPSV is refused: "${args["reply"]}". PASV cannot name an IPv6 address, so EPSV is the only passive mode there.`,
    remedies: mendServer("enable-epsv", facts, args),
  }),
});
