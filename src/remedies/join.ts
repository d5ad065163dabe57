import type { Remedy } from "../model/report.ts";

const EFFORTS: readonly Remedy["effort"][] = ["low", "medium", "high"];

/** Two halves of one change of the same product: what both say is said once, and what both run comes last. */
export function joinRemedies(one: Remedy, other: Remedy): Remedy {
  const said = sentencesOf(one.text);
  const config = [...(one.config ?? []), ...(other.config ?? [])];
  const commands = [...(one.commands ?? []), ...(other.commands ?? [])];
  return {
    ...one,
    effort: EFFORTS[Math.max(EFFORTS.indexOf(one.effort), EFFORTS.indexOf(other.effort))] ?? one.effort,
    text: [...said, ...sentencesOf(other.text).filter((sentence) => !said.includes(sentence))].join(" "),
    ...(config.length > 0 ? { config } : {}),
    ...(commands.length > 0
      ? { commands: commands.filter((command, index) => commands.lastIndexOf(command) === index) }
      : {}),
  };
}

function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?]) (?=[A-Z])/);
}
