import { controlArgs, loginSeverity, verb } from "../control-facts.ts";
import { defineRule } from "../define-rule.ts";
import { mendControl } from "../mend.ts";
import { OTHER_SERVICES, serviceBehind } from "../other-services.ts";

/** Something answers that does not speak FTP. */
export const ctlWrongService = defineRule({
  id: "ctl-wrong-service",
  title: "The port speaks another protocol",
  since: "0.1.0",
  needs: ["control", "login"],
  replaces: ["ctl-protocol-violation", "reply-desync", "ctl-banner-delay", "ctl-closed-mid-session", "auth-rejected"],
  references: OTHER_SERVICES.map(({ name, source }) => `${name}: ${source}`),
  meaning: [
    "Something answers on the port, but it does not speak FTP: the first words are those of SSH, a web server, a mail server or another service. The most frequent mix-up is SFTP: in spite of its name it is not FTP but a part of SSH, runs on port 22, and needs an SFTP client.",
    "To mend it, use the right port or the right client; if FTP should answer here, see what listens on the server (ss -ltnp).",
  ].join("\n\n"),
  severity: loginSeverity,
  judge(facts) {
    if (facts.addresses.every(({ controls }) => controls[0]?.greeting == null)) {
      return { kind: "undetermined", missing: "no connection was made" };
    }
    const found = facts.addresses.flatMap((address) => {
      const first = address.controls[0];
      const service = first === undefined || address.control !== "not-ftp" ? null : serviceBehind(first);
      return first === undefined || service === null ? [] : [{ address, first, service }];
    });
    const [hit] = found;
    if (hit === undefined) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "certain",
      at: "client",
      args: {
        ...controlArgs(
          found.map(({ address }) => address),
          facts,
        ),
        service: hit.service.name,
        advice: hit.service.advice,
      },
      // What it answered to a login belongs to it as well.
      because: found.flatMap(({ address, first }) => [first.id, ...address.logins.map(({ id }) => id)]),
      seen: found.slice(0, 3).map(({ first }) => `first bytes: ${first.greeting?.firstBytes.slice(0, 80).trimEnd()}`),
      rivals: [],
    };
  },
  describe: (args, facts) => ({
    summary: `${args["endpoints"]} ${verb(args, "speaks", "speak")} ${args["service"]}, not FTP.`,
    explanation: `The first bytes that came from the port belong to ${args["service"]}. ${args["advice"]}`,
    remedies: [
      { who: "client-user", product: "any", effort: "low", text: String(args["advice"]) },
      ...mendControl(facts, args, { server: ["what-listens"] }),
    ],
  }),
});
