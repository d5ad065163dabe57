import type { Conversation } from "../conversation.ts";
import type { Script } from "../script.ts";

/** What a healthy server does at one command. */
export interface CommandEntry {
  /** Whether it needs a login first. */
  login: boolean;
  run(argument: string, talk: Conversation, verb: string): Script | Promise<Script>;
}

/** Commands by verb. */
export type CommandTable = Readonly<Record<string, CommandEntry>>;
