import { listed } from "../../model/words.ts";
import type { Args, Words } from "../define-rule.ts";
import type { Distrust } from "../facts/data-certificates.ts";

const TITLE: Readonly<Record<Distrust, string>> = {
  "tls-cert-name": "The certificate on data connections is for another name",
  "tls-cert-expired": "The certificate on data connections is outside its dates",
  "tls-cert-untrusted": "The certificate on data connections is not trusted",
};

/** The words where data connections alone show a certificate that is refused; null where it is the control connection's. */
export function onDataWords(why: Distrust, args: Args): Words | null {
  if (args["onData"] !== true) return null;
  const { host } = args;
  return {
    title: TITLE[why],
    summary: `Data connections of ${host} show another certificate than the control connection, and it ${trouble(why, args)}.`,
    explanation: `The certificate of the control connection is not to blame: login works, and then clients that verify certificates on each data connection (curl does) refuse listings and transfers (${modeWords(args)}). A server uses one certificate for both kinds of connection; another one comes from another machine behind the same address, or from a device that opens TLS in order to inspect it.`,
    remedies: [
      {
        who: "server-admin",
        product: "any",
        effort: "medium",
        text: `Let whatever answers data connections show the certificate of the control connection: behind a load balancer or a proxy, install the same certificate with its chain and key on every machine that answers for ${host}, and restart the FTP servers there.`,
      },
      {
        who: "firewall-admin",
        product: "load balancer",
        effort: "medium",
        text: "Or send the control port and every passive port of one client to the same machine (persistence by source address, in one rule for all these ports). Where a firewall opens TLS to inspect it, exempt this server.",
      },
    ],
  };
}

function trouble(why: Distrust, { host, names, subject }: Args): string {
  switch (why) {
    case "tls-cert-name": {
      const some = Array.isArray(names) ? names.slice(0, 5).map(String) : [];
      return `is for ${some.length === 0 ? "no name at all" : listed(some)}, not for ${host}`;
    }
    case "tls-cert-expired":
      return `has expired or is not valid yet (${String(subject)})`;
    case "tls-cert-untrusted":
      return `is not trusted (${String(subject)})`;
  }
}

function modeWords({ modes }: Args): string {
  return Array.isArray(modes) ? listed(modes.map((mode) => String(mode).toUpperCase())) : "all modes";
}
