/** A cause that is named as a rival and that no rule of this version looks for. */
export interface RivalCause {
  /** Catalogue id. */
  id: string;
  /** A few words that go before the id. */
  title: string;
  /** One or two sentences for `explain`. */
  meaning: string;
  /** How to mend it; left out where `meaning` says it. */
  mend?: string;
}

/** The causes that only another measurement can show; each id is one of the catalogue of faults. */
export const RIVAL_CAUSES: readonly RivalCause[] = [
  {
    id: "alg-filters-commands",
    title: "a firewall that answers or rewrites FTP commands itself",
    meaning:
      "A device on the way reads the control connection and blocks commands (EPSV, FEAT, AUTH) or answers them in the server's place. Over TLS, or from another network, the same server answers otherwise.",
  },
  {
    id: "client-nat-multi-egress",
    title: "a NAT on the client's side with several public addresses",
    meaning:
      "The client's network leaves through several public addresses, so that control and data connection come from different ones and the server refuses the data connection now and then.",
  },
  {
    id: "ctl-tarpit",
    title: "a device that accepts every connection",
    meaning:
      "A SYN proxy, a DDoS filter or a tarpit completes connections to every port of the host, so that a connection that comes about proves nothing. Random other ports connect as well.",
  },
  {
    id: "ctl-transparent-proxy",
    title: "an FTP proxy or virus scanner on the way",
    meaning:
      "A device or program between client and server takes part in the conversation: it hides the greeting, refuses commands or answers in the server's place. From another network, or over TLS, the replies differ.",
  },
  {
    id: "pasv-address-cdn-or-lb",
    title: "the address of a content network or load balancer",
    meaning:
      "The address in the reply to PASV belongs to a content network or a load balancer, which does not forward FTP's data ports. The owner of the address (whois) tells.",
  },
  {
    id: "pasv-client-egress-blocked",
    title: "a firewall on the client's side that forbids high ports",
    meaning:
      "The network of this machine lets port 21 out and no high ports. The passive mode of every FTP server fails from there in the same way.",
  },
  {
    id: "pasv-lb-other-backend",
    title: "another machine behind a load balancer",
    meaning:
      "A load balancer sends control and data connection of one client to different machines, so the data connection meets a server that knows nothing of it. Repeated probes fail and work at random.",
  },
  {
    id: "pasv-multi-address-server",
    title: "a name with several addresses that lead to different machines",
    meaning:
      "The host name has several addresses, and the server names another one of them than the client came to. Each address probed by itself shows which of them work.",
  },
  {
    id: "pasv-ports-not-forwarded",
    title: "a NAT or container host that forwards the control port alone",
    meaning:
      "Only the control port is forwarded to the server: by a router, a tunnel, a container host or an ingress. The passive ports must be forwarded as well, with the same numbers.",
  },
  {
    id: "pasv-range-exhausted",
    title: "a passive range in which all ports are busy",
    meaning:
      "The server's passive port range is too small for its load, or ports stay in use by sessions that were never closed. When the server is idle, passive mode works.",
  },
];
