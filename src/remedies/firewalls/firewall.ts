import type { RemedyTemplate } from "../template.ts";
import type { FirewallTopic } from "../topic.ts";

/** One firewall, router or cloud and what to tell it. */
export interface Firewall {
  /** What the remedy is said to be for. */
  label: string;
  /** What to do, by topic; a topic that it has no part in is left out. */
  remedies: Partial<Record<FirewallTopic, RemedyTemplate>>;
  /** The same for a server that calls clients from any port, and not from the one below its control port. */
  fromAnyPort?: Partial<Record<FirewallTopic, RemedyTemplate>>;
  /** Where the commands were read. */
  source: string;
}

/** A remedy for the administrator of the firewall. */
export function firewallRemedy(
  text: readonly string[],
  change: Pick<RemedyTemplate, "config" | "commands"> = {},
): RemedyTemplate {
  return { who: "firewall-admin", effort: change.config || change.commands ? "low" : "medium", text, ...change };
}

/** A remedy on the client's own machine. */
export function clientFirewallRemedy(
  text: readonly string[],
  change: Pick<RemedyTemplate, "config" | "commands"> = {},
): RemedyTemplate {
  return { ...firewallRemedy(text, change), who: "client-user" };
}
