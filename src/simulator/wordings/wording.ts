import type { Endpoint } from "../../model/endpoint.ts";

/** How the simulator words its replies; lines separated by CR LF, without the last line end. */
export interface Wording {
  /** The 220; `local` is the address the client reached. */
  greeting(local: Endpoint): string;
  /** To USER: send the password. A 2xx logs in at once. */
  askPassword(user: string, anonymous: boolean): string;
  loggedIn(user: string, anonymous: boolean): string;
  loginIncorrect: string;
  /** To a command that needs a login. */
  notLoggedIn: string;
  /** To PASS without USER. */
  userFirst: string;
  syst: string;
  /** The whole FEAT reply. */
  feat: readonly string[];
  help: readonly string[];
  noop: string;
  type(type: "A" | "I"): string;
  workingDirectory(path: string): string;
  directoryChanged(path: string): string;
  noSuchDirectory(path: string): string;
  noSuchFile(path: string): string;
  /** `hostPort` is `h1,h2,h3,h4,p1,p2`. */
  passive(hostPort: string): string;
  extendedPassive(port: number): string;
  /** To PASV on an IPv6 control connection; null where a 227 with zeros is given. */
  passiveOnIpv6: string | null;
  epsvAll: string;
  /** To PASV, PORT and EPRT after EPSV ALL; null where they go on working. */
  afterEpsvAll: string | null;
  active(verb: "PORT" | "EPRT"): string;
  /** To an address in PORT or EPRT that is not the client's own, or a port below 1024. */
  illegalPort(verb: "PORT" | "EPRT", offered: string | null, client: string): string;
  /** To a protocol that this control connection's family cannot use. */
  wrongProtocol(usable: 1 | 2): string;
  /** 150 of a listing; `port` is the client's port in active mode, null in passive mode. */
  listingBegins(port: number | null): string;
  listingEnds(entries: number): string;
  fileBegins(name: string, bytes: number, port: number | null): string;
  fileEnds: string;
  /** To a transfer command without PASV or PORT before it. */
  noDataConnection: string;
  /** The data connection could not be made: nobody came, or the client could not be called. */
  dataFailed(reason: string, port: number | null): string;
  /** A data connection came from another address than the control connection. */
  foreignData: string;
  aborted: string;
  abortDone: string;
  nothingToAbort: string;
  unknown(verb: string): string;
  unknownBeforeLogin(verb: string): string;
  /** Commands it does not know although the simulator does. */
  lacks: readonly string[];
  /** To AUTH: this server has no TLS. */
  authRefused(mechanism: string): string;
  readOnly: string;
  goodbye: string;
}
