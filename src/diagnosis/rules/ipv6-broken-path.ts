import { controlArgs, controlEndpoint, noWayFromHere } from "../control-facts.ts";
import { defineRule } from "../define-rule.ts";
import { mendControl } from "../mend-control.ts";
import { duration, spoken } from "../quote.ts";

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
  severity: () => "warning",
  judge(facts) {
    const six = facts.addresses.filter(({ family, control }) => family === "ipv6" && control !== null);
    if (six.length === 0) return { kind: "not-applicable", reason: "no IPv6 address was probed" };
    const reachable = six.filter((address) => !noWayFromHere(address, facts));
    if (reachable.length === 0) return { kind: "not-applicable", reason: "this machine has no IPv6 itself" };
    const broken = reachable.filter(
      ({ control }) => control === "timed-out" || control === "refused" || control === "unreachable",
    );
    if (broken.length === 0) return { kind: "absent" };
    const four = facts.addresses.find(({ family, control }) => family === "ipv4" && control === "ready");
    if (four === undefined) return { kind: "absent", note: "IPv4 does not answer either" };
    return {
      kind: "present",
      confidence: broken.every(({ control }) => control === "refused") ? "certain" : "likely",
      at: broken.every(({ control }) => control === "refused") ? "server-host" : "path",
      args: {
        ...controlArgs(broken, facts),
        ipv4: four.address,
        refused: broken.every(({ control }) => control === "refused"),
      },
      because: [...broken, four].flatMap(({ controls }) => controls.slice(0, 1).map(({ id }) => id)),
      seen: [
        ...broken.map((address) => {
          const connect = address.controls[0]?.connect;
          return `${controlEndpoint(address, facts)} ${spoken(connect?.outcome ?? "cancelled")} after ${duration(connect?.ms ?? 0)}`;
        }),
        `${controlEndpoint(four, facts)} answers`,
      ],
      rivals: broken.some(({ control }) => control !== "refused")
        ? [
            {
              cause: "IPv6 is broken on this machine's side",
              toTellApart: "Does another IPv6 host answer from here, or this one from elsewhere?",
            },
          ]
        : [],
    };
  },
  describe: (args, facts) => ({
    summary: `${args["host"]} works over IPv4 (${args["ipv4"]}), but its IPv6 address ${String(args["addresses"])} does not answer.`,
    explanation:
      args["refused"] === true
        ? "The host refuses the connection over IPv6: the FTP service listens on IPv4 only. Clients that prefer IPv6 fail or lose time."
        : "Connections over IPv6 get no answer or are turned away, while IPv4 works. Clients that prefer IPv6 hang until they give up.",
    remedies: mendControl(facts, { server: ["listen-ipv6"], client: ["force-ipv4"] }),
  }),
});
