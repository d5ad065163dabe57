import type { Conversation } from "../conversation.ts";
import { absolutePath, type ListingForm, listing, lookUp } from "../file-tree.ts";
import { END_DATA, OPEN_DATA, reply, type Script } from "../script.ts";
import type { CommandEntry, CommandTable } from "./command-table.ts";

/** Representation and the transfers themselves. */
export const TRANSFER_COMMANDS: CommandTable = {
  TYPE: {
    login: true,
    run(argument, talk) {
      const type = argument.slice(0, 1).toUpperCase();
      if (type !== "A" && type !== "I" && argument.toUpperCase() !== "L 8") return [reply("504 TYPE is A or I")];
      talk.type = type === "A" ? "A" : "I";
      return [reply(talk.wording.type(talk.type))];
    },
  },
  MODE: { login: true, run: (argument) => [reply(/^S$/i.test(argument) ? "200 Mode is S" : "504 Only mode S")] },
  STRU: {
    login: true,
    run: (argument) => [reply(/^F$/i.test(argument) ? "200 Structure is F" : "504 Only structure F")],
  },
  REST: {
    login: true,
    run(argument, talk) {
      if (!/^\d{1,15}$/.test(argument)) return [reply("501 REST needs a number")];
      talk.restart = Number(argument);
      return [reply(`350 Next transfer begins at ${talk.restart}`)];
    },
  },
  LIST: list("long"),
  NLST: list("names"),
  MLSD: list("facts"),
  RETR: { login: true, run: retrieve },
  ABOR: {
    login: true,
    run(_argument, talk) {
      const answer = talk.aborted ? talk.wording.abortDone : talk.wording.nothingToAbort;
      talk.aborted = false;
      talk.data.drop();
      return [reply(answer)];
    },
  },
  ...Object.fromEntries(
    ["STOR", "STOU", "APPE", "DELE", "MKD", "RMD", "RNFR", "RNTO"].map((verb) => [
      verb,
      { login: true, run: (_argument: string, talk: Conversation) => [reply(talk.wording.readOnly)] },
    ]),
  ),
};

function list(form: ListingForm): CommandEntry {
  return {
    login: true,
    run(argument, talk, verb) {
      // Clients ask LIST -a as they would ls.
      const path = absolutePath(talk.directory, argument.replace(/^(-\w+\s*)+/, ""));
      const entry = lookUp(path);
      if (entry === null || (form === "facts" && entry.kind === "file"))
        return refused(talk.wording.noSuchFile(path), talk);
      const text = listing(entry, form);
      const begins = talk.wording.listingBegins(talk.data.activePort);
      const ends = talk.wording.listingEnds(text.split("\r\n").length - 1);
      return transfer(begins, text, ends, { verb, argument }, talk);
    },
  };
}

function retrieve(argument: string, talk: Conversation, verb: string): Script {
  const path = absolutePath(talk.directory, argument);
  const entry = lookUp(path);
  if (entry?.kind !== "file") return refused(talk.wording.noSuchFile(path), talk);
  const content = entry.content();
  const text = (talk.type === "A" ? content.replaceAll("\n", "\r\n") : content).slice(talk.restart);
  talk.restart = 0;
  const begins = talk.wording.fileBegins(entry.name, entry.size, talk.data.activePort);
  return transfer(begins, text, talk.wording.fileEnds, { verb, argument }, talk);
}

/** The data connection is had before the 150, as vsftpd and Pure-FTPd do it: a 425 then needs no 150 to be taken back. */
function transfer(
  begins: string,
  text: string,
  ends: string,
  command: { verb: string; argument: string },
  talk: Conversation,
): Script {
  const kind = talk.data.kind;
  if (kind === null) return [reply(talk.wording.noDataConnection)];
  const usual: Script = [OPEN_DATA, reply(begins), { do: "send-data", text }, END_DATA, reply(ends)];
  return talk.behaviour.transfer(usual, { command, kind });
}

function refused(text: string, talk: Conversation): Script {
  talk.data.drop();
  return [reply(text)];
}
