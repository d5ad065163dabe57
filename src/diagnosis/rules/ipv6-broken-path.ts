import { defineRule } from "../define-rule.ts";
import {
  brokenIpv6,
  controlArgs,
  controlEndpoint,
  nothingTried,
  seenConnect,
  triedAddresses,
  verb,
} from "../facts/control-facts.ts";
import { mendControl } from "../words/mend.ts";

/** The name has an IPv6 address that does not work, beside an IPv4 address that does. */
export const ipv6BrokenPath = defineRule({
  id: "ipv6-broken-path",
  title: "The IPv6 address does not work",
  since: "0.1.0",
  needs: ["resolve", "control"],
  replaces: ["ctl-timeout", "ctl-refused", "ctl-unreachable"],
  references: ["RFC 8305 (Happy Eyeballs)", "RFC 6724"],
  meaning: [
    "The host name has an IPv4 and an IPv6 address, and only the IPv4 address answers. Clients try IPv6 first and wait there; few FTP clients fall back quickly.",
    "To mend it, let the server listen on IPv6 and open its firewall for it, or remove the AAAA record. Until then, force the client to IPv4.",
  ].join("\n\n"),
  severity: ({ evidence }) => (evidence.policy.required?.includes("ipv6") ? "error" : "warning"),
  judge(facts) {
    const six = facts.addresses.filter(({ family, control }) => family === "ipv6" && control !== null);
    if (six.length === 0) return { kind: "not-applicable", reason: "no IPv6 address was probed" };
    const tried = triedAddresses(facts);
    if (!six.some((address) => tried.includes(address))) return nothingTried({ ...facts, addresses: six });
    const broken = brokenIpv6(facts);
    const [first] = broken;
    const four = facts.addresses.find(({ family, control }) => family === "ipv4" && control === "ready");
    if (first === undefined || four === undefined) {
      if (six.some(({ control }) => control === "ready")) return { kind: "absent" };
      const rivals = facts.addresses.filter(({ family }) => family === "ipv4");
      if (rivals.length === 0) return { kind: "not-applicable", reason: "no IPv4 address was probed beside it" };
      return rivals.some((address) => tried.includes(address))
        ? { kind: "absent", note: four === undefined ? "IPv4 does not work either" : "IPv6 connects" }
        : { kind: "undetermined", missing: "IPv4 was not reached, so nothing is there to compare with" };
    }
    const refused = broken.every(({ control }) => control === "refused");
    return {
      kind: "present",
      confidence: refused ? "certain" : "likely",
      at: refused ? "server-host" : "path",
      args: { ...controlArgs(broken, facts), ipv4: four.address, refused },
      because: [...broken, four].flatMap(({ controls }) => controls.slice(0, 1).map(({ id }) => id)),
      seen: [
        ...broken.slice(0, 2).map((address) => seenConnect(address, facts)),
        `${controlEndpoint(four, facts)} answers`,
      ],
      rivals: refused
        ? []
        : [
            {
              cause: "IPv6 is broken on this machine's side",
              toTellApart: "Does another IPv6 host answer from here, or this one from elsewhere?",
            },
          ],
      next: [
        {
          command: `nc -6 -vz -w 5 ${first.address} 443`,
          tells: "Whether the host answers over IPv6 at all: then only its FTP port is closed there.",
        },
      ],
    };
  },
  describe: (args, facts) => ({
    summary: `${args["host"]} works over IPv4 (${args["ipv4"]}), but its IPv6 ${verb(args, "address", "addresses")} ${Array.isArray(args["addresses"]) ? args["addresses"].join(" and ") : ""} ${
      args["refused"] === true ? verb(args, "refuses", "refuse") : `${verb(args, "does", "do")} not answer on`
    } port ${args["port"]}.`,
    explanation:
      args["refused"] === true
        ? "The host refuses the connection over IPv6: the FTP service listens on IPv4 only. Clients that prefer IPv6 fail or lose time."
        : "Connections over IPv6 get no answer or are turned away, while IPv4 works. Clients that prefer IPv6 hang until they give up.",
    remedies: mendControl(facts, args, {
      server: ["listen-ipv6"],
      firewall: args["refused"] === true ? [] : ["open-control-port"],
      client: ["force-ipv4"],
    }),
  }),
});
