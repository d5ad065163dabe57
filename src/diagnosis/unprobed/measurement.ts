import type { UnprobedCause } from "./cause.ts";

/** Causes that look from outside like others; another measurement, or the files of server and firewall, would show them. */
export const MEASURED_ELSEWHERE: readonly UnprobedCause[] = [
  {
    id: "pasv-nonstandard-control-port",
    shownBy: "measurement",
    title: "FTP on another port, which the firewall's FTP helper does not read",
    meaning:
      "The server answers on another port than 21, and the firewall follows FTP on port 21 alone, so no data port is opened. On port 21 the same server works.",
    mend: "Open the passive range statically, or tell the firewall's helper of the other port.",
  },
];
