import type { Endpoint } from "../model/endpoint.ts";
import type { WholeBehaviour } from "./behaviour.ts";
import type { DataChannel } from "./data-channel.ts";
import type { SessionTls } from "./tls/session-tls.ts";
import type { Wording } from "./wordings/wording.ts";

/** The one account beside the anonymous one. */
export interface Account {
  /** What USER must name. */
  user: string;
  /** What PASS must carry; nothing real, so it may stand in clear. */
  password: string;
}

/** What one control connection's command handlers share. */
export interface Conversation {
  /** How replies are worded. */
  readonly wording: Wording;
  /** Whose password is right. */
  readonly account: Account;
  /** The faults that are on. */
  readonly behaviour: WholeBehaviour;
  /** The data connection of the next transfer. */
  readonly data: DataChannel;
  /** Our end. */
  readonly local: Endpoint;
  /** The client's end. */
  readonly remote: Endpoint;
  /** Address to put into 227 instead of our end's; null for our end's. */
  readonly publicAddress: string | null;
  /** TLS; null where this server has none. */
  readonly tls: SessionTls | null;
  /** Name given with USER; null before it. */
  user: string | null;
  /** Whether USER and PASS were accepted. */
  loggedIn: boolean;
  /** Absolute path. */
  directory: string;
  /** Representation type: ASCII or image (RFC 959 section 3.1.1). */
  type: "A" | "I";
  /** Offset of the next RETR, from REST. */
  restart: number;
  /** EPSV ALL was sent (RFC 2428 section 4). */
  epsvAll: boolean;
  /** The last transfer was ended by ABOR, which is still to be answered. */
  aborted: boolean;
}
