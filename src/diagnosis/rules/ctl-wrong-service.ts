import { defineRule, type Judgement } from "../define-rule.ts";
import { controlArgs, loginSeverity, verb } from "../facts/control-facts.ts";
import { type Facts, lastReply } from "../facts/facts.ts";
import { OTHER_SERVICES, serviceBehind, serviceOf } from "../facts/other-services.ts";
import { isCrash, textOf } from "../facts/refusals.ts";
import { wordingOf } from "../facts/said.ts";
import { mendControl } from "../words/mend.ts";
import { quoteExchange, quoteReply } from "../words/quote.ts";

/** Something answers that does not speak FTP. */
export const ctlWrongService = defineRule({
  id: "ctl-wrong-service",
  title: "The port speaks another protocol",
  since: "0.1.0",
  needs: ["control", "login"],
  replaces: [
    "ctl-no-banner",
    "ctl-protocol-violation",
    "reply-desync",
    "ctl-banner-delay",
    "ctl-closed-mid-session",
    "auth-rejected",
  ],
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
      if (first === undefined) return [];
      const woken = first.greeting?.afterNewline?.firstBytes ?? "";
      const [service, bytes] =
        address.control === "not-ftp"
          ? [serviceBehind(first), first.greeting?.firstBytes ?? ""]
          : address.control === "silent"
            ? [serviceOf(woken), woken]
            : [null, ""];
      return service === null ? [] : [{ address, first, service, bytes }];
    });
    const [hit] = found;
    if (hit === undefined) return judgeDeaf(facts);
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
      seen: found.slice(0, 3).map(({ bytes }) => `first bytes: ${bytes.slice(0, 80).trimEnd()}`),
      rivals: [],
    };
  },
  describe: (args, facts) => ({
    summary:
      args["service"] === null
        ? `${args["endpoints"]} ${verb(args, "greets", "greet")} like an FTP server and ${verb(args, "does", "do")} not know the command USER (${args["text"]}).`
        : `${args["endpoints"]} ${verb(args, "speaks", "speak")} ${args["service"]}, not FTP.`,
    explanation:
      args["service"] === null
        ? "USER is the first command of every FTP login, so what does not know it does not speak FTP: no login was refused. Mail servers greet with 220 as well."
        : `The first bytes that came from the port belong to ${args["service"]}. ${args["advice"]}`,
    remedies: [
      { who: "client-user", product: "any", effort: "low", text: String(args["advice"]) },
      ...mendControl(facts, args, { server: ["what-listens"] }),
    ],
  }),
});

/** A 220 that is followed by a server that knows neither FEAT nor USER. */
function judgeDeaf(facts: Facts): Judgement {
  const deaf = facts.addresses.flatMap((address) => {
    const exchange = address.logins[0]?.exchanges[0];
    const reply = lastReply(exchange ?? null);
    const unknown = reply !== null && (reply.code === 500 || reply.code === 502) && !isCrash(textOf(reply));
    return exchange !== undefined && unknown && wordingOf(reply) === null && !address.identify?.features
      ? [{ address, exchange }]
      : [];
  });
  const [first] = deaf;
  if (first === undefined) return { kind: "absent" };
  return {
    kind: "present",
    confidence: "likely",
    at: "client",
    args: {
      ...controlArgs(
        deaf.map(({ address }) => address),
        facts,
      ),
      service: null,
      text: quoteExchange(first.exchange),
      advice: "Check host and port: what answers there is no FTP server.",
    },
    because: deaf.flatMap(({ address }) => [...address.controls.slice(0, 1), ...address.logins].map(({ id }) => id)),
    seen: deaf
      .slice(0, 3)
      .flatMap(({ address, exchange }) => [
        ...address.controls
          .slice(0, 1)
          .flatMap(({ greeting }) => (greeting?.reply ? [quoteReply(greeting.reply)] : [])),
        quoteExchange(exchange),
      ]),
    rivals: [
      {
        cause: "ctl-transparent-proxy",
        toTellApart: "Connect from another network: does the same service greet there, and know the command USER?",
      },
    ],
  };
}
