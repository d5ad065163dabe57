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
  AUTH: { login: false, run: (argument, talk) => [reply(talk.wording.authRefused(argument))] },
  QUIT: { login: false, run: (_argument, talk) => [reply(talk.wording.goodbye), CLOSE] },
};

function fits(user: string, password: string, talk: Conversation): boolean {
  return isAnonymous(user) || (user === talk.account.user && password === talk.account.password);
}
