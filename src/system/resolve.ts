import { Resolver } from "node:dns/promises";
import { canonicalAddress } from "../model/address.ts";
import { type Family, familyOf } from "../model/endpoint.ts";
import { type Failure, failure } from "../model/failure.ts";
import { abortFailure, onAbort } from "./abort.ts";
import { classifyLookupError } from "./classify.ts";
import { hostsAddresses, SYSTEM_HOSTS_FILE, SYSTEM_RESOLV_CONF, searchDomains, textOrNothing } from "./hosts-file.ts";
import type { Network, ResolveAnswer } from "./ports.ts";
import { systemLookup } from "./system-lookup.ts";

/** The part of node:dns's Resolver that is used. */
export interface DnsResolver {
  /** The IPv4 addresses of a name; rejects where there are none. */
  resolve4(name: string): Promise<string[]>;
  /** The IPv6 addresses of a name; rejects where there are none. */
  resolve6(name: string): Promise<string[]>;
  /** Ends all its questions. */
  cancel(): void;
}

/** Whom a name is asked of. */
export interface LookupSources {
  /** Path of the hosts file. */
  hostsFile: string;
  /** Path of resolv.conf, read for its search domains. */
  resolvConf: string;
  /** Makes the resolver of one question, so that cancelling it ends no other. */
  createResolver(): DnsResolver;
  /** The system's own lookup (getaddrinfo), which knows mDNS, NSS modules and per-domain resolvers; the signal ends it. */
  systemLookup(name: string, family: Family, signal: AbortSignal): Promise<string[]>;
}

const SYSTEM_SOURCES: LookupSources = {
  hostsFile: SYSTEM_HOSTS_FILE,
  resolvConf: SYSTEM_RESOLV_CONF,
  // Two tries of 2 s are what a step's limit has room for; the default of 5 s and four tries outlasts it.
  createResolver: () => new Resolver({ timeout: 2_000, tries: 2 }),
  systemLookup,
};

/**
 * The name lookup of a network. Asked in this order: the hosts file, the rule for localhost, the DNS, and only where
 * the DNS knows no such name or fails, the system's own lookup. That one alone would be simpler, but it cannot be
 * cancelled, and costs a process of its own.
 */
export function createResolve(replaced: Partial<LookupSources> = {}): Network["resolve"] {
  const sources = { ...SYSTEM_SOURCES, ...replaced };
  return (host, family, signal) => {
    if (signal.aborted) return Promise.resolve({ ok: false, failure: abortFailure(signal) });
    return new Promise((resolve, reject) => {
      const resolver = sources.createResolver();
      const release = onAbort(signal, () => {
        resolve({ ok: false, failure: abortFailure(signal) });
        resolver.cancel();
      });
      ask(host.replace(/\.$/, ""), host.endsWith("."), family, sources, resolver, signal)
        .then(resolve, reject)
        .finally(release);
    });
  };
}

async function ask(
  name: string,
  absolute: boolean,
  family: Family,
  sources: LookupSources,
  resolver: DnsResolver,
  signal: AbortSignal,
): Promise<ResolveAnswer> {
  const noted = hostsAddresses(await textOrNothing(sources.hostsFile), name);
  if (noted.length > 0) return ofFamily(noted, family, "the hosts file");
  // RFC 6761 section 6.3: these names never leave the machine.
  if (/(^|\.)localhost$/i.test(name)) return ofFamily(["127.0.0.1", "::1"], family, "localhost");

  const searched = absolute || name.includes(".") ? [] : searchDomains(await textOrNothing(sources.resolvConf));
  // The bare name comes last, and its failure is the one to tell: it is what was asked for.
  let problem = failure("lookup-failed");
  for (const candidate of [...searched.map((domain) => `${name}.${domain}`), name]) {
    // An abort may come while a file is being read, when there is no question yet that `cancel` could end.
    if (signal.aborted) return { ok: false, failure: abortFailure(signal) };
    try {
      const asked = family === "ipv4" ? resolver.resolve4(candidate) : resolver.resolve6(candidate);
      return { ok: true, addresses: canonical(await asked) };
    } catch (error) {
      problem = classifyLookupError(error);
    }
  }
  if (signal.aborted) return { ok: false, failure: abortFailure(signal) };
  return isCertain(problem) ? { ok: false, failure: problem } : lastResort(name, family, sources, signal, problem);
}

/**
 * Whether asking once more is of no use: the DNS has the name and no such record, which would cost every IPv4-only host
 * a second lookup; or it does not answer, and the system's lookup would wait for the same silence.
 */
function isCertain(problem: Failure): boolean {
  return problem.code === "ENODATA" || problem.code === "ETIMEOUT";
}

/** What the system's own lookup finds; where it finds nothing, the DNS's answer stands, for it is the more exact one. */
async function lastResort(
  name: string,
  family: Family,
  sources: LookupSources,
  signal: AbortSignal,
  problem: Failure,
): Promise<ResolveAnswer> {
  try {
    return { ok: true, addresses: canonical(await sources.systemLookup(name, family, signal)) };
  } catch {
    return { ok: false, failure: problem };
  }
}

/** A source that names one family only has the last word: other programs on this machine see no more of the name either. */
function ofFamily(addresses: string[], family: Family, source: string): ResolveAnswer {
  const matching = addresses.filter((address) => familyOf(address) === family);
  if (matching.length > 0) return { ok: true, addresses: matching };
  const kind = family === "ipv4" ? "IPv4" : "IPv6";
  return { ok: false, failure: failure("not-found", "ENODATA", `${source} has no ${kind} address for this name`) };
}

/** Without zones, each once, in the order they came. */
function canonical(addresses: string[]): string[] {
  return [...new Set(addresses.map((address) => canonicalAddress(address) ?? address))];
}
