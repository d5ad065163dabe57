import type { UnprobedCause } from "./cause.ts";

/** Causes that look from outside like others; another measurement, or the files of server and firewall, would show them. */
export const MEASURED_ELSEWHERE: readonly UnprobedCause[] = [
  {
    id: "pasv-conntrack-helper-missing",
    shownBy: "server-files",
    title: "a firewall without its FTP helper",
    meaning:
      'The firewall of the server or a NAT before it relies on a kernel module (the FTP conntrack helper) to open data ports, and the module is not loaded, or no rule assigns it (since kernel 4.7 that does not happen by itself). From outside nothing tells that from a passive range that was never opened: in both cases the ports offered are dropped or rejected, in clear and under TLS alike, while an idle port of the range answers no differently. Where a helper is at work, `ftp-doctor ports` sees it open ports as they are offered. On the firewall itself four commands tell: `lsmod | grep nf_conntrack_ftp` (is the module loaded), `nft list ruleset | grep -E "ct helper|ct state"` or `iptables -t raw -S | grep helper` (is it assigned, and do the rules rely on related connections), `conntrack -L expect` while a session has just been given a passive port (an empty list means that nobody reads the offers), and in the log of the kernel "default automatic helper assignment has been turned off".',
    mend: "Open the passive range statically, which needs no helper; or load nf_conntrack_ftp (and nf_nat_ftp at a NAT) and assign the helper to port 21.",
  },
  {
    id: "pasv-nonstandard-control-port",
    shownBy: "measurement",
    title: "FTP on another port, which the firewall's FTP helper does not read",
    meaning:
      "The server answers on another port than 21, and the firewall follows FTP on port 21 alone, so no data port is opened. On port 21 the same server works.",
    mend: "Open the passive range statically, or tell the firewall's helper of the other port.",
  },
];
