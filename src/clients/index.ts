import { commandLineClients } from "./command-line.ts";
import { desktopClients } from "./desktop.ts";
import { libraries } from "./libraries.ts";
import type { ClientPolicy } from "./policy.ts";

export type { AddressSet, ClientPolicy, Habits, ModeStep, Replacement, Setback, Setting } from "./policy.ts";

/** Every client whose habits are known, in the order in which they are shown. */
export const clientPolicies: readonly ClientPolicy[] = [...desktopClients, ...commandLineClients, ...libraries];
