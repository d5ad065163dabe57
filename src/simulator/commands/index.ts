import type { CommandEntry } from "./command-table.ts";
import { DATA_PORT_COMMANDS } from "./data-port.ts";
import { INFORMATION_COMMANDS } from "./information.ts";
import { LOGIN_COMMANDS } from "./login.ts";
import { TRANSFER_COMMANDS } from "./transfer.ts";

/** Every command the simulator knows. */
export const COMMANDS: ReadonlyMap<string, CommandEntry> = new Map(
  [LOGIN_COMMANDS, INFORMATION_COMMANDS, DATA_PORT_COMMANDS, TRANSFER_COMMANDS].flatMap((table) =>
    Object.entries(table),
  ),
);
