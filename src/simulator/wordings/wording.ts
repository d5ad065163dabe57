import type { Endpoint } from "../../model/endpoint.ts";

/** How the simulator words its replies; lines separated by CR LF, without the last line end. */
export interface Wording {
  /** The 220; `local` is the address the client reached. */
  greeting(local: Endpoint): string;
  /** To USER: send the password. A 2xx logs in at once. */
  askPassword(user: string, anonymous: boolean): string;
  /** 230 to PASS. */
  loggedIn(user: string, anonymous: boolean): string;
  /** To PASS with a wrong password or an unknown user. */
  loginIncorrect: string;
  /** To a command that needs a login. */
  notLoggedIn: string;
  /** To PASS without USER. */
  userFirst: string;
  /** To SYST. */
  syst: string;
  /** The whole FEAT reply. */
  feat: readonly string[];
  /** The whole HELP reply. */
  help: readonly string[];
  /** To NOOP. */
  noop: string;
  /** 200 to TYPE. */
  type(type: "A" | "I"): string;
  /** 257 to PWD. */
  workingDirectory(path: string): string;
  /** 250 to CWD and CDUP. */
  directoryChanged(path: string): string;
  /** To CWD into what is no directory. */
  noSuchDirectory(path: string): string;
  /** To any other command on a path that is not there. */
  noSuchFile(path: string): string;
  /** 227; `hostPort` is `h1,h2,h3,h4,p1,p2`. */
  passive(hostPort: string): string;
  /** 229. */
  extendedPassive(port: number): string;
  /** To PASV on an IPv6 control connection; null where a 227 with zeros is given. */
  passiveOnIpv6: string | null;
  /** To EPSV ALL. */
  epsvAll: string;
  /** To PASV, PORT and EPRT after EPSV ALL; null where they go on working. */
  afterEpsvAll: string | null;
  /** 200 to PORT and EPRT. */
  active(verb: "PORT" | "EPRT"): string;
  /** To an address in PORT or EPRT that is not the client's own, or a port below 1024. */
  illegalPort(verb: "PORT" | "EPRT", offered: string | null, client: string): string;
  /** To a protocol that this control connection's family cannot use. */
  wrongProtocol(usable: 1 | 2): string;
  /** 150 of a listing; `port` is the client's port in active mode, null in passive mode. */
  listingBegins(port: number | null): string;
  /** 226 of a listing with this many lines. */
  listingEnds(entries: number): string;
  /** 150 of RETR; `port` as in `listingBegins`. */
  fileBegins(name: string, bytes: number, port: number | null): string;
  /** 226 of RETR. */
  fileEnds: string;
  /** To a transfer command without PASV or PORT before it. */
  noDataConnection: string;
  /** The data connection could not be made: nobody came, or the client could not be called. */
  dataFailed(reason: string, port: number | null): string;
  /** A data connection came from another address than the control connection. */
  foreignData: string;
  /** 426 of the transfer that ABOR ended. */
  aborted: string;
  /** To that ABOR itself. */
  abortDone: string;
  /** To ABOR without a transfer. */
  nothingToAbort: string;
  /** To a command that it does not know, after the login. */
  unknown(verb: string): string;
  /** The same before the login. */
  unknownBeforeLogin(verb: string): string;
  /** Commands it does not know although the simulator does. */
  lacks: readonly string[];
  /** To AUTH: this server has no TLS. */
  authRefused(mechanism: string): string;
  /** To every command that would change something. */
  readOnly: string;
  /** 221 to QUIT. */
  goodbye: string;
}
