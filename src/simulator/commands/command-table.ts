import type { Conversation } from "../conversation.ts";
import type { Script } from "../script.ts";

/** What a healthy server does at one command. */
export interface CommandEntry {
  /** Whether it needs a login first. */
  login: boolean;
  /** Changes the conversation as the command asks and answers with what is to be done; `verb` for handlers of several commands. */
  run(argument: string, talk: Conversation, verb: string): Script | Promise<Script>;
}

/** Commands by verb. */
export type CommandTable = Readonly<Record<string, CommandEntry>>;
