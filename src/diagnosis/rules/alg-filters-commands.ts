import type { Severity } from "../../model/report.ts";
import { listed } from "../../model/words.ts";
import { defineRule } from "../define-rule.ts";
import { controlArgs } from "../facts/control-facts.ts";
import type { AddressFacts, Facts } from "../facts/facts.ts";
import { middleboxSigns } from "../facts/middlebox-signs.ts";
import { notOffered } from "../facts/passive-refusals.ts";
import { modesIn } from "../verdict/severity.ts";
import { mendClient } from "../words/mend.ts";

/** A firewall masks, cuts or refuses what client and server say. */
export const algFiltersCommands = defineRule({
  id: "alg-filters-commands",
  title: "A firewall filters the FTP conversation",
  since: "0.1.0",
  needs: ["control", "identify", "passive"],
  replaces: ["epsv-rejected", "pasv-disabled", "tls-not-supported"],
  references: [
    "Cisco ASA: inspect ftp strict, mask-syst-reply",
    "http://fixmyfirewall.com/fw1/fw-1.0048.html",
    "http://support.novell.com/docs/Tids/Solutions/10076230.html",
  ],
  meaning: [
    "A device on the way reads the control connection and masks or refuses parts of it: the greeting is hidden behind asterisks, the reply to SYST reads XXXX, FEAT, AUTH or EPSV is answered as unknown although the server knows it, or the list of features is shorter in clear text than under TLS. Clients then miss what the server could do.",
    "To mend it, make the device's FTP inspection less strict or exempt this server (Cisco ASA: inspect ftp without strict, no mask-syst-reply in the FTP map; Check Point: service type ftp_basic; Juniper: set security alg ftp disable). From another network, or over implicit TLS, the same server answers in full.",
  ].join("\n\n"),
  severity: filteredSeverity,
  judge(facts) {
    if (facts.addresses.every(({ controls }) => controls[0]?.greeting?.reply == null)) {
      return { kind: "undetermined", missing: "the server said nothing" };
    }
    const found = facts.addresses.map((address) => ({
      address,
      signs: middleboxSigns(address, facts).filter(({ kind }) => kind === "filter"),
    }));
    const signs = found.flatMap((one) => one.signs);
    if (signs.length === 0) return { kind: "absent" };
    const strong = signs.some(({ weight }) => weight === "strong");
    return {
      kind: "present",
      confidence: strong && signs.length > 1 ? "certain" : strong ? "likely" : "possible",
      at: "middlebox",
      args: {
        ...controlArgs(
          found.flatMap(({ address, signs: here }) => (here.length > 0 ? [address] : [])),
          facts,
        ),
        modes: [...new Set(signs.flatMap(({ mode }) => mode ?? []))],
        signs: [...new Set(signs.map(({ what }) => what))],
        withoutTls: found.some(({ address, signs: here }) => here.some(({ record }) => isRefusedAuth(address, record))),
        // A mode that works under TLS is refused to those alone who come in clear.
        protection: signs.every(({ mode }) => mode !== null && facts.works(mode)) ? "clear" : null,
      },
      because: [...new Set(signs.map(({ record }) => record))],
      seen: [...new Set(signs.map(({ seen }) => seen))].slice(0, 3),
      rivals: [
        ...(found.some(({ address, signs: here }) => here.some(({ record }) => isUnansweredAuth(address, record)))
          ? [
              {
                cause: "the server itself hangs at AUTH",
                toTellApart:
                  "On the server's own machine: does openssl s_client -starttls ftp -connect 127.0.0.1:21 get an answer?",
              },
            ]
          : []),
        {
          cause: "the server is set up so by its administrator",
          toTellApart: "Talk to the server from its own network (nc 127.0.0.1 21): does it answer the same there?",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary: `A device before ${args["host"]} seems to filter the FTP conversation: ${signsIn(args["signs"])}.`,
    explanation: `${capital(signsIn(args["signs"]))}. Servers do not talk like that by themselves; firewalls that inspect FTP do it to the conversations of others.`,
    remedies: [
      {
        who: "firewall-admin",
        product: "Cisco ASA",
        effort: "low",
        text: "Inspect FTP without strict, and without the mask for SYST, or not at all for this server.",
        commands: ["policy-map global_policy", "class inspection_default", "no inspect ftp strict", "inspect ftp"],
      },
      {
        who: "firewall-admin",
        product: "any",
        effort: "medium",
        text: "Exempt this server from FTP inspection (Check Point: service protocol type ftp_basic; Juniper: set security alg ftp disable), and open a fixed passive range for it instead.",
      },
      ...(modesIn(args).includes("epsv") ? mendClient("disable-epsv", facts, args) : []),
    ],
  }),
});

function isRefusedAuth({ secures }: AddressFacts, record: string): boolean {
  return secures.some(({ id }) => id === record);
}

function isUnansweredAuth({ secures }: AddressFacts, record: string): boolean {
  return secures.some(({ id, auth }) => id === record && auth.at(-1)?.outcome === "timed-out");
}

/** As bad as the loss of the mode that is filtered, or of the login where that was to be under TLS; else only worth knowing. */
export function filteredSeverity(facts: Facts, args: Parameters<typeof modesIn>[0]): Severity {
  if (args["withoutTls"] === true && !facts.loggedIn) return "critical";
  return modesIn(args).includes("epsv") ? notOffered(facts, "epsv", "pasv") : "notice";
}

/** The signs as a list inside a sentence. */
export function signsIn(signs: unknown): string {
  return listed(Array.isArray(signs) ? signs.map(String) : []);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
