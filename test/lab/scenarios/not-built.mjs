/**
 * Faults of the catalogue that are in no scenario, neither with real parts nor with scripts, and why.
 * @type {{ id: string, reason: string }[]}
 */
export const NOT_BUILT = [
  ...because(
    "the lab gives names by hosts files; a resolver with stale or no answers is covered by the tests in the simulated network",
    ["ctl-dns"],
  ),
  ...because(
    "whose network an address is cannot be told inside a namespace; to every measurement it is pasv-wrong-public-address",
    ["pasv-address-cdn-or-lb"],
  ),
  ...because("a client's doing: the tool never sends EPSV ALL", ["epsv-all-lockout"]),
  ...because("a fault of other clients, which only their logs show", [
    "client-ftp-exe-no-passive",
    "client-wrong-data-host",
    "client-data-stall-bug",
    "transfer-before-pasv",
    "ipv6-pasv-used",
  ]),
  ...because("the tool names no third address in PORT and EPRT", ["fxp-refused"]),
  ...because("the kernel's helper changes no data, and the tool compares no contents", ["alg-rewrites-payload"]),
  ...because("every server here lists what there is; what a client makes of a listing is seen in its log alone", [
    "empty-listing",
  ]),
  ...because("the kernel has no NAT64 of its own; translators need a module or a tun device that may be missing", [
    "nat64-needs-epsv",
  ]),
  ...because("it needs mod_proxy of ProFTPD, which Debian does not package; a scripted server can say its words only", [
    "ipv6-proxy-family-mismatch",
  ]),
];

/** @param {string} reason @param {string[]} ids */
function because(reason, ids) {
  return ids.map((id) => ({ id, reason }));
}
