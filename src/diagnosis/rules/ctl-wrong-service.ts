import { controlArgs, loginSeverity } from "../control-facts.ts";
import { defineRule } from "../define-rule.ts";
import type { AddressFacts } from "../facts.ts";
import { mendControl } from "../mend-control.ts";

/** Another service, by the first bytes it says (latin1) and what to do then. */
interface Service {
  name: string;
  firstBytes: RegExp;
  advice: string;
  source: string;
}

/** First bytes of services that end up behind FTP clients. */
const SERVICES: readonly Service[] = [
  {
    name: "SSH (SFTP)",
    firstBytes: /^SSH-\d/,
    advice:
      "Use an SFTP client (sftp, WinSCP, FileZilla with sftp://): SFTP is another protocol than FTP and usually runs on port 22.",
    source: "RFC 4253 section 4.2",
  },
  {
    name: "HTTP",
    firstBytes: /^(HTTP\/\d|<!DOCTYPE|<html)/i,
    advice: "A web server answers here; FTP is on another port or host.",
    source: "RFC 9112",
  },
  {
    name: "SMTP",
    firstBytes: /^220[ -][^\r\n]{0,200}\b(E?SMTP|Postfix|Exim|Sendmail)\b/i,
    advice: "A mail server answers here; FTP is on another port or host.",
    source: "RFC 5321 section 4.2",
  },
  {
    name: "IMAP",
    firstBytes: /^\* (OK|PREAUTH|BYE)/,
    advice: "A mail server (IMAP) answers here.",
    source: "RFC 9051 section 7.1",
  },
  {
    name: "POP3",
    firstBytes: /^(\+OK|-ERR)/,
    advice: "A mail server (POP3) answers here.",
    source: "RFC 1939 section 3",
  },
  {
    name: "TLS",
    firstBytes: /^[\x14-\x17]\x03[\0-\x04]/,
    advice: "The port speaks TLS from the first byte: use ftps:// (implicit TLS).",
    source: "RFC 8446 section 5.1",
  },
  { name: "Telnet", firstBytes: /^\xff[\xfb-\xfe]/, advice: "A Telnet service answers here.", source: "RFC 854" },
  { name: "VNC", firstBytes: /^RFB \d{3}\./, advice: "A VNC server answers here.", source: "RFC 6143 section 7.1.1" },
  {
    name: "MySQL",
    firstBytes: /^[^\r\n]{3}\0\n\d+\.\d+\.\d+/,
    advice: "A MySQL server answers here.",
    source: "MySQL protocol, handshake packet",
  },
];

/** What speaks there, where it is not FTP. */
function serviceAt(address: AddressFacts): Service | undefined {
  const bytes = address.controls[0]?.greeting?.firstBytes ?? "";
  // Whoever lets us log in speaks FTP, whatever the greeting says; Telnet negotiation may precede a real 220.
  if (bytes === "" || address.logins.some(({ result }) => result === "logged-in")) return undefined;
  const service = SERVICES.find(({ firstBytes }) => firstBytes.test(bytes));
  return service?.name === "Telnet" && address.control === "ready" ? undefined : service;
}

/** Something answers that does not speak FTP. */
export const ctlWrongService = defineRule({
  id: "ctl-wrong-service",
  title: "The port speaks another protocol",
  since: "0.1.0",
  needs: ["control"],
  replaces: ["ctl-protocol-violation", "auth-rejected", "ctl-closed-mid-session"],
  references: SERVICES.map(({ name, source }) => `${name}: ${source}`),
  meaning: [
    "Something answers on the port, but it does not speak FTP: the first words are those of SSH, a web server, a mail server or another service. The most frequent mix-up is SFTP: in spite of its name it is not FTP but a part of SSH, runs on port 22, and needs an SFTP client.",
    "To mend it, use the right port or the right client; if FTP should answer here, see what listens on the server (ss -ltnp).",
  ].join("\n\n"),
  severity: loginSeverity,
  judge(facts) {
    const greeted = facts.addresses.filter(({ controls }) => controls[0]?.greeting != null);
    if (greeted.length === 0) return { kind: "undetermined", missing: "no connection was made" };
    const found = greeted.flatMap((address) => {
      const service = serviceAt(address);
      return service === undefined ? [] : [{ address, service }];
    });
    const [first] = found;
    if (first === undefined) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "certain",
      at: "client",
      args: {
        ...controlArgs(
          found.map(({ address }) => address),
          facts,
        ),
        service: first.service.name,
        advice: first.service.advice,
      },
      because: found.flatMap(({ address }) => address.controls.slice(0, 1).map(({ id }) => id)),
      seen: found.map(
        ({ address }) => `first bytes: ${address.controls[0]?.greeting?.firstBytes.slice(0, 80).trimEnd()}`,
      ),
      rivals: [],
    };
  },
  describe: (args, facts) => ({
    summary: `${args["endpoints"]} speaks ${args["service"]}, not FTP.`,
    explanation: `The first bytes that came from the port belong to ${args["service"]}. ${args["advice"]}`,
    remedies: [
      { who: "client-user", product: "any", effort: "low", text: String(args["advice"]) },
      ...mendControl(facts, { server: ["what-listens"] }),
    ],
  }),
});
