import { defineExperiment } from "../engine/experiment.ts";
import { type Command, command } from "../ftp/commands.ts";
import type { Exchange, IdentifyRecord, RecordOf } from "../model/evidence.ts";
import { addressed, ask, type LoginEnd, type SessionContext } from "./context.ts";
import { mayGoInClear } from "./identify.ts";
import { endedAfter, loginPatience } from "./time-bounds.ts";

/** The password of an anonymous login: by custom an address, and ours names no person (RFC 1635). */
const ANONYMOUS_PASSWORD = "ftp-doctor@";

/**
 * Refusals that speak of encryption, as vsftpd's `530 Anonymous sessions may not use encryption.`, ProFTPD's `550 SSL/TLS
 * required on the control channel` and Pure-FTPd's `421 Sorry, cleartext sessions ... are not accepted` do.
 */
const ABOUT_PROTECTION = /\b(?:encrypt\w*|TLS|SSL|FTPS|cleartext|clear text|plain ?text|plain FTP|AUTH)\b/i;

/** A session to log in on, what FEAT said on it, and since when the first login is worked for; null for a further one. */
type LoginContext = SessionContext & { identified: IdentifyRecord | null; beganMs: number | null };

/** Can we log in? One try: after a refusal only QUIT is sent. */
export const login = defineExperiment<"login", LoginContext, LoginEnd>({
  name: "login",
  blank: (context) => ({
    ...addressed(context),
    ordinal: context.ordinal,
    result: "failed",
    exchanges: [],
  }),
  async run(context, record): Promise<LoginEnd> {
    const { run, open } = context;
    record.session = open.id;
    const { user, password } = run.options;
    const unverified = (open.secured?.tls.problems.length ?? 0) > 0;
    if (context.protection === "tls" && user !== null && unverified && !run.options.insecure) {
      return withhold(
        record,
        "the certificate could not be verified, and credentials are not sent over such TLS without --insecure",
      );
    }
    const inDanger = context.protection === "clear" && !mayGoInClear(run.options);
    if (inDanger && context.identified?.authOffered === true) {
      return withhold(record, "the server offers TLS, and credentials are not sent in clear without --allow-cleartext");
    }
    // A later session was only opened because the first one could log in, or said that there is no TLS. A server that
    // was lost at the question withholds the login just as one that gave no clear answer; after 421 there is none to send.
    const unknown = inDanger && context.ordinal === 1 && context.identified?.authOffered !== false;
    if (unknown && !open.session.turnedAway) {
      return withhold(record, "credentials are not sent in clear where it is not known whether the server offers TLS");
    }
    if (!open.session.usable) return { result: record.result, aboutProtection: false };
    run.progress(`logging in to ${context.address}`);
    const name = await askInTime(context, command("USER", user ?? "anonymous"));
    record.exchanges.push(name);
    let reply = name.outcome === "ok" ? name.replies.at(-1) : undefined;
    if (reply?.code === 331) {
      // A named user without a password has an empty one: the anonymous custom is no business of theirs.
      const secret = password ?? (user === null ? ANONYMOUS_PASSWORD : "");
      const pass = await askInTime(context, command("PASS", secret));
      record.exchanges.push(pass);
      reply = pass.outcome === "ok" ? pass.replies.at(-1) : undefined;
    }
    if (reply === undefined) {
      if (record.exchanges.at(-1)?.outcome === "cancelled") record.status = "cancelled";
      return { result: record.result, aboutProtection: false };
    }
    record.result = reply.code >= 200 && reply.code < 300 ? "logged-in" : "rejected";
    return { result: record.result, aboutProtection: ABOUT_PROTECTION.test(reply.lines.join(" ")) };
  },
});

/** Asks with the patience that is left for it. */
async function askInTime(context: LoginContext, sent: Command): Promise<Exchange> {
  const { run, open, beganMs } = context;
  if (beganMs === null) return ask(context, sent, run.limits.patientMs);
  const { limitMs, stopMs } = loginPatience(run.limits, run.clock.now() - beganMs, run.options.timeoutGiven);
  if (stopMs === null) return ask(context, sent, limitMs);
  const over = new AbortController();
  const signal = AbortSignal.any([run.signal, endedAfter(run, stopMs, over.signal)]);
  const exchange = await open.session.exchange(sent, limitMs, signal);
  over.abort();
  return exchange;
}

function withhold(record: RecordOf<"login">, why: string): LoginEnd {
  record.note = why;
  record.result = "withheld";
  return { result: record.result, aboutProtection: true };
}
