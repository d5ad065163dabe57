import type { Behaviour } from "../behaviour.ts";
import type { Action } from "../script.ts";
import { type Fault, fault } from "./fault.ts";
import { editing } from "./refusals.ts";

/** 227 and 229 in other forms than RFC 959 and RFC 2428 give them. */
export const PASSIVE_REPLY_FAULTS: readonly Fault[] = [
  fault("pasv-numbers-missing", "pasv-reply-unparsable", "227 has only four numbers", () =>
    rewriting227((n) => `227 Entering Passive Mode (${n.slice(0, 4).join(",")})`),
  ),
  fault("pasv-numbers-out-of-range", "pasv-reply-unparsable", "227 has numbers above 255", () =>
    rewriting227((n) => `227 Entering Passive Mode (${n.slice(0, 3).join(",")},300,${n[4]},999)`),
  ),
  fault("pasv-no-numbers", "pasv-reply-unparsable", "227 has no numbers at all", () =>
    rewriting227(() => "227 Entering Passive Mode"),
  ),
  fault("pasv-no-parentheses", null, "227 without parentheses, still readable", () =>
    rewriting227((n) => `227 Entering Passive Mode ${n.join(",")}`),
  ),
  fault("pasv-two-lines", null, "227 on two lines, still readable", () =>
    rewriting227((n) => `227-Entering Passive Mode\r\n227 (${n.join(",")})`),
  ),
  fault("pasv-spaces", null, "227 with a space after every comma, still readable", () =>
    rewriting227((n) => `227 Entering Passive Mode ( ${n.join(", ")} )`),
  ),
  fault("epsv-no-port", "pasv-reply-unparsable", "229 names no port", () =>
    rewriting229(() => "229 Entering Extended Passive Mode (||||)"),
  ),
  fault("epsv-port-out-of-range", "pasv-reply-unparsable", "229 names port 70000", () =>
    rewriting229(() => "229 Entering Extended Passive Mode (|||70000|)"),
  ),
  fault("epsv-other-delimiters", null, "229 with ! for |, as IBM i sends it, still readable", () =>
    rewriting229((port) => `229 Entering Extended Passive Mode (!!!${port}!)`),
  ),
];

function rewriting227(write: (numbers: string[]) => string): Behaviour {
  return editing(["PASV"], (usual) =>
    usual.map((action) => rewrite(action, /^227.*?(\d+(?:,\d+){5})/s, (found) => write(found.split(",")))),
  );
}

function rewriting229(write: (port: string) => string): Behaviour {
  return editing(["EPSV"], (usual) => usual.map((action) => rewrite(action, /^229.*\|(\d+)\|/s, write)));
}

function rewrite(action: Action, pattern: RegExp, write: (found: string) => string): Action {
  const found = action.do === "reply" ? pattern.exec(action.text)?.[1] : undefined;
  return found === undefined ? action : { do: "reply", text: write(found) };
}
