import type { Remedy } from "../model/report.ts";
import { clientRemedies, firewallRemedies, type RemedyValues, serverRemedies } from "../remedies/index.ts";
import type { ClientTopic, FirewallTopic, ServerTopic } from "../remedies/topic.ts";
import type { Facts } from "./facts.ts";

/** Remedies for the control connection and the login, filled with what was observed. */
export function mendControl(
  facts: Facts,
  topics: { server?: ServerTopic[]; firewall?: FirewallTopic[]; client?: ClientTopic[] },
): Remedy[] {
  const values: RemedyValues = {
    publicAddress: facts.addresses[0]?.address ?? null,
    controlPort: facts.evidence.target.port,
    clientAddress: facts.addresses.flatMap(({ controls }) => controls)[0]?.local?.address ?? null,
    host: facts.evidence.target.host,
    user: facts.evidence.target.user,
    path: facts.evidence.target.path,
  };
  return [
    ...(topics.server ?? []).flatMap((topic) => serverRemedies(topic, facts.product, values)),
    ...(topics.firewall ?? []).flatMap((topic) => firewallRemedies(topic, values)),
    ...(topics.client ?? []).flatMap((topic) => clientRemedies(topic, values)),
  ];
}
