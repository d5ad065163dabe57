export { type ClientSetting, clientAdvice, clientRemedies, clientSettings } from "./client-advice.ts";
export { firewallRemedies, passiveRangeRemedies } from "./firewall-remedies.ts";
export { recommendedRange, serverRemedies } from "./server-remedies.ts";
export type { ClientTopic, FirewallTopic, ServerTopic } from "./topic.ts";
export type { PortRange, RemedyValues } from "./values.ts";
