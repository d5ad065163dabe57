/**
 * What the simulator does at one moment, as data: a healthy command handler answers with a script, and a fault edits
 * it. One interpreter (`performer.ts`) carries all of them out.
 */
export type Script = readonly Action[];

/** One thing to do. Text is one character per byte (latin1). */
export type Action =
  /** A whole reply without its last line end; faults that rephrase or cut replies see it. */
  | { do: "reply"; text: string }
  /** Bytes exactly as they stand. */
  | { do: "bytes"; text: string }
  /** Puts the control connection under TLS, behind this reply; null where TLS begins with the first byte. */
  | { do: "begin-tls"; reply: string | null }
  /** Bytes in clear on a control connection that is under TLS. */
  | { do: "clear-bytes"; text: string }
  /** The same bytes again and again until the client leaves. */
  | { do: "flood"; text: string }
  /** A pause; shorter when the client leaves. */
  | { do: "wait"; ms: number }
  /** Nothing more, until the client leaves. */
  | { do: "hang" }
  /** Waits for the first bytes of the client, up to a line, without reading them as commands. */
  | { do: "wait-for-client" }
  /** Ends the control connection, in order or with a reset. */
  | { do: "close"; reset: boolean }
  /** Gets the data connection: waits for the call (passive) or calls (active). A failure replies 425 and ends the script. */
  | { do: "open-data" }
  /** Data as it stands; type A was seen to by the command. */
  | { do: "send-data"; text: string }
  /** The same data again and again until the client leaves. */
  | { do: "flood-data"; text: string }
  /** Ends the data connection, in order or with a reset. */
  | { do: "end-data"; reset: boolean };

/** A reply, lines separated by CR LF, without the last line end. */
export function reply(...lines: string[]): Action {
  return { do: "reply", text: lines.join("\r\n") };
}

/** Bytes exactly as they stand. */
export function bytes(text: string): Action {
  return { do: "bytes", text };
}

/** A pause. */
export function wait(ms: number): Action {
  return { do: "wait", ms };
}

/** Nothing more, until the client leaves. */
export const HANG: Action = { do: "hang" };
/** Ends the control connection in order. */
export const CLOSE: Action = { do: "close", reset: false };
/** Ends the control connection with a reset. */
export const RESET: Action = { do: "close", reset: true };
/** Gets the data connection. */
export const OPEN_DATA: Action = { do: "open-data" };
/** Ends the data connection in order. */
export const END_DATA: Action = { do: "end-data", reset: false };
/** Ends the data connection with a reset. */
export const RESET_DATA: Action = { do: "end-data", reset: true };

/** Whether it is a preliminary reply (1xx): more is to follow. */
export function isPreliminary(action: Action): boolean {
  return action.do === "reply" && action.text.startsWith("1");
}

/** Whether it is a final reply (2xx to 5xx). */
export function isFinal(action: Action): boolean {
  return action.do === "reply" && !action.text.startsWith("1");
}
