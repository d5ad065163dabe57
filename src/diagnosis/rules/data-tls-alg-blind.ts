import { formatEndpoint } from "../../model/endpoint.ts";
import type { Confidence, Remedy, Rival } from "../../model/report.ts";
import { listed } from "../../model/words.ts";
import { type Args, defineRule, type Judgement } from "../define-rule.ts";
import { seenWaiting } from "../facts/active-refusals.ts";
import {
  type BlindActive,
  type BlindAddress,
  type BlindPorts,
  blindActive,
  blindAddresses,
  blindPorts,
  isInsideName,
  openedByCcc,
} from "../facts/blinded.ts";
import type { Facts } from "../facts/facts.ts";
import { idsOf, portsInWords } from "../facts/passive-ports.ts";
import { quoteDial, quoteReply } from "../facts/quote.ts";
import { modesIn, severityOf } from "../verdict/severity.ts";
import { mendClient, mendTlsAddress, mendTlsAddressAndPorts, mendTlsPorts } from "../words/mend.ts";
import { probeElsewhere } from "../words/next.ts";
import { sentences } from "../words/sentence.ts";

/** So many ports on either side of the comparison are not sorted by chance. */
const ENOUGH = 3;

/** In clear text a firewall reads the control connection, opens ports and rewrites addresses; under TLS it cannot. */
export const dataTlsAlgBlind = defineRule({
  id: "data-tls-alg-blind",
  title: "A firewall or NAT that follows FTP is blind to TLS",
  since: "0.1.0",
  needs: ["passive", "active"],
  replaces: [
    "pasv-private-address",
    "pasv-wrong-public-address",
    "pasv-address-cdn-or-lb",
    "pasv-container-bridge-address",
    "pasv-multi-address-server",
    "pasv-ports-filtered",
    "pasv-ports-refused",
    "pasv-ports-rejected",
    "pasv-ports-not-forwarded",
    "pasv-port-wrong",
    "pasv-client-egress-blocked",
    "pasv-range-partly-open",
    "port-client-firewall",
    "port-server-egress-blocked",
  ],
  explains: ["ctl-idle-timeout"],
  references: [
    "https://github.com/proftpd/proftpd/issues/876",
    "proftpd doc/contrib/mod_tls.html (TLSMasqueradeAddress)",
    "https://community.fortinet.com/t5/FortiGate/Technical-Tip-Explicit-FTP-over-TLS-traffic-handling-in-proxy/ta-p/257070",
    "RFC 4217 section 6 (CCC)",
  ],
  meaning: [
    "In clear text data connections work, and under TLS the login works and the data connections do not. A firewall or NAT on the way has an FTP helper (ALG, inspection): it reads the control connection, opens each data port as it is named, and rewrites the server's inside address. Under TLS it cannot read, so the ports stay closed and the address stays what it is.",
    "To mend it, do without the helper: give the server a fixed passive range and the address under which clients reach it, and open or forward exactly that range in the firewall. ProFTPD can name the public address under TLS alone (TLSMasqueradeAddress), where the helper goes on rewriting it in clear.",
  ].join("\n\n"),
  severity: (facts, args) => severityOf(facts, modesIn(args)),
  judge(facts): Judgement {
    const ports = blindPorts(facts);
    const addresses = blindAddresses(facts);
    const byCcc = openedByCcc(facts);
    const active = blindActive(facts, "firewall");
    const closed = [...ports, ...byCcc].flatMap((each) => each.closed);
    if (closed.length + addresses.length + active.length === 0) return silence(facts);
    const tried = [...closed, ...addresses.map(({ tls }) => tls)];
    const peer = tried[0]?.record.address ?? active[0]?.tls.record.address ?? null;
    const named = addresses[0]?.tls;
    return {
      kind: "present",
      confidence: confidenceOf(ports, addresses),
      // A helper that rewrites the server's address stands before the server; one that opens ports may stand anywhere.
      at: named !== undefined ? "server-nat" : tried.length > 0 ? "middlebox" : "client-firewall",
      args: {
        protection: "tls",
        modes: [...new Set([...tried, ...active.map(({ tls }) => tls)].map(({ record }) => record.mode))],
        peer,
        ports: [...new Set(closed.map(({ atPeer }) => atPeer.endpoint.port))].sort((a, b) => a - b),
        advertised: named?.advertised?.address ?? null,
        portsClosed: closed.length > 0,
        ccc: byCcc.length > 0,
      },
      because: [
        ...new Set([
          ...idsOf(tried),
          ...active.flatMap(({ tls, clear }) => [tls.record.id, clear.record.id]),
          ...idsOf(ports.flatMap(({ open }) => open)),
          ...addresses.map(({ clear }) => ("record" in clear ? clear.record.id : clear.id)),
          ...byCcc.map(({ ccc }) => ccc.id),
        ]),
      ],
      seen: seen(ports, addresses, active, byCcc),
      rivals: rivalsOf(ports, addresses),
      next: tried.length > 0 ? [] : [probeElsewhere(facts)],
    };
  },
  describe: (args, facts) => ({
    summary: summarise(args),
    explanation: sentences(
      `The same server at ${args["peer"]} was asked in clear text and under TLS${args["ccc"] === true ? " (and again after CCC, which goes back to clear text)" : ""}.`,
      args["advertised"] === null
        ? ""
        : `In clear its reply to PASV names ${args["peer"]}, under TLS ${args["advertised"]}: something on the way rewrites the address where it can read it.`,
      args["portsClosed"] === true
        ? "The ports that it offers open in clear and stay closed under TLS: something on the way opens each port as it reads of it."
        : "",
      modesIn(args).some((mode) => mode === "eprt" || mode === "port")
        ? "In active mode the server's call comes through in clear and not under TLS: a firewall lets it in where it has read of it."
        : "",
      "TLS hides the control connection from every device on the way, as it should.",
    ),
    remedies: remediesFor(facts, args),
  }),
});

/** What was seen to be missing, and no more: open ports need no second range, and a right address no setting. */
function remediesFor(facts: Facts, args: Args): Remedy[] {
  const ports = args["portsClosed"] === true;
  if (args["advertised"] !== null) return ports ? mendTlsAddressAndPorts(facts, args) : mendTlsAddress(facts, args);
  return ports ? mendTlsPorts(facts, args) : mendClient("use-passive", facts, args);
}

/** Nothing differs; or there was nothing to compare. */
function silence(facts: Facts): Judgement {
  const under = (protection: string) => facts.attempts.some(({ record }) => record.protection === protection);
  if (!under("tls")) return { kind: "not-applicable", reason: "no data connection was tried under TLS" };
  const compared = under("clear") || facts.addresses.some(({ cccs }) => cccs.length > 0);
  const works = facts.rows.some(({ protection, result }) => protection === "tls" && result === "works");
  return compared || works
    ? { kind: "absent" }
    : { kind: "undetermined", missing: "nothing was tried in clear to compare with" };
}

function confidenceOf(ports: readonly BlindPorts[], addresses: readonly BlindAddress[]): Confidence {
  if (addresses.some(({ tls }) => isInsideName(tls))) return "certain";
  return ports.some(({ open, closed }) => open.length >= ENOUGH && closed.length >= ENOUGH) ? "certain" : "likely";
}

function rivalsOf(ports: readonly BlindPorts[], addresses: readonly BlindAddress[]): Rival[] {
  if (confidenceOf(ports, addresses) === "certain") return [];
  if (addresses.length > 0) {
    return [
      {
        cause: "a server that is set to name another address under TLS",
        toTellApart:
          'Look for such a setting: ProFTPD TLSMasqueradeAddress, Serv-U "Use only with SSL connections", Syncplify External PASV IP (TLS).',
      },
    ];
  }
  if (ports.length === 0) return [];
  return [
    {
      cause: "pasv-range-partly-open",
      toTellApart:
        "Probe again with --samples 20: if every port fails under TLS and none in clear, a firewall reads along; if it depends on the number, the range is open in part.",
    },
  ];
}

function seen(
  ports: readonly BlindPorts[],
  addresses: readonly BlindAddress[],
  active: readonly BlindActive[],
  byCcc: ReturnType<typeof openedByCcc>,
): string[] {
  const reply = ({ offer }: Pick<BlindAddress["tls"]["record"], "offer">): string => {
    const last = offer?.exchange.replies.at(-1);
    return last === undefined ? "" : quoteReply(last);
  };
  const lines = [
    ...addresses.flatMap(({ tls, clear }) => [
      `in clear: ${reply("record" in clear ? clear.record : clear)}`,
      `under TLS: ${reply(tls.record)}`,
    ]),
    ...ports.flatMap(({ open, closed }) => [
      ...open.slice(0, 1).map(({ atPeer }) => `in clear: ${quoteDial(atPeer)}`),
      ...closed.slice(0, 2).map(({ atPeer }) => `under TLS: ${quoteDial(atPeer)}`),
    ]),
    ...byCcc.flatMap(({ closed, ccc }) => [
      ...closed.slice(0, 1).map(({ atPeer }) => `under TLS: ${quoteDial(atPeer)}`),
      ...ccc.dialled.filter(({ outcome }) => outcome === "connected").map((dial) => `after CCC: ${quoteDial(dial)}`),
    ]),
    ...active.flatMap(({ tls, clear }) => [
      ...(clear.record.calledFrom === null ? [] : [`in clear: called from ${formatEndpoint(clear.record.calledFrom)}`]),
      ...seenWaiting([tls], 1).map((line) => `under TLS: ${line}`),
    ]),
  ];
  return [...new Set(lines)].slice(0, 4);
}

function summarise(args: Args): string {
  const modes = listed(modesIn(args).map((mode) => mode.toUpperCase()));
  if (args["advertised"] !== null) {
    return `Under TLS the server's reply to PASV names ${args["advertised"]}, where in clear text a device on the way puts ${args["peer"]} in its place${args["portsClosed"] === true ? ", and the data ports stay closed" : ""}.`;
  }
  if (args["portsClosed"] === true) {
    return `In clear text data connections work, under TLS ${portsInWords(args)} ${Number(Array.isArray(args["ports"]) ? args["ports"].length : 0) === 1 ? "stays" : "stay"} closed: a firewall opens only the ports that it can read of.`;
  }
  return `In clear text ${modes} ${modesIn(args).length === 1 ? "works" : "work"}, under TLS the server's call does not arrive: a firewall lets in only calls that it has read of.`;
}
