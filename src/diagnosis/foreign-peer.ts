import type { Facts } from "./facts.ts";
import { type ConnectedAttempt, connectedAttempts } from "./transfers.ts";

/** What servers say when the data connection comes from another address than the control connection. */
const WORDINGS: readonly { says: RegExp; product: string; source: string }[] = [
  { says: /security: bad ip connecting/i, product: "vsftpd", source: "ftpdataio.c:130" },
  {
    says: /unable to build data connection: permission denied/i,
    product: "ProFTPD with AllowForeignAddress off",
    source: "ProFTPD 1.3.8, seen in the lab",
  },
  { says: /rejected data connection from foreign address/i, product: "pyftpdlib", source: "dispatchers.py" },
  {
    says: /data connection security requirements not met/i,
    product: "SFTPGo, ftpserverlib",
    source: "drakkan/sftpgo issue 1013",
  },
];

/** Products that hang up on such a connection without a word. */
const SILENT: readonly string[] = ["Pure-FTPd", "ProFTPD"];

/** Passive attempts of which the server says that the data connection came from another address. */
export function toldForeign(facts: Facts): ConnectedAttempt[] {
  return passiveOnes(facts).filter(({ text }) => WORDINGS.some(({ says }) => says.test(text)));
}

/** Passive attempts that a server known to do so hung up on at once, and then waited for another call. */
export function silentlyForeign(facts: Facts): ConnectedAttempt[] {
  const products = facts.addresses.filter(({ product }) => product !== null && SILENT.includes(product.name));
  const addresses = products.map(({ address }) => address);
  return passiveOnes(facts).filter(
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

function passiveOnes(facts: Facts): ConnectedAttempt[] {
  return connectedAttempts(facts).filter(({ record }) => record.experiment === "passive");
}
