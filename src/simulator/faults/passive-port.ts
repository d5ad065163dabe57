import { CLOSE, reply } from "../script.ts";
import { type Fault, fault, taking } from "./fault.ts";
import { answering, editing, refusing, unlisted } from "./refusals.ts";

/** Passive mode refused, or offered with nothing behind it. */
export const PASSIVE_PORT_FAULTS: readonly Fault[] = [
  fault("passive-ports-closed", "pasv-ports-refused", "nobody listens on the ports that 227 and 229 name", () => ({
    passivePort: () => "closed",
  })),
  fault(
    "passive-ports-silent",
    "pasv-ports-filtered",
    "connects to the ports that 227 and 229 name get no answer",
    () => ({
      passivePort: () => "silent",
    }),
  ),
  fault(
    "passive-ports-partly-closed",
    "pasv-lb-other-backend",
    "every second passive port is closed whatever its number, as behind a load balancer that takes turns",
    () => ({
      passivePort: (usual, ordinal) => (ordinal % 2 === 0 ? "closed" : usual),
    }),
  ),
  fault(
    "epsv-refused",
    "epsv-rejected",
    "EPSV is not known; PASV works",
    (text) => unlisted("EPSV", refusing(["EPSV"], text)),
    taking("reply", "502 Command not implemented"),
  ),
  fault("epsv-refused-522", "epsv-rejected", "EPSV refused as an unknown network protocol; PASV works", () =>
    refusing(["EPSV"], "522 Network protocol not supported"),
  ),
  fault(
    "pasv-refused",
    "pasv-disabled",
    "PASV refused; EPSV works",
    (text) => refusing(["PASV"], text),
    taking("reply", "502 Command not implemented"),
  ),
  fault("passive-refused", "pasv-disabled", "PASV and EPSV refused", (text) => refusing(["PASV", "EPSV"], text), {
    ...taking("reply", "550 Permission denied."),
    wording: "vsftpd",
  }),
  fault(
    "passive-listen-failed",
    "pasv-server-listen-failed",
    "the server cannot open a passive port and says so at PASV and EPSV",
    (text) => refusing(["PASV", "EPSV"], text),
    taking("reply", "425 Can't open passive connection: Address already in use."),
  ),
  fault(
    "passive-address-invalid",
    "pasv-address-unparsable",
    "the configured address is no address: 500 OOPS at PASV, then the end",
    () => answering(["PASV"], [reply("500 OOPS: invalid pasv_address"), CLOSE]),
    { wording: "vsftpd" },
  ),
  fault("pasv-unanswered", "pasv-alg-drops-227", "PASV is never answered, as if its 227 were lost; EPSV works", () =>
    editing(["PASV"], () => []),
  ),
];
