import { defineRule } from "../define-rule.ts";
import { controlArgsOf } from "../facts/control-facts.ts";
import { quoteExchange } from "../facts/quote.ts";
import { acceptsAuth, authCode } from "../facts/tls-control.ts";

/** RFC 4217 section 4: the server goes on with the handshake behind this code. */
const STANDARD = 234;

/** AUTH was accepted with another code than 234. */
export const tlsAuthNonstandardReply = defineRule({
  id: "tls-auth-nonstandard-reply",
  title: "AUTH TLS is accepted with an unusual code",
  since: "0.1.0",
  needs: ["secure"],
  references: ["RFC 4217 section 4 (234)", "https://github.com/veeso/suppaftp/issues/43 (VxWorks: 200)"],
  meaning: [
    "The server agrees to TLS with another code than 234, such as 200 (VxWorks) or 334. The handshake behind it works, but strict clients take such a reply for a refusal and give up or go on in clear text.",
    "To mend it, update the server or device; until then use a client that begins the handshake after any positive reply.",
  ].join("\n\n"),
  severity: () => "warning",
  judge(facts) {
    const asked = facts.addresses.flatMap((address) =>
      address.secures.filter(({ auth }) => auth.length > 0).map((secure) => ({ address, secure })),
    );
    if (asked.length === 0) return { kind: "not-applicable", reason: "TLS was not to begin by AUTH" };
    // A server that says 200 to everything did not mean it: only a handshake that works shows that it did.
    const found = asked.filter(
      ({ secure }) => acceptsAuth(secure) && authCode(secure) !== STANDARD && secure.handshake?.outcome === "ok",
    );
    const exchange = found[0]?.secure.auth.at(-1);
    if (exchange === undefined) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "certain",
      at: "server-host",
      args: {
        ...controlArgsOf(found, facts),
        text: quoteExchange(exchange),
      },
      because: found.map(({ secure }) => secure.id),
      seen: [quoteExchange(exchange), "the TLS handshake behind it succeeded"],
      rivals: [],
    };
  },
  describe: ({ host, text }) => ({
    summary: `${host} accepts TLS with an unusual reply (${text}), which strict clients take for a refusal.`,
    explanation:
      "The standard says 234 where the handshake is to begin. Here another positive code came, and TLS worked behind it.",
    remedies: [
      {
        who: "server-admin",
        product: "any",
        effort: "medium",
        text: "Update the server or the device's firmware: AUTH TLS is to be answered with 234.",
      },
      {
        who: "client-user",
        product: "any",
        effort: "low",
        text: "Use a client that begins the handshake after any positive reply to AUTH (curl does for 234 and 334).",
      },
    ],
  }),
});
