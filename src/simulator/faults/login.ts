import { isAnonymous } from "../../model/login.ts";
import { CLOSE, reply, wait } from "../script.ts";
import { type Fault, fault, taking } from "./fault.ts";
import { answering, editing, refusing } from "./refusals.ts";

/** What servers say to a login in clear where they want TLS, at which command, and whether they hang up. */
interface TlsDemand {
  at: "USER" | "PASS";
  text: string;
  closes: boolean;
}

const TLS_DEMANDS: ReadonlyMap<string, TlsDemand> = new Map(
  Object.entries({
    vsftpd: { at: "USER", text: "530 Non-anonymous sessions must use encryption.", closes: true },
    proftpd: { at: "USER", text: "550 SSL/TLS required on the control channel", closes: false },
    "pure-ftpd": {
      at: "USER",
      text: "421 Sorry, cleartext sessions and weak ciphers are not accepted on this server.",
      closes: true,
    },
    iis: { at: "USER", text: "534 Policy requires SSL.", closes: false },
    filezilla: { at: "USER", text: "503 Use AUTH first.", closes: false },
    "filezilla-0.9": {
      at: "USER",
      text: "530 This server does not allow plain FTP. You have to use FTP over TLS.",
      closes: false,
    },
    cerberus: { at: "USER", text: "521 Not logged in - Secure authentication required", closes: false },
    "aws-transfer": { at: "USER", text: "534 TLS required, configure with AUTH first.", closes: false },
    globalscape: {
      at: "PASS",
      text: "530 SSL is required to connect to this account",
      closes: false,
    },
  } satisfies Record<string, TlsDemand>),
);

/** Whose demands for TLS are known by heart. */
export const TLS_DEMANDERS: readonly string[] = [...TLS_DEMANDS.keys()];

/** The server says no to the login, or breaks at it. */
export const LOGIN_FAULTS: readonly Fault[] = [
  fault(
    "login-refused",
    "auth-rejected",
    "every password is refused",
    (text) => refusing(["PASS"], text),
    taking("reply", "530 Login incorrect."),
  ),
  fault(
    "user-refused",
    "auth-rejected",
    "every user is refused before the password is asked for",
    (text) => refusing(["USER"], text),
    taking("reply", "530 Permission denied."),
  ),
  fault("no-anonymous", "auth-anonymous-tls", "anonymous users are refused; the account works", () => ({
    command: (usual, { verb, argument }) =>
      verb === "USER" && isAnonymous(argument) ? [reply("530 This is a private system - No anonymous login")] : usual(),
  })),
  fault("needs-account", "auth-rejected", "after the password an account (ACCT) is asked for", () =>
    refusing(["PASS", "ACCT"], "332 Need account for login."),
  ),
  fault(
    "slow-login",
    "ctl-banner-delay",
    "the answer to PASS comes late, by the time given in ms",
    (ms) => editing(["PASS"], (usual) => [wait(Number(ms)), ...usual]),
    taking("ms", 6000),
  ),
  fault(
    "tls-required",
    "auth-tls-required",
    `a login in clear is refused, in the words of a product: ${TLS_DEMANDERS.join(", ")}`,
    (product) => {
      const demand = TLS_DEMANDS.get(product);
      if (demand === undefined) return {};
      return answering([demand.at], demand.closes ? [reply(demand.text), CLOSE] : [reply(demand.text)]);
    },
    taking("product", "vsftpd"),
  ),
  fault(
    "writable-chroot",
    "auth-chroot-writable-root",
    "vsftpd refuses a home directory that can be written to",
    () => answering(["PASS"], [reply("500 OOPS: vsftpd: refusing to run with writable root inside chroot()"), CLOSE]),
    { wording: "vsftpd" },
  ),
  fault(
    "home-missing",
    "auth-home-inaccessible",
    "the password is right, but the home directory is not there",
    () => answering(["PASS"], [reply("500 OOPS: cannot change directory:/home/demo"), CLOSE]),
    { wording: "vsftpd" },
  ),
  fault(
    "session-crash",
    "srv-session-crash",
    "the server's process dies after the password",
    () => answering(["PASS"], [reply("500 OOPS: child died"), CLOSE]),
    { wording: "vsftpd" },
  ),
];
