import type { ExperimentRecord } from "../../model/evidence.ts";
import { controlArgs, loginSeverity } from "../control-facts.ts";
import { defineRule } from "../define-rule.ts";
import { exchangesOf, type Facts } from "../facts.ts";
import { mendControl } from "../mend-control.ts";

/** What answers is not a conversation. */
export const ctlProtocolViolation = defineRule({
  id: "ctl-protocol-violation",
  title: "What answers does not keep to the FTP protocol",
  since: "0.1.0",
  needs: ["control", "identify", "login", "passive", "active"],
  references: ["RFC 959 section 4.2 (replies)"],
  meaning: [
    "The port answers, but what comes cannot be read as FTP replies: no three-digit codes, lines or replies without end, or binary garbage. Either something else than an FTP server listens there, or a device on the way disturbs the conversation.",
    "To mend it, see what listens on the port (ss -ltnp) and where port forwards and load balancers really lead.",
  ].join("\n\n"),
  severity: loginSeverity,
  judge(facts) {
    if (facts.addresses.every(({ controls }) => controls[0]?.greeting == null)) {
      return { kind: "undetermined", missing: "nothing was received" };
    }
    const greeted = facts.addresses.flatMap(({ controls }) =>
      controls.filter(({ greeting }) => {
        if (greeting == null || greeting.reply !== null || greeting.firstBytes === "") return false;
        return greeting.outcome !== "cancelled";
      }),
    );
    const later = laterViolations(facts);
    const records: ExperimentRecord[] = [...greeted, ...later];
    if (records.length === 0) return { kind: "absent" };
    const bytes = greeted[0]?.greeting?.firstBytes.slice(0, 80).trimEnd();
    const addresses = facts.addresses.filter(({ address }) =>
      records.some((record) => record.experiment !== "resolve" && record.address === address),
    );
    return {
      kind: "present",
      confidence: greeted.length > 0 ? "certain" : "likely",
      at: "server-host",
      args: { ...controlArgs(addresses, facts), greeting: greeted.length > 0 },
      because: records.map(({ id }) => id),
      seen: [
        ...(bytes === undefined ? [] : [`first bytes: ${bytes}`]),
        ...later.slice(0, 2).map(({ id }) => `${id}: a reply that cannot be read`),
      ],
      rivals: [
        {
          cause: "ctl-transparent-proxy",
          toTellApart:
            "Connect from another network: the same bytes come from the service, others from a device in between.",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary: `What answers on ${args["endpoints"]} does not keep to the FTP protocol.`,
    explanation:
      args["greeting"] === true
        ? "The greeting of an FTP server is a line that begins with a three-digit code. What came instead cannot be read as one."
        : "The conversation began as FTP, and then something came that cannot be read as a reply.",
    remedies: mendControl(facts, { server: ["what-listens"] }),
  }),
});

/** Records of commands that were answered beyond the reader's limits; a conversation out of step is another finding. */
function laterViolations(facts: Facts): ExperimentRecord[] {
  const outOfStep = new Set(
    facts.evidence.sessions.filter(({ unexpected }) => unexpected.length > 0).map(({ id }) => id),
  );
  return facts.evidence.experiments.filter(
    (record) =>
      record.experiment !== "resolve" &&
      !(record.session !== null && outOfStep.has(record.session)) &&
      exchangesOf([record]).some(({ outcome }) => outcome === "protocol-error"),
  );
}
