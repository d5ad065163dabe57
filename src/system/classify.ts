import { type Failure, failure } from "../model/failure.ts";

/** What was being done when the system said no: the same code can mean another thing for a listener. */
export type Operation = "connect" | "listen" | "stream";

interface Meaning {
  outcome: Failure["outcome"];
  /** In plain words; the code is put behind it. */
  words: string;
}

/**
 * By code alone, never by text: texts differ between systems and languages, while libuv gives Linux, macOS and Windows
 * errors the same POSIX names.
 */
const SOCKET_CODES: Readonly<Record<string, Meaning>> = {
  ECONNREFUSED: { outcome: "refused", words: "connection refused" },
  ETIMEDOUT: { outcome: "timed-out", words: "the system gave up waiting for an answer" },
  ECONNRESET: { outcome: "reset", words: "connection reset" },
  ECONNABORTED: { outcome: "reset", words: "connection aborted" },
  EPIPE: { outcome: "reset", words: "the other side no longer takes data" },
  ENOTCONN: { outcome: "reset", words: "the connection is gone" },
  EHOSTUNREACH: { outcome: "unreachable", words: "no route to that host, or a firewall said so" },
  ENETUNREACH: { outcome: "unreachable", words: "no route to that network" },
  EHOSTDOWN: { outcome: "unreachable", words: "that host is down" },
  ENETDOWN: { outcome: "unreachable", words: "the network is down" },
  EACCES: { outcome: "unreachable", words: "forbidden by a firewall" },
  EPERM: { outcome: "unreachable", words: "forbidden by a firewall on this machine" },
  EINVAL: { outcome: "local-error", words: "this machine cannot use that address" },
  EADDRNOTAVAIL: { outcome: "local-error", words: "this machine has no such address, or no port left" },
  EAFNOSUPPORT: { outcome: "local-error", words: "this machine does not speak that address family" },
  EPROTONOSUPPORT: { outcome: "local-error", words: "this machine does not speak that address family" },
  EADDRINUSE: { outcome: "local-error", words: "the local port is taken" },
  EMFILE: { outcome: "local-error", words: "too many open files in this process" },
  ENFILE: { outcome: "local-error", words: "too many open files on this machine" },
  ENOBUFS: { outcome: "local-error", words: "this machine is out of network buffers" },
  ENOMEM: { outcome: "local-error", words: "this machine is out of memory" },
};

/** A listener never hears of the network: what it is forbidden, this machine forbade (a port below 1024, a policy). */
const LISTEN_FORBIDDEN = new Set(["EACCES", "EPERM"]);

/** The typed outcome of a socket's error. A code nobody listed is this machine's trouble, not evidence about the network. */
export function classifySocketError(error: unknown, operation: Operation): Failure {
  const code = codeOf(error);
  if (operation === "listen") {
    const words = LISTEN_FORBIDDEN.has(code ?? "")
      ? "not allowed to listen on that port"
      : wordsOf(code, "cannot listen");
    return described("local-error", code, words);
  }
  return described(
    SOCKET_CODES[code ?? ""]?.outcome ?? "local-error",
    code,
    wordsOf(code, "the system reported an error"),
  );
}

/** The codes with which a resolver, or getaddrinfo, says that there is no such name or no such record. */
const NOT_FOUND: Readonly<Record<string, string>> = {
  ENOTFOUND: "no such name",
  ENONAME: "no such name",
  ENODATA: "the name has no address of this family",
  EBADNAME: "this cannot be a name",
};

/** The typed outcome of a failed name lookup: no such name, or a resolver that could not say. */
export function classifyLookupError(error: unknown): Failure {
  const code = codeOf(error);
  const absent = NOT_FOUND[code ?? ""];
  return absent === undefined
    ? described("lookup-failed", code, "the resolver could not answer")
    : described("not-found", code, absent);
}

function wordsOf(code: string | null, otherwise: string): string {
  return SOCKET_CODES[code ?? ""]?.words ?? otherwise;
}

function described(outcome: Failure["outcome"], code: string | null, words: string): Failure {
  return failure(outcome, code, code === null ? words : `${words} (${code})`);
}

/** Node's `code` of an error (`ECONNREFUSED`), null where it has none. */
export function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : null;
}
