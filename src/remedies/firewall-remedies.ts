import type { Product, Remedy } from "../model/report.ts";
import type { Firewall } from "./firewalls/firewall.ts";
import { inspectors } from "./firewalls/inspectors.ts";
import { linuxFirewalls, linuxGuests } from "./firewalls/linux-firewalls.ts";
import { otherFirewalls } from "./firewalls/other-firewalls.ts";
import { mainSetUp, rangeNote, recommendedRange, serverRemedies } from "./server-remedies.ts";
import { fillRemedy, type RemedyTemplate } from "./template.ts";
import type { FirewallTopic } from "./topic.ts";
import { fillingOf, type RemedyValues, rangeIsKnown } from "./values.ts";

/** Every firewall, router and cloud that we have commands for. */
const firewalls: readonly Firewall[] = [...linuxFirewalls, ...otherFirewalls, ...inspectors, ...linuxGuests];

/** Their cure is to load the helper, which is no help under TLS. */
const GUESTS = "SolusVM or Xen guest";

const ON_WINDOWS = new Set<string>(["IIS", "FileZilla Server", "FileZilla Server 0.9", "Serv-U", "WS_FTP Server"]);

/**
 * Servers that give up the right to bind port 20 before they call (ProFTPD since 1.3.5, for RootRevoke is on), or never had it;
 * seen in the lab with each of them.
 */
const CALLS_FROM_ANY_PORT = new Set<string>(["ProFTPD", "pyftpdlib", "Twisted", "ftp-srv", "inetutils ftpd"]);

/** What a firewall is told where it has nothing of its own for a topic, and the sentence that says why it is told so. */
const sameAs: Partial<Record<FirewallTopic, { topic: FirewallTopic; why: string }>> = {
  "tls-passive-range": {
    topic: "open-passive-range",
    why: "Under TLS no FTP helper can read which port comes next, so the ports must be open before.",
  },
};

/**
 * What to change in a firewall or router, one remedy for each that we know; `product` only sets the order (a server of
 * Windows stands behind its firewall) and the range proposed.
 */
export function firewallRemedies(topic: FirewallTopic, values: RemedyValues, product: Product | null = null): Remedy[] {
  const filling = fillingOf(values, recommendedRange(product, values));
  const main = mainSetUp(product, values);
  const note = rangeNote(values, main?.range === undefined ? null : main.label);
  const windowsFirst = product !== null && ON_WINDOWS.has(product.name) && topic !== "allow-active-in";
  const order = windowsFirst
    ? [...firewalls].sort((a, b) => Number(b.label === "Windows Firewall") - Number(a.label === "Windows Firewall"))
    : firewalls;
  return order.flatMap((firewall) => {
    const anyPort = product !== null && CALLS_FROM_ANY_PORT.has(product.name);
    const own = (anyPort ? firewall.fromAnyPort?.[topic] : undefined) ?? firewall.remedies[topic];
    const same = own === undefined && firewall.label !== GUESTS ? sameAs[topic] : undefined;
    const template = same === undefined ? own : firewall.remedies[same.topic];
    if (template === undefined) return [];
    const remedy = fillRemedy(template, firewall.label, filling);
    const ranged = usesRange(template);
    // Where nobody has told the server, the firewall's change alone opens ports that it never names.
    const text =
      ranged && main?.range === undefined && !rangeIsKnown(values)
        ? [firstStep(values), remedy.text, same?.why ?? ""]
        : [remedy.text, same?.why ?? "", ranged ? note : ""];
    // Both servers of cPanel come with a range of their own, and cPanel runs on Linux alone.
    if (ranged && !rangeIsKnown(values) && main?.range === undefined && linuxFirewalls.includes(firewall)) {
      text.push("On cPanel it is 49152 to 65534.");
    }
    return [{ ...remedy, text: text.filter((part) => part !== "").join(" ") }];
  });
}

function firstStep(values: RemedyValues): string {
  const seen = fillingOf(values).seenPorts;
  return `First set the server to this range; should it have one of its own already${seen === null ? "" : ` (this run saw ${seen})`}, open that one instead: both need the same numbers.`;
}

function usesRange({ text, commands }: RemedyTemplate): boolean {
  return [...text, ...(commands ?? [])].some((part) => part.includes("{from}"));
}

/**
 * The passive range in the server and in the firewalls, with the same numbers in both: where the true range is not known,
 * one is proposed for all of them.
 */
export function passiveRangeRemedies(
  product: Product | null,
  values: RemedyValues,
  topic: "open-passive-range" | "forward-passive-range" = "open-passive-range",
): Remedy[] {
  return [...serverRemedies("passive-range", product, values), ...firewallRemedies(topic, values, product)];
}
