import { defineRule } from "../define-rule.ts";
import { mendAddressSetting } from "../mend.ts";
import { isAddressSetting, refusedPassive } from "../passive-refusals.ts";
import { judgeRefused } from "../refusals.ts";
import { severityOf } from "../severity.ts";

/** The configured address is no address the server can use. */
export const pasvAddressUnparsable = defineRule({
  id: "pasv-address-unparsable",
  title: "Server's passive address setting is invalid",
  since: "0.1.0",
  needs: ["passive"],
  replaces: ["srv-session-crash", "pasv-disabled", "pasv-server-listen-failed", "ctl-closed-mid-session"],
  references: ["vsftpd postlogin.c:607", "pure-ftpd MSG_NO_EPSV", "https://github.com/hestiacp/hestiacp/pull/4591"],
  meaning: [
    'The address that the server is to name in its reply to PASV is set, but to something it cannot use: it is quoted, a host name where only an address is allowed, a URL, or an IPv6 address. vsftpd then dies with "500 OOPS: invalid pasv_address"; Pure-FTPd with an IPv6 address asks for EPSV instead. EPSV is not affected, since its reply has no address.',
    "To mend it, write the plain IPv4 address without quotes. A name needs pasv_addr_resolve=YES in vsftpd.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["pasv"]),
  judge(facts) {
    if (!facts.passive.some(({ record }) => record.mode === "pasv")) {
      return { kind: "undetermined", missing: "PASV was not asked for" };
    }
    const refused = refusedPassive(facts).filter(({ text }) => isAddressSetting(text));
    return judgeRefused(refused);
  },
  describe: (args, facts) => ({
    summary: `The server's setting of the address to advertise is invalid, so PASV fails (${args["reply"]}).`,
    explanation:
      "The server says so itself when it is asked for a passive port. The value set as its advertised address is not a plain IPv4 address.",
    remedies: mendAddressSetting(facts, args),
  }),
});
