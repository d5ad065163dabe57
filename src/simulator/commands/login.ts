import { isAnonymous } from "../../model/login.ts";
import type { Conversation } from "../conversation.ts";
import { CLOSE, reply } from "../script.ts";
import type { CommandTable } from "./command-table.ts";

/** Who is there, and goodbye. */
export const LOGIN_COMMANDS: CommandTable = {
  USER: {
    login: false,
    run(argument, talk) {
      if (argument === "") return [reply("501 USER needs a name")];
      talk.user = argument;
      talk.loggedIn = false;
      const answer = talk.wording.askPassword(argument, isAnonymous(argument));
      if (answer.startsWith("2")) talk.loggedIn = true;
      return [reply(answer)];
    },
  },
  PASS: {
    login: false,
    run(argument, talk) {
      const { user, wording } = talk;
      if (user === null) return [reply(wording.userFirst)];
      talk.loggedIn = talk.loggedIn || fits(user, argument, talk);
      return [reply(talk.loggedIn ? wording.loggedIn(user, isAnonymous(user)) : wording.loginIncorrect)];
    },
  },
  ACCT: { login: false, run: () => [reply("202 No account needed")] },
  AUTH: {
    login: false,
    run(argument, { tls, wording }) {
      if (tls === null) return [reply(wording.authRefused(argument))];
      if (tls.active) return [reply("503 TLS is on already")];
      if (!/^(?:TLS(?:-C)?|SSL)$/i.test(argument)) return [reply("504 AUTH TLS is what is known")];
      return [{ do: "begin-tls", reply: "234 Begin TLS" }];
    },
  },
  PBSZ: {
    login: false,
    run: (_argument, { tls, wording }) =>
      tls === null ? [reply(wording.unknown("PBSZ"))] : [reply(tls.active ? "200 PBSZ=0" : "503 TLS first")],
  },
  PROT: {
    login: false,
    run(argument, { tls, wording }) {
      if (tls === null) return [reply(wording.unknown("PROT"))];
      if (!tls.active) return [reply("503 TLS first")];
      const level = argument.toUpperCase();
      if (level !== "P" && level !== "C") return [reply("536 Protection is P or C")];
      tls.protectsData = level === "P";
      return [reply(tls.protectsData ? "200 Data will be under TLS" : "200 Data will be in clear")];
    },
  },
  QUIT: { login: false, run: (_argument, talk) => [reply(talk.wording.goodbye), CLOSE] },
};

function fits(user: string, password: string, talk: Conversation): boolean {
  return isAnonymous(user) || (user === talk.account.user && password === talk.account.password);
}
