import type { Product, Remedy } from "../model/report.ts";
import type { Firewall } from "./firewalls/firewall.ts";
import { linuxFirewalls, linuxGuests } from "./firewalls/linux-firewalls.ts";
import { otherFirewalls } from "./firewalls/other-firewalls.ts";
import { mainSetUp, rangeNote, recommendedRange, serverRemedies } from "./server-remedies.ts";
import { fillRemedy, type RemedyTemplate } from "./template.ts";
import type { FirewallTopic } from "./topic.ts";
import { fillingOf, type RemedyValues } from "./values.ts";

/** Every firewall, router and cloud that we have commands for. */
export const firewalls: readonly Firewall[] = [...linuxFirewalls, ...otherFirewalls, ...linuxGuests];

const ON_WINDOWS = new Set<string>(["IIS", "FileZilla Server", "FileZilla Server 0.9", "Serv-U", "WS_FTP Server"]);

/**
 * Servers that give up the right to bind port 20 before they call (ProFTPD since 1.3.5, for RootRevoke is on), or never had it;
 * seen in the lab with each of them.
 */
const CALLS_FROM_ANY_PORT = new Set<string>(["ProFTPD", "pyftpdlib", "Twisted", "ftp-srv", "inetutils ftpd"]);

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
    const template = (anyPort ? firewall.fromAnyPort?.[topic] : undefined) ?? firewall.remedies[topic];
    if (template === undefined) return [];
    const remedy = fillRemedy(template, firewall.label, filling);
    const text = [remedy.text, usesRange(template) ? note : ""];
    // Both servers of cPanel come with a range of their own, and cPanel runs on Linux alone.
    if (usesRange(template) && note !== "" && main?.range === undefined && linuxFirewalls.includes(firewall)) {
      text.push("On cPanel it is 49152 to 65534.");
    }
    return [{ ...remedy, text: text.filter((part) => part !== "").join(" ") }];
  });
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
