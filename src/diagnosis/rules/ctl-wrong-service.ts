import { duration } from "../../model/words.ts";
import { type Args, defineRule, type Judgement, type Words } from "../define-rule.ts";
import { controlArgsOf, controlEndpoint, loginSeverity, verb } from "../facts/control-facts.ts";
import { type Facts, lastReply } from "../facts/facts.ts";
import { OTHER_SERVICES, serviceBehind, serviceOf } from "../facts/other-services.ts";
import { quoteExchange, quoteLine, quoteReply } from "../facts/quote.ts";
import { isCrash, textOf } from "../facts/refusals.ts";
import { wordingOf } from "../facts/said.ts";
import { firstLineOf, quoteHandshake } from "../facts/tls-control.ts";
import { type HeardUnderTls, heardUnderTls } from "../facts/under-tls.ts";
import { mendControl } from "../words/mend.ts";
import { probeAs, probeUsual } from "../words/next.ts";

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
    "Something answers on the port, but it does not speak FTP: the first words are those of SSH, a web server, a mail server or another service. The most frequent mix-up is SFTP: in spite of its name it is not FTP but a part of SSH, runs on port 22, and needs an SFTP client. A port that speaks TLS, and under which no FTP server greets, belongs to another service too, most often HTTPS; its certificate is then not judged.",
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
    if (hit === undefined) return judgeUnderTls(facts) ?? judgeDeaf(facts);
    return {
      kind: "present",
      confidence: "certain",
      at: "client",
      args: {
        ...controlArgsOf(found, facts),
        service: hit.service.name,
        advice: hit.service.advice,
      },
      // What it answered to a login belongs to it as well.
      because: found.flatMap(({ address, first }) => [first.id, ...address.logins.map(({ id }) => id)]),
      seen: found.slice(0, 3).map(({ bytes }) => `first bytes: ${bytes.slice(0, 80).trimEnd()}`),
      rivals: [],
    };
  },
  describe: (args, facts) => (args["underTls"] === true ? describeUnderTls(args, facts) : describeInClear(args, facts)),
});

function describeInClear(args: Args, facts: Facts): Words {
  return {
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
  };
}

/** A handshake that nobody minds, and behind it no FTP server: the port of a web server, most likely. */
function judgeUnderTls(facts: Facts): Judgement | null {
  const found = facts.addresses.flatMap((address) => {
    const heard = heardUnderTls(address);
    // One that ended before it could greet has a reason of its own.
    const over = address.control !== "silent" && address.control !== "not-ftp";
    return heard === null || heard.greeted || over ? [] : [{ address, heard }];
  });
  const [first] = found;
  if (first === undefined) return null;
  const { heard } = first;
  const { port, security } = facts.evidence.target;
  const service = serviceOf(heard.said);
  return {
    kind: "present",
    confidence: service !== null ? "certain" : isSure(heard, port) ? "likely" : "possible",
    at: "client",
    args: {
      ...controlArgsOf(found, facts),
      underTls: true,
      service: service?.name ?? (HTTPS_PORTS.includes(port) ? "HTTPS" : null),
      said: heard.said === "" ? null : quoteLine(firstLineOf(heard.said)),
    },
    because: found.flatMap(({ address, heard: { secure, control } }) => [
      ...address.controls.slice(0, 1).map(({ id }) => id),
      secure.id,
      ...(control === null || control === address.controls[0]?.id ? [] : [control]),
      ...address.logins.map(({ id }) => id),
    ]),
    seen: found.slice(0, 2).flatMap(({ address, heard: { secure, said, limitMs } }) => {
      const endpoint = controlEndpoint(address, facts);
      const words = said === "" ? `no greeting in ${duration(limitMs)}` : quoteLine(firstLineOf(said));
      return [
        ...(secure.handshake === null ? [] : [`${endpoint} ${quoteHandshake(secure.handshake)}`]),
        `${endpoint} under TLS: ${words}`,
      ];
    }),
    rivals:
      heard.said === ""
        ? [
            {
              cause: "ctl-banner-delay",
              toTellApart: `Does "openssl s_client -connect ${controlEndpoint(first.address, facts)}" show a line that begins with 220 after a minute? Then an FTP server is only late.`,
            },
          ]
        : [],
    next: [
      ...(port === 21 && security !== "implicit"
        ? []
        : [{ command: probeUsual(facts, null), tells: "FTP is usually on port 21, also with explicit TLS." }]),
      ...(port === 990 ? [] : [{ command: probeUsual(facts, "ftps"), tells: "Implicit TLS is usually on port 990." }]),
      ...(security === "implicit" || HTTPS_PORTS.includes(port) || heard.said !== ""
        ? []
        : [
            {
              command: probeAs(facts, "ftps"),
              tells: "Waits longer for an FTP server under TLS on this port.",
            },
          ]),
    ],
  };
}

/** The ports of web servers and their panels (IANA: https, https-alt); a greeting is hardly awaited there. */
const HTTPS_PORTS: readonly number[] = [443, 8443];

function isSure({ said, limitMs }: HeardUnderTls, port: number): boolean {
  return said !== "" || limitMs >= PATIENT_MS || HTTPS_PORTS.includes(port);
}

/** A server that looks our name up takes less. */
const PATIENT_MS = 20_000;

function describeUnderTls(args: Args, facts: Facts): Words {
  const { endpoints, service, said, port } = args;
  const such = service === null ? "another service, such as HTTPS" : service;
  return {
    title: "The port speaks TLS, and no FTP server greets under it",
    summary: `${endpoints} ${verb(args, "speaks", "speak")} TLS from the first byte, and no FTP server greets under it: ${such}.`,
    explanation: `The TLS handshake succeeded, and ${said === null ? "behind it nothing was said" : `what was said behind it is no greeting of an FTP server (${said})`}. An FTP server greets by itself as soon as the connection stands. So the certificate is not judged either: it belongs to another service.`,
    remedies: [
      {
        who: "client-user",
        product: "any",
        effort: "low",
        text: `Check host and port: port ${port} seems to belong to another service. FTP is usually on port 21, also with explicit TLS (ftp:// or ftpes://), and on port 990 with implicit TLS (ftps://).`,
      },
      ...mendControl(facts, args, { server: ["what-listens"] }),
    ],
  };
}

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
      ...controlArgsOf(deaf, facts),
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
