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
    id: "ctl-transparent-proxy",
    title: "an FTP proxy or virus scanner on the way",
    meaning:
      "A device or program between client and server takes part in the conversation: it hides the greeting, refuses commands or answers in the server's place. From another network, or over TLS, the replies differ.",
  },
];
