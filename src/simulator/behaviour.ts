import type { Endpoint } from "../model/endpoint.ts";
import type { Script } from "./script.ts";
import type { TlsPolicy } from "./tls/policy.ts";

/** What a fault may know of the control connection it acts in. */
export interface SessionView {
  /** 1 for the simulator's first control connection, 2 for the next, ... */
  readonly ordinal: number;
  /** Control connections open when this one came, itself included. */
  readonly open: number;
  /** The client's end. */
  readonly remote: Endpoint;
}

/** A command line taken apart. */
export interface Command {
  /** In capitals. */
  verb: string;
  /** As sent; empty where there is none. */
  argument: string;
}

/** The transfer a script belongs to. */
export interface Transfer {
  /** LIST, NLST, MLSD or RETR. */
  command: Command;
  /** Who opens the data connection: the client (passive) or the simulator (active). */
  kind: "passive" | "active";
}

/** What stands behind a passive port offered. */
export type PassivePort = "listening" | "closed" | "silent";

/**
 * The seam where faults enter: every hook gets what is usual at that point and answers with what shall be instead.
 * A fault names only the hooks it bends. One behaviour is made per control connection, so it may keep state.
 */
export interface Behaviour {
  /** What is done when a client has connected. */
  greeting?(usual: Script): Script;
  /** What is done at a command; `usual` is only carried out in part (state changes) when it is called. */
  command?(usual: () => Promise<Script>, command: Command): Script | Promise<Script>;
  /** What is done for a transfer whose path is good and whose data connection was set up. */
  transfer?(usual: Script, transfer: Transfer): Script;
  /** The endpoint that a 227 or 229 names; a 229 carries only its port. */
  advertise?(usual: Endpoint, mode: "pasv" | "epsv"): Endpoint;
  /** What stands behind the passive port; `ordinal` counts this session's offers from 1. */
  passivePort?(usual: PassivePort, ordinal: number): PassivePort;
  /** The local address from which active data connections are opened; null for the control connection's. */
  callFrom?(usual: string | null): string | null;
  /** How TLS is done; null for not at all. */
  tls?(usual: TlsPolicy | null): TlsPolicy | null;
  /** How a reply, line ends included, is cut into writes. */
  deliver?(piece: string): string[];
}

/** Every hook of a behaviour, present. */
export type WholeBehaviour = Required<Behaviour>;

/** Several behaviours as one: each bends what the one before it made usual. */
export function combine(behaviours: readonly Behaviour[]): WholeBehaviour {
  return {
    greeting: (usual) => behaviours.reduce((script, b) => b.greeting?.(script) ?? script, usual),
    command: (usual, command) => {
      let next = usual;
      for (const behaviour of behaviours) {
        const inner = next;
        if (behaviour.command) next = async () => (await behaviour.command?.(inner, command)) ?? [];
      }
      return next();
    },
    transfer: (usual, transfer) => behaviours.reduce((script, b) => b.transfer?.(script, transfer) ?? script, usual),
    advertise: (usual, mode) => behaviours.reduce((endpoint, b) => b.advertise?.(endpoint, mode) ?? endpoint, usual),
    passivePort: (usual, ordinal) => behaviours.reduce((port, b) => b.passivePort?.(port, ordinal) ?? port, usual),
    callFrom: (usual) => behaviours.reduce<string | null>((address, b) => b.callFrom?.(address) ?? address, usual),
    tls: (usual) => behaviours.reduce((policy, b) => (b.tls ? b.tls(policy) : policy), usual),
    deliver: (piece) =>
      behaviours.reduce((pieces, b) => (b.deliver ? pieces.flatMap((p) => b.deliver?.(p) ?? []) : pieces), [piece]),
  };
}
