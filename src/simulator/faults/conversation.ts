import type { Behaviour } from "../behaviour.ts";
import { bytes, CLOSE, HANG, isFinal, RESET, reply, type Script, wait } from "../script.ts";
import { type Fault, fault, taking } from "./fault.ts";
import { answering, editing, greetingWith } from "./refusals.ts";

/** Replies are cut oddly, out of step, halved or missing, or the connection ends. */
export const CONVERSATION_FAULTS: readonly Fault[] = [
  fault("split-replies", null, "every reply arrives byte by byte", () => ({ deliver: (piece) => [...piece] })),
  fault("glued-replies", null, "150 and 226 arrive in one packet, after the data", () => glued()),
  fault("lf-only", null, "lines end in LF without CR", () => ({
    deliver: (piece) => [piece.replaceAll("\r\n", "\n")],
  })),
  fault("no-space-after-code", null, "no space between code and text of replies of one line", () => ({
    deliver: (piece) => [piece.replace(/^(\d{3}) (.*\r\n)$/, "$1$2")],
  })),
  fault(
    "slow-replies",
    null,
    "every answer comes late, by the time given in ms",
    (ms) => ({ command: async (usual) => [wait(Number(ms)), ...(await usual())] }),
    taking("ms", 1000),
  ),
  fault("banner-of-replies", "reply-desync", "a greeting of three lines, each a whole reply of its own", () =>
    greetingWith([bytes("220 Welcome\r\n220 to this server\r\n220 please log in\r\n")]),
  ),
  fault(
    "early-reply",
    "reply-desync",
    "the answer to USER is sent before USER, and the one to USER is left out",
    () => ({
      greeting: (usual) => [...usual, reply("331 Please specify the password.")],
      command: async (usual, command) => (command.verb === "USER" ? (await usual()).slice(1) : usual()),
    }),
  ),
  fault("extra-replies", "reply-desync", "every final reply after the login is sent twice", () => ({
    command: async (usual, command) => {
      const script = await usual();
      return command.verb === "QUIT" ? script : script.flatMap((a) => (isFinalOfSession(a) ? [a, a] : [a]));
    },
  })),
  fault("off-by-one", "reply-desync", "an unasked reply after the login puts all that follow one behind", () =>
    editing(["PASS"], (usual) => [...usual, reply("200 Have a nice day")]),
  ),
  fault(
    "half-reply",
    "ctl-protocol-violation",
    "half a reply to the command given, without a line end, then nothing",
    (verbs) => cutting(verbs, [HANG]),
    taking("verbs", "PASS"),
  ),
  fault(
    "half-reply-closes",
    "ctl-closed-mid-session",
    "half a reply to the command given, then the end",
    (verbs) => cutting(verbs, [CLOSE]),
    taking("verbs", "PASS"),
  ),
  fault(
    "unanswered",
    "data-connect-no-data",
    "the commands given are never answered",
    (verbs) => editing(verbs.split(","), () => []),
    taking("verbs", "LIST"),
  ),
  fault(
    "closes-at",
    "ctl-closed-mid-session",
    "the connection ends when one of the commands given comes",
    (verbs) => answering(verbs.split(","), [CLOSE]),
    taking("verbs", "EPSV"),
  ),
  fault(
    "resets-at",
    "pasv-alg-reset",
    "the connection is reset when one of the commands given comes",
    (verbs) => answering(verbs.split(","), [RESET]),
    taking("verbs", "PASV,EPSV"),
  ),
  fault("feat-refused", null, "FEAT is not known", () => answering(["FEAT"], [reply("500 FEAT not understood")])),
  fault("auth-listed-only", null, "FEAT lists AUTH TLS, and AUTH is refused", () => ({
    command: async (usual, command) => {
      if (command.verb === "AUTH") return [reply("500 AUTH not understood")];
      const script = await usual();
      return command.verb === "FEAT"
        ? script.map((a) => (a.do === "reply" ? { ...a, text: a.text.replace("\r\n", "\r\n AUTH TLS\r\n") } : a))
        : script;
    },
  })),
];

/** Keeps a preliminary reply back until the next one, and sends both in one write. */
function glued(): Behaviour {
  let kept = "";
  return {
    deliver: (piece) => {
      if (piece.startsWith("1")) {
        kept += piece;
        return [];
      }
      const whole = kept + piece;
      kept = "";
      return [whole];
    },
  };
}

function cutting(verbs: string, after: Script): Behaviour {
  return editing(verbs.split(","), (usual) =>
    usual.flatMap((action) =>
      action.do === "reply" ? [bytes(action.text.slice(0, Math.max(5, action.text.length >> 1))), ...after] : [action],
    ),
  );
}

/** Not 331: doubling what belongs to the login would end most sessions before they begin. */
function isFinalOfSession(action: Script[number]): boolean {
  return isFinal(action) && action.do === "reply" && !action.text.startsWith("3");
}
