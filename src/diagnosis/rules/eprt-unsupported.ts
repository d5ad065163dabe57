import { defineRule } from "../define-rule.ts";
import { acceptsPort, refusedActive, whyRefused } from "../facts/active-refusals.ts";
import { middleboxSigns } from "../facts/middlebox-signs.ts";
import { judgeRefused } from "../facts/refusals.ts";
import { requiredInVain, requiredInVainSomewhere, requirementsOf } from "../verdict/requirements.ts";
import { mendClient } from "../words/mend.ts";

/** EPRT is not known, PORT is. */
export const eprtUnsupported = defineRule({
  id: "eprt-unsupported",
  title: "Server does not offer EPRT",
  since: "0.1.0",
  needs: ["active"],
  references: ["RFC 2428 section 2", "proftpd mod_core.c:4370", "https://github.com/mtheall/ftpd/issues/50"],
  meaning: [
    "The server refuses EPRT, the newer form of PORT. Over IPv4 clients use PORT instead; over IPv6 there is no active mode without it.",
    "Clients can be told not to use it (curl --disable-eprt), or come over IPv4.",
  ].join("\n\n"),
  severity(facts) {
    const byName = requirementsOf(facts).includes("eprt");
    // Over IPv6, and where PORT was not to be tried, there is no other active mode.
    const alone = !facts.active.some(({ record }) => record.mode === "port");
    if (!byName && !alone) return "notice";
    if (requiredInVain(facts, ["eprt"])) return "error";
    return requiredInVainSomewhere(facts, ["eprt"]) ? "warning" : "notice";
  },
  judge(facts) {
    if (!facts.evidence.policy.modes.includes("eprt"))
      return { kind: "not-applicable", reason: "EPRT was not to be tried" };
    if (!facts.active.some(({ record }) => record.mode === "eprt"))
      return { kind: "undetermined", missing: "EPRT was not tried" };
    const all = refusedActive(facts).filter((refusal) => {
      const { mode, address } = refusal.attempt.record;
      const why = whyRefused(refusal);
      return mode === "eprt" && (why === "unknown" || (why === "disabled" && acceptsPort(facts, address)));
    });
    const eaten = facts.addresses.flatMap((address) =>
      middleboxSigns(address, facts).flatMap(({ mode }) => (mode === "eprt" ? [address.address] : [])),
    );
    const refused = all.filter(({ attempt }) => !eaten.includes(attempt.record.address));
    return refused.length === 0 && all.length > 0
      ? { kind: "absent", note: "covered by alg-filters-commands" }
      : judgeRefused(refused);
  },
  describe: (args, facts) => ({
    summary: `The server refuses EPRT (${args["code"]}); active mode works with PORT alone, over IPv4.`,
    explanation: "EPRT is answered with a refusal. Nearly all clients fall back to PORT, or use passive mode anyway.",
    remedies: mendClient("use-passive", facts, args),
  }),
});
