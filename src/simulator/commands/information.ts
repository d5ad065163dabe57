import type { Conversation } from "../conversation.ts";
import { absolutePath, listing, lookUp, MODIFIED_STAMP } from "../file-tree.ts";
import { reply, type Script } from "../script.ts";
import type { CommandTable } from "./command-table.ts";

/** What the server is, where we are, and what is there. */
export const INFORMATION_COMMANDS: CommandTable = {
  SYST: { login: true, run: (_argument, talk) => [reply(talk.wording.syst)] },
  FEAT: { login: false, run: (_argument, talk) => [reply(...features(talk))] },
  HELP: { login: false, run: (_argument, talk) => [reply(...talk.wording.help)] },
  NOOP: { login: false, run: (_argument, talk) => [reply(talk.wording.noop)] },
  OPTS: {
    login: false,
    run: (argument) => [reply(/^UTF8( ON)?$/i.test(argument) ? "200 UTF-8 it is" : "501 No such option")],
  },
  STAT: {
    login: true,
    run(argument, talk) {
      if (argument === "") return [reply("211-Status:", ` Logged in as ${talk.user}`, ` Type ${talk.type}`, "211 End")];
      const path = absolutePath(talk.directory, argument);
      const entry = lookUp(path);
      if (entry === null) return [reply(talk.wording.noSuchFile(path))];
      const lines = listing(entry, "long")
        .split("\r\n")
        .filter((line) => line !== "");
      return [reply(`213-Status of ${path}:`, ...lines.map((line) => ` ${line}`), "213 End")];
    },
  },
  PWD: { login: true, run: (_argument, talk) => [reply(talk.wording.workingDirectory(talk.directory))] },
  CWD: { login: true, run: (argument, talk) => changeDirectory(argument, talk) },
  CDUP: { login: true, run: (_argument, talk) => changeDirectory("..", talk) },
  SIZE: {
    login: true,
    run(argument, talk) {
      const path = absolutePath(talk.directory, argument);
      const entry = lookUp(path);
      return [reply(entry?.kind === "file" ? `213 ${entry.size}` : talk.wording.noSuchFile(path))];
    },
  },
  MDTM: {
    login: true,
    run(argument, talk) {
      const path = absolutePath(talk.directory, argument);
      return [reply(lookUp(path)?.kind === "file" ? `213 ${MODIFIED_STAMP}` : talk.wording.noSuchFile(path))];
    },
  },
};

/** RFC 4217 section 6: TLS is announced as AUTH TLS, PBSZ and PROT. */
function features({ wording, tls }: Conversation): readonly string[] {
  const [first = "", ...rest] = wording.feat;
  if (tls === null) return wording.feat;
  return [first, ...(tls.policy.implicit ? [] : [" AUTH TLS"]), " PBSZ", " PROT", ...rest];
}

function changeDirectory(argument: string, talk: Conversation): Script {
  const path = absolutePath(talk.directory, argument);
  if (lookUp(path)?.kind !== "directory") return [reply(talk.wording.noSuchDirectory(path))];
  talk.directory = path;
  return [reply(talk.wording.directoryChanged(path))];
}
