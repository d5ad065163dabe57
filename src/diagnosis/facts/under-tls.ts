import type { SecureRecord } from "../../model/evidence.ts";
import type { AddressFacts } from "./facts.ts";

/** What was heard behind a handshake with which a connection began. */
export interface HeardUnderTls {
  /** The handshake. */
  secure: SecureRecord;
  /** The first that was said behind it (latin1); empty where nothing was. */
  said: string;
  /** An FTP server greeted. */
  greeted: boolean;
  /** How long a greeting was waited for at most, in milliseconds; 0 where that is not known. */
  limitMs: number;
  /** The record of the connection; null where there is none. */
  control: string | null;
}

/** What was heard where TLS began with the first byte: the connection on which an FTP server greeted, else the first one; null where none came about. */
export function heardUnderTls(address: AddressFacts): HeardUnderTls | null {
  const heard = address.secures
    .filter(({ how, handshake }) => how === "implicit" && handshake?.outcome === "ok")
    .map((secure): HeardUnderTls => {
      const control = address.controls.find(({ ordinal }) => ordinal === secure.ordinal);
      const greeting = control?.greeting ?? null;
      const said = greeting?.reply?.lines.join("\n") ?? greeting?.firstBytes ?? "";
      const loggedIn = address.logins.some(
        ({ session, result }) => session === secure.session && result === "logged-in",
      );
      return {
        secure,
        said,
        greeted: loggedIn || isFtpGreeting(said),
        limitMs: greeting?.limitMs ?? 0,
        control: control?.id ?? null,
      };
    });
  return heard.find(({ greeted }) => greeted) ?? heard[0] ?? null;
}

/** Whether these are the first words of an FTP server; mail servers greet with 220 as well. */
export function isFtpGreeting(said: string): boolean {
  return /^[1245]\d\d[ -]/.test(said) && !/\bE?SMTP\b/.test(said);
}
