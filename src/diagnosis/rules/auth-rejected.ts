import { controlArgs, loginSeverity } from "../control-facts.ts";
import { defineRule } from "../define-rule.ts";
import { mendControl } from "../mend-control.ts";
import { quoteExchange } from "../quote.ts";

/** Name or password are not accepted. */
export const authRejected = defineRule({
  id: "auth-rejected",
  title: "The login was refused",
  since: "0.1.0",
  needs: ["login"],
  references: ["RFC 959 section 4.2.2 (530, 332)", "vsftpd prelogin.c", "Pure-FTPd messages_en.h"],
  meaning: [
    "The server answers and does not accept the login: a wrong name or password, a disabled account, a name in another form than the server wants (user@domain, host|user), a shell that is not in /etc/shells, or a list of users who may not use FTP. Where no user was given, the server just does not serve anonymous visitors.",
    "A refusal is not repeated: servers and their guards count failed logins. To mend it, check name and password with the server's administrator.",
  ].join("\n\n"),
  severity: (facts) => (facts.evidence.policy.credentials === "anonymous" ? "notice" : loginSeverity(facts)),
  judge(facts) {
    const logins = facts.addresses.flatMap((address) => address.logins.map((login) => ({ address, login })));
    const tried = logins.filter(({ login }) => login.status === "done" && login.result !== "withheld");
    if (tried.length === 0) return { kind: "undetermined", missing: "no login was tried" };
    const refused = tried.filter(({ login }) => login.result === "rejected");
    if (refused.length === 0) return { kind: "absent" };
    const last = refused[0]?.login.exchanges.at(-1);
    return {
      kind: "present",
      confidence: "certain",
      at: "credentials",
      args: {
        ...controlArgs([...new Set(refused.map(({ address }) => address))], facts),
        anonymous: facts.evidence.policy.credentials === "anonymous",
        user: facts.evidence.target.user,
        atUser: last?.command.startsWith("USER") ?? false,
        account: last?.replies.at(-1)?.code === 332,
      },
      because: refused.map(({ login }) => login.id),
      seen: refused.flatMap(({ login }) => login.exchanges.slice(-1).map(quoteExchange)),
      rivals: [],
    };
  },
  describe: (args, facts) => ({
    summary:
      args["anonymous"] === true
        ? `${args["host"]} does not accept an anonymous login; give a user with --user to test further.`
        : `${args["host"]} refuses the login of ${args["user"]}.`,
    explanation:
      args["account"] === true
        ? "The server asks for an account (ACCT) besides name and password, which few clients can give."
        : args["atUser"] === true
          ? "The name was refused before a password was asked for: a list or a policy shuts it out."
          : "The server answered the password with a refusal. The network is fine.",
    remedies: mendControl(facts, { server: ["login"] }),
  }),
});
