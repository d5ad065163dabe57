import type { Facts } from "./facts.ts";
import { sameAddress } from "./passive-facts.ts";
import { everyPassive } from "./repeated-offers.ts";
import { type ConnectedAttempt, connectedAmong, connectedAttempts } from "./transfers.ts";

/** What servers say when the data connection comes from another address than the control connection. */
const WORDINGS: readonly { says: RegExp; product: string; source: string }[] = [
  { says: /security: bad ip connecting/i, product: "vsftpd", source: "ftpdataio.c:130" },
  {
    says: /unable to build data connection: permission denied/i,
    product: "ProFTPD with AllowForeignAddress off",
    source: "ProFTPD 1.3.8, seen in the lab",
  },
  { says: /rejected data connection from foreign address/i, product: "pyftpdlib", source: "dispatchers.py" },
  { says: /^(?:\d{3} )?remote addresses do not match/im, product: "ftp-srv", source: "ftp-srv 4.6.3, seen in the lab" },
  {
    says: /data connection security requirements not met/i,
    product: "SFTPGo, ftpserverlib",
    source: "drakkan/sftpgo issue 1013",
  },
];

/** Products that hang up on such a connection without a word. */
const SILENT: readonly string[] = ["Pure-FTPd", "ProFTPD"];

/** Transfers of passive mode that ended because the server minded the other address, beside all that had a data connection. */
export interface ForeignPeers {
  /** Those that it hung up on. */
  hits: ConnectedAttempt[];
  /** All of them, repeated offers included. */
  of: ConnectedAttempt[];
  /** Whether the server says why. */
  told: boolean;
}

/** What the server said or did about the address that data connections came from. */
export function foreignPeers(facts: Facts): ForeignPeers {
  // To another address than the server's a connection may well go another way, and come from elsewhere: that is the 227's fault.
  const of = connectedAmong([...everyPassive(facts), ...facts.rounds.flatMap(({ passive }) => passive)]).filter(
    ({ record, transfer }) => transfer.over !== null && sameAddress(transfer.over.address, record.address),
  );
  const told = of.filter(({ text }) => WORDINGS.some(({ says }) => says.test(text)));
  return { hits: told.length > 0 ? told : silentlyForeign(of, facts), of, told: told.length > 0 };
}

/**
 * Whether every data connection met it: then something before the server rewrites addresses; a pool of addresses on the
 * client's side hits the right one now and then.
 */
export function isAlways({ hits, of }: ForeignPeers): boolean {
  const reached = new Set(hits.map(({ record }) => record.address));
  return of.every((one) => hits.includes(one) || !reached.has(one.record.address));
}

/** Passive attempts that a server known to do so hung up on at once, and then waited for another call. */
function silentlyForeign(connected: readonly ConnectedAttempt[], facts: Facts): ConnectedAttempt[] {
  const products = facts.addresses.filter(({ product }) => product !== null && SILENT.includes(product.name));
  const addresses = products.map(({ address }) => address);
  return connected.filter(
    ({ record, transfer, final }) =>
      addresses.includes(record.address) &&
      !failsWhenCalling(record.address, facts) &&
      transfer.bytes === 0 &&
      (transfer.dataOutcome === "ok" || transfer.dataOutcome === "reset") &&
      // It has not even begun: no 150, and no end but a time-out.
      transfer.exchange.replies.every(({ code }) => code >= 400) &&
      (final === null ? transfer.exchange.outcome === "timed-out" : final.code === 425 || final.code === 421),
  );
}

/** In active mode it is the server that calls: where that ends in the same way, nobody's address was minded. */
function failsWhenCalling(address: string, facts: Facts): boolean {
  return connectedAttempts(facts).some(
    ({ record, transfer, final }) =>
      record.experiment === "active" &&
      record.address === address &&
      transfer.bytes === 0 &&
      (final === null ? transfer.exchange.outcome === "timed-out" : final.code === 425 || final.code === 421),
  );
}
