import { defineExperiment } from "../engine/experiment.ts";
import { canonicalAddress } from "../model/address.ts";
import { type Family, familyOf } from "../model/endpoint.ts";
import { tenth } from "../model/milliseconds.ts";
import type { RunContext } from "./context.ts";

/** Which addresses does the name have in one family? A literal and `--resolve` answer without asking anybody. */
export const resolve = defineExperiment<"resolve", { run: RunContext; family: Family }, string[]>({
  name: "resolve",
  blank: ({ run, family }) => ({
    host: run.host,
    family,
    outcome: "cancelled",
    code: null,
    addresses: [],
  }),
  async run({ run, family }, record): Promise<string[]> {
    const { resolve: told } = run.options;
    const given = (Object.hasOwn(told, run.host) ? told[run.host] : undefined) ?? literal(run.host);
    if (given !== null) {
      record.addresses = given.map(canonical).filter((address) => familyOf(address) === family);
      record.outcome = record.addresses.length > 0 ? "ok" : "not-found";
      return record.addresses;
    }
    run.progress(`asking for the ${family === "ipv4" ? "IPv4" : "IPv6"} addresses of ${run.host}`);
    const started = run.clock.now();
    const limit = run.clock.limit(run.limits.stepMs, run.signal);
    const answer = await run.network.resolve(run.host, family, limit.signal);
    limit.clear();
    record.durationMs = tenth(run.clock.now() - started);
    if (answer.ok) {
      record.outcome = "ok";
      record.addresses = answer.addresses.slice(0, ADDRESSES_AT_MOST).map(canonical);
      if (answer.addresses.length > ADDRESSES_AT_MOST) {
        record.note = `${answer.addresses.length} addresses, of which the first ${ADDRESSES_AT_MOST} are probed`;
      }
    } else {
      record.outcome = answer.failure.outcome;
      record.code = answer.failure.code;
    }
    return record.addresses;
  },
});

/** A guest does not knock on a whole cluster. */
const ADDRESSES_AT_MOST = 8;

function literal(host: string): string[] | null {
  const address = canonicalAddress(host);
  return address === null ? null : [address];
}

/** Endpoints are compared as text. */
function canonical(address: string): string {
  return canonicalAddress(address) ?? address;
}
