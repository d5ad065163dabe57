import { defineExperiment } from "../engine/experiment.ts";
import { command } from "../ftp/commands.ts";
import { addressed, ask, type SessionContext } from "./context.ts";

/** Can the directory asked for be entered? Where it cannot, the listings are made where the login landed. */
export const directory = defineExperiment<"directory", SessionContext & { path: string }, void>({
  name: "directory",
  blank: (context) => ({
    ...addressed(context),
    exchange: { command: `CWD ${context.path}`, sentMs: 0, outcome: "cancelled", replies: [], ms: 0 },
  }),
  async run(context, record): Promise<void> {
    record.session = context.open.id;
    record.exchange = await ask(context, command("CWD", context.path));
  },
});
