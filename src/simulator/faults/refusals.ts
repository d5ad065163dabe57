import { type Behaviour, type Command, combine } from "../behaviour.ts";
import { reply, type Script } from "../script.ts";

/** Answers the commands named with a script instead of obeying them. */
export function answering(verbs: readonly string[], script: Script | ((command: Command) => Script)): Behaviour {
  return {
    command: (usual, command) => {
      if (!verbs.includes(command.verb)) return usual();
      return typeof script === "function" ? script(command) : script;
    },
  };
}

/** Answers the commands named with one reply. */
export function refusing(verbs: readonly string[], text: string): Behaviour {
  return answering(verbs, [reply(text)]);
}

/** Obeys the commands named, then edits what would be said. */
export function editing(verbs: readonly string[], edit: (usual: Script, command: Command) => Script): Behaviour {
  return {
    command: async (usual, command) => {
      const script = await usual();
      return verbs.includes(command.verb) ? edit(script, command) : script;
    },
  };
}

/** The same, and FEAT does not name the feature: a server that lists what it refuses would be another fault. */
export function unlisted(feature: string, behaviour: Behaviour): Behaviour {
  const strike = editing(["FEAT"], (usual) =>
    usual.map((action) =>
      action.do === "reply"
        ? {
            ...action,
            text: action.text
              .split("\r\n")
              .filter((line) => line.trim() !== feature)
              .join("\r\n"),
          }
        : action,
    ),
  );
  return combine([behaviour, strike]);
}

/** Greets with this script alone. */
export function greetingWith(script: Script): Behaviour {
  return { greeting: () => script };
}
