import type { Severity } from "../../model/report.ts";
import { controlArgs } from "../control-facts.ts";
import { defineRule } from "../define-rule.ts";
import { mendControl } from "../mend-control.ts";
import { duration } from "../quote.ts";

/** From here on a delay is reported: clients give up on a greeting after 10 to 20 s, some after less. */
const SLOW_MS = 5_000;

/** Greeting or PASS are answered late. */
export const ctlBannerDelay = defineRule({
  id: "ctl-banner-delay",
  title: "The server answers late",
  since: "0.1.0",
  needs: ["control", "login"],
  references: ["RFC 1413 (ident)", "https://github.com/MichaIng/DietPi/issues/3727"],
  meaning: [
    "The greeting, or the answer to the password, comes only after many seconds; afterwards everything is fast. The server waits for a look-up that gets no answer: the name of the client's address (reverse DNS), or the ident service at the client (TCP 113).",
    "Clients that wait 10 or 20 seconds fail now and then. To mend it, switch these look-ups off in the server, or give the client's address a reverse name; a client's firewall should refuse TCP 113 rather than drop it.",
  ].join("\n\n"),
  severity: (): Severity => "warning",
  judge(facts) {
    const slow = facts.addresses.flatMap((address) => {
      const greeting = address.controls[0]?.greeting;
      const pass = address.logins[0]?.exchanges.find(({ command }) => command.startsWith("PASS"));
      return [
        ...(greeting?.reply && greeting.ms >= SLOW_MS
          ? [{ address, what: "greeting", ms: greeting.ms, record: address.controls[0]?.id ?? "" }]
          : []),
        ...(pass?.outcome === "ok" && pass.ms >= SLOW_MS
          ? [{ address, what: "answer to the password", ms: pass.ms, record: address.logins[0]?.id ?? "" }]
          : []),
      ];
    });
    if (!facts.addresses.some(({ controls }) => controls[0]?.greeting?.reply)) {
      return { kind: "undetermined", missing: "no greeting" };
    }
    const worst = slow.reduce((most, one) => (one.ms > most.ms ? one : most), { what: "", ms: 0 });
    if (slow.length === 0) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "likely",
      at: "server-config",
      args: {
        ...controlArgs([...new Set(slow.map(({ address }) => address))], facts),
        what: worst.what,
        seconds: Math.round(worst.ms / 1000),
      },
      because: [...new Set(slow.map(({ record }) => record))],
      seen: slow.map(({ what, ms }) => `${what} after ${duration(ms)}`),
      rivals: [
        {
          cause: "an overloaded server",
          toTellApart: "Is the delay the same every time? A look-up that times out takes a round number of seconds.",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary: `The ${args["what"]} of ${args["host"]} comes only after ${args["seconds"]} s; many clients give up before.`,
    explanation:
      "Connecting is fast and the rest of the conversation is fast, only this answer is late. The server is most likely waiting for a name look-up of our address, or for an ident query, that nobody answers.",
    remedies: mendControl(facts, { server: ["reverse-lookup"], client: ["wait-longer"] }),
  }),
});
