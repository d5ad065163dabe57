import type { UnprobedCause } from "./cause.ts";

/** Causes that look from outside like others; another measurement, or the files of server and firewall, would show them. */
export const MEASURED_ELSEWHERE: readonly UnprobedCause[] = [
  {
    id: "pasv-conntrack-helper-missing",
    shownBy: "server-files",
    title: "a firewall without its FTP helper",
    meaning:
      "The firewall of the server or a NAT before it relies on a kernel module (the FTP conntrack helper) to open data ports, and the module is not loaded or not assigned. From outside that looks like a passive range that is not open; on the firewall lsmod and nft list ruleset show it.",
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
  {
    id: "pasv-port-remapped",
    shownBy: "server-files",
    title: "passive ports that are forwarded with other numbers",
    meaning:
      "A NAT or container host forwards the passive ports with other numbers than the server names, so clients reach the wrong one or none. The forwarding rules beside the server's range show it.",
    mend: "Forward every passive port to the same number.",
  },
];
