export { clientAdvice, clientRemedies } from "./client-advice.ts";
export { firewallRemedies, passiveRangeRemedies } from "./firewall-remedies.ts";
export { serverRemedies } from "./server-remedies.ts";
export type { ClientTopic, FirewallTopic, ServerTopic } from "./topic.ts";
export type { RemedyValues } from "./values.ts";
