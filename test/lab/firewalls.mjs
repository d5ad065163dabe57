/** nft texts that several scenarios use. One statement per line, and no chain may be called `fwd`: nft would not have it. */

/**
 * One rule in one hook of a host, beside whatever else is there. Table and chain have the names of nftables' own examples, for remedies
 * name them so.
 * @param {"input" | "forward" | "output"} hook
 * @param {string} statement
 */
export function rule(hook, statement) {
  return `table inet filter {
  chain ${hook} {
    type filter hook ${hook} priority filter
    ${statement}
  }
}`;
}

/** The kernel's own FTP helper: it reads the control connection, rewrites addresses where there is NAT, and lets the data connections in. */
export const FTP_HELPER = `table inet helper {
  ct helper ftp-standard {
    type "ftp" protocol tcp
  }
  chain assign {
    type filter hook prerouting priority mangle
    tcp dport 21 ct helper set "ftp-standard"
  }
}`;
