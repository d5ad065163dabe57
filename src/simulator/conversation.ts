import type { Endpoint } from "../model/endpoint.ts";
import type { WholeBehaviour } from "./behaviour.ts";
import type { DataChannel } from "./data-channel.ts";
import type { Wording } from "./wordings/wording.ts";

/** The one account beside the anonymous one. */
export interface Account {
  user: string;
  password: string;
}

/** What one control connection's command handlers share. */
export interface Conversation {
  readonly wording: Wording;
  readonly account: Account;
  readonly behaviour: WholeBehaviour;
  readonly data: DataChannel;
  /** Our end. */
  readonly local: Endpoint;
  /** The client's end. */
  readonly remote: Endpoint;
  /** Address to put into 227 instead of our end's; null for our end's. */
  readonly publicAddress: string | null;
  /** Name given with USER; null before it. */
  user: string | null;
  loggedIn: boolean;
  /** Absolute path. */
  directory: string;
  type: "A" | "I";
  /** Offset of the next RETR, from REST. */
  restart: number;
  /** EPSV ALL was sent (RFC 2428 section 4). */
  epsvAll: boolean;
  /** The last transfer was ended by ABOR, which is still to be answered. */
  aborted: boolean;
}

/** Whether the name is that of the public login. */
export function isAnonymous(user: string): boolean {
  return /^(anonymous|ftp)$/i.test(user);
}
