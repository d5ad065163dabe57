import type { ConfigLine, Remedy } from "../model/report.ts";
import type { ServerTopic } from "./topic.ts";
import type { Filling, Placeholder } from "./values.ts";

/**
 * A remedy with names in braces where observed values go. A sentence whose value is not known is left out; so are all
 * lines and commands together when one of them lacks its value, because half of a change is worse than none.
 */
export interface RemedyTemplate {
  /** Who acts. */
  who: Remedy["who"];
  /** How much it takes. */
  effort: Remedy["effort"];
  /** Sentences. */
  text: readonly string[];
  /** Settings. */
  config?: readonly ConfigLine[];
  /** Commands, runnable as they stand. */
  commands?: readonly string[];
  /** For which product, where it is another one than that of the table it stands in. */
  product?: string;
}

/** A table of remedies by topic. */
export type RemedyTable = Partial<Record<ServerTopic, readonly RemedyTemplate[]>>;

/** A remedy for the administrator of the server. */
export function serverRemedy(
  text: readonly string[],
  change: Pick<RemedyTemplate, "config" | "commands" | "product"> & { effort?: Remedy["effort"] } = {},
): RemedyTemplate {
  const { effort, ...rest } = change;
  return {
    who: "server-admin",
    effort: effort ?? (change.config || change.commands ? "low" : "medium"),
    text,
    ...rest,
  };
}

/** How one file writes a setting. */
export type SettingStyle = (directive: string, value: string) => ConfigLine;

/** Settings written as `directive<separator>value`, as nearly every file has them. */
export function settingsIn(file: string, separator: string): SettingStyle {
  return (directive, value) => ({ file, directive, value, line: `${directive}${separator}${value}` });
}

/** The remedy with its values filled in. */
export function fillRemedy(template: RemedyTemplate, product: string, filling: Filling): Remedy {
  const config = template.config?.map((line) => ({
    file: fill(line.file, filling),
    directive: fill(line.directive, filling),
    value: fill(line.value, filling),
    line: fill(line.line, filling),
  }));
  const commands = template.commands?.map((command) => fill(command, filling));
  const complete =
    (config ?? []).every((line) => Object.values(line).every((part) => part !== null)) &&
    (commands ?? []).every((command) => command !== null);
  return {
    who: template.who,
    product: template.product ?? product,
    effort: template.effort,
    text: template.text
      .map((sentence) => fill(sentence, filling))
      .filter((sentence) => sentence !== null)
      .join(" "),
    ...(complete && config ? { config: config as ConfigLine[] } : {}),
    ...(complete && commands ? { commands: commands as string[] } : {}),
  };
}

/** The text with its values; null where one of them is not known. */
function fill(text: string, filling: Filling): string | null {
  let complete = true;
  const filled = text.replace(/\{([a-zA-Z\d]+)\}/g, (whole, name: string) => {
    if (!(name in filling)) return whole;
    const value = filling[name as Placeholder];
    complete &&= value !== null;
    return value ?? "";
  });
  return complete ? filled : null;
}
