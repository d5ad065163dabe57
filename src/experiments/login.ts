import { defineExperiment } from "../engine/experiment.ts";
import { command } from "../ftp/commands.ts";
import type { IdentifyRecord, LoginRecord } from "../model/evidence.ts";
import { addressed, ask, type SessionContext } from "./context.ts";

/** The password of an anonymous login: by custom an address, and ours names no person (RFC 1635). */
const ANONYMOUS_PASSWORD = "ftp-doctor@";

/** A session to log in on, and what FEAT said on it. */
type LoginContext = SessionContext & { identified: IdentifyRecord | null };

/** Can we log in? One try: after a refusal only QUIT is sent. */
export const login = defineExperiment<"login", LoginContext, LoginRecord["result"]>({
  name: "login",
  question: "Can we log in?",
  blank: (context) => ({
    ...addressed(context),
    ordinal: context.ordinal,
    result: "failed",
    exchanges: [],
  }),
  async run(context, record): Promise<LoginRecord["result"]> {
    const { run, open } = context;
    record.session = open.id;
    const { user, password, allowCleartext } = run.options;
    if (
      user !== null &&
      context.protection === "clear" &&
      !allowCleartext &&
      context.identified?.authOffered === true
    ) {
      record.note = "the server offers TLS, and credentials are not sent in clear without --allow-cleartext";
      record.result = "withheld";
      return record.result;
    }
    if (!open.session.usable) return record.result;
    run.progress(`logging in to ${context.address}`);
    const name = await ask(context, command("USER", user ?? "anonymous"), run.limits.patientMs);
    record.exchanges.push(name);
    let reply = name.outcome === "ok" ? name.replies.at(-1) : undefined;
    if (reply?.code === 331) {
      const pass = await ask(context, command("PASS", password ?? ANONYMOUS_PASSWORD), run.limits.patientMs);
      record.exchanges.push(pass);
      reply = pass.outcome === "ok" ? pass.replies.at(-1) : undefined;
    }
    if (reply === undefined) return record.result;
    record.result = reply.code >= 200 && reply.code < 300 ? "logged-in" : "rejected";
    return record.result;
  },
});
