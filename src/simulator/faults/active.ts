import type { Command } from "../behaviour.ts";
import { parseEprt, parsePort } from "../host-port.ts";
import { reply, wait } from "../script.ts";
import { type Fault, fault, taking } from "./fault.ts";
import { answering, refusing, unlisted } from "./refusals.ts";

/** Active mode refused, or accepted and not done. */
export const ACTIVE_FAULTS: readonly Fault[] = [
  fault("active-refused", "port-disabled", "PORT and EPRT refused", (text) => refusing(["PORT", "EPRT"], text), {
    ...taking("reply", "550 Permission denied."),
    wording: "vsftpd",
  }),
  fault(
    "active-disabled",
    "port-disabled",
    "PORT and EPRT refused in Pure-FTPd's words",
    () => refusing(["PORT", "EPRT"], "501 Active mode is disabled"),
    { wording: "pure-ftpd" },
  ),
  fault("port-refused", "port-disabled", "PORT refused; EPRT works", () =>
    refusing(["PORT"], "502 Command not implemented"),
  ),
  fault("eprt-refused", "eprt-unsupported", "EPRT is not known; PORT works", () =>
    unlisted("EPRT", refusing(["EPRT"], "500 Command not understood")),
  ),
  fault(
    "active-private-address",
    "port-private-address",
    "PORT and EPRT refused because the address is not the one the client came from",
    (client) =>
      answering(["PORT", "EPRT"], (command) => [
        reply(`500 I won't open a connection to ${offered(command) ?? "that"} (only to ${client})`),
      ]),
    { ...taking("address", "203.0.113.7"), wording: "pure-ftpd" },
  ),
  fault(
    "active-never-calls",
    "port-client-firewall",
    "PORT and EPRT accepted, but the client is never called; 425 after the time given in ms",
    (ms) => ({
      transfer: (usual, { kind }) =>
        kind === "active" ? [wait(Number(ms)), reply("425 Failed to establish connection.")] : usual,
    }),
    { ...taking("ms", 60_000), wording: "vsftpd" },
  ),
  fault(
    "active-calls-from-elsewhere",
    "data-from-other-address",
    "active data connections come from another address of this machine",
    (address) => ({ callFrom: () => address }),
    taking("address", "127.0.0.2"),
  ),
];

function offered(command: Command): string | null {
  if (command.verb === "PORT") return parsePort(command.argument)?.address ?? null;
  const answer = parseEprt(command.argument);
  return answer.kind === "endpoint" ? answer.endpoint.address : null;
}
