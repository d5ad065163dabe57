/**
 * Faults of the catalogue that no topology or firewall of this lab can show, and why. What a scripted server or a rewriting proxy of the
 * lab shows is not listed here.
 * @type {{ id: string, reason: string }[]}
 */
export const NOT_BUILT = [
  {
    id: "ctl-dns",
    reason:
      "the lab gives names by hosts files; a resolver that gives stale or no answers is covered by the tests in the simulated network",
  },
  {
    id: "pasv-address-cdn-or-lb",
    reason:
      "whose network an address is cannot be told inside a namespace; to every measurement it is pasv-wrong-public-address",
  },
  {
    id: "data-tls-alg-blind",
    reason: "the command line makes no TLS yet; the kernel's helper and the servers' TLS are there for it",
  },
  {
    id: "port-client-nat-no-alg-tls",
    reason: "the command line makes no TLS yet; the client's NAT with its helper is there for it",
  },
  {
    id: "alg-no-epsv",
    reason: "the kernel's helper reads EPSV since 2.4; a device that does not is left to the lab's rewriting proxy",
  },
  {
    id: "nat64-needs-epsv",
    reason:
      "the kernel has no NAT64, and its out-of-tree modules (Jool) and tayga need a kernel module or a tun device that may be missing",
  },
  {
    id: "srv-stalled-accept",
    reason: "every real server that runs here accepts side by side; a scripted one shows it",
  },
];
