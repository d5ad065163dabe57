import type { LoginRecord } from "../../model/evidence.ts";
import type { Severity } from "../../model/report.ts";
import { type Args, defineRule } from "../define-rule.ts";
import { controlArgsOf, loginSeverity } from "../facts/control-facts.ts";
import { lastReply } from "../facts/facts.ts";
import { quoteExchange, quoteReply } from "../facts/quote.ts";
import { mendControl } from "../words/mend.ts";

/** RFC 959 section 4.2.2: 530 not logged in, 332 and 532 an account is needed; 430 is what some servers say for 530. */
const LOGIN_CODES: readonly number[] = [332, 430, 530, 532];

/** Name or password are not accepted. */
export const authRejected = defineRule({
  id: "auth-rejected",
  title: "The login was refused",
  since: "0.1.0",
  needs: ["login"],
  references: ["RFC 959 section 4.2.2 (530, 332)", "vsftpd prelogin.c", "Pure-FTPd messages_en.h"],
  meaning: [
    "The server answers and does not accept the login: a wrong name or password, a disabled account, a name in another form than the server wants (user@domain, host|user), a shell that is not in /etc/shells, or a list of users who may not use FTP. Where no user was given, the server just does not serve anonymous visitors: that is no fault, and a login with --user tells more.",
    "A refusal is not repeated: servers and their guards count failed logins. To mend it, check name and password with the server's administrator.",
  ].join("\n\n"),
  severity: (facts, args): Severity =>
    args["anonymous"] === true && args["first"] === true ? "notice" : loginSeverity(facts),
  judge(facts) {
    const tried = facts.addresses.flatMap((address) =>
      address.logins.filter(({ result }) => result !== "withheld").map((login) => ({ address, login })),
    );
    if (tried.length === 0) return { kind: "undetermined", missing: "no login was tried" };
    // 421 is no word about the login: the server does not want to go on at all.
    const refused = tried.filter(({ login }) => login.result === "rejected" && finalCode(login) !== 421);
    const [first] = refused;
    if (first === undefined) {
      return tried.some(({ login }) => login.result === "logged-in")
        ? { kind: "absent" }
        : { kind: "undetermined", missing: "no login was answered" };
    }
    const last = first.login.exchanges.at(-1);
    const code = finalCode(first.login);
    const said = lastReply(last ?? null);
    return {
      kind: "present",
      confidence: refused.every(({ login }) => LOGIN_CODES.includes(finalCode(login))) ? "certain" : "likely",
      at: "credentials",
      args: {
        ...controlArgsOf(refused, facts),
        anonymous: facts.evidence.policy.credentials === "anonymous",
        user: facts.evidence.target.user,
        atUser: last?.command.startsWith("USER") ?? false,
        more: code >= 300 && code < 400,
        account: code === 332,
        text: said === null ? null : quoteReply(said),
        // False where a login on an earlier session of the same address was accepted, or one under the other protection.
        first: refused.some(({ address, login }) =>
          address.logins.every(
            ({ ordinal, result, protection }) =>
              result !== "logged-in" || (ordinal >= login.ordinal && protection === login.protection),
          ),
        ),
      },
      because: refused.map(({ login }) => login.id),
      seen: [...new Set(refused.flatMap(({ login }) => login.exchanges.slice(-1).map(quoteExchange)))].slice(0, 3),
      rivals: [],
    };
  },
  describe: (args, facts) => ({
    summary: summarise(args),
    explanation:
      args["more"] === true
        ? `The server asks for more than name and password (${args["account"] === true ? "an account, to be given with the command ACCT" : "another answer"}), which few clients can give.`
        : args["atUser"] === true
          ? "The name was refused before a password was asked for: a list or a policy shuts it out. The network is fine."
          : "The server answered the password with a refusal. The network is fine.",
    remedies: mendControl(facts, args, { server: ["login"] }),
  }),
});

function summarise(args: Args): string {
  const { host, text } = args;
  if (args["first"] === false) return `${host} lets the first session in and refuses the login of a further one.`;
  if (args["account"] === true)
    return `${host} wants an account (ACCT) besides name and password (${text}); ftp-doctor has none to give.`;
  return args["anonymous"] === true
    ? `${host} does not accept an anonymous login (${text}); give a user with --user to test further.`
    : `${host} refuses the login of ${args["user"]}.`;
}

function finalCode({ exchanges }: LoginRecord): number {
  return lastReply(exchanges.at(-1) ?? null)?.code ?? 0;
}
