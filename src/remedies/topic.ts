/** What a server has to be told, one for each kind of fault that its configuration can mend. */
export const SERVER_TOPICS = [
  /** Name the address that clients reach in the answer to PASV. */
  "advertised-address",
  /** Name an address in place of 0.0.0.0. */
  "zero-address",
  /** Name a plain address in place of a setting that is none. */
  "invalid-address",
  /** Name no fixed address: the control connection's own is right. */
  "own-address",
  /** Follow an address that changes. */
  "dynamic-address",
  /** Name the address of the host, not of the container. */
  "container-address",
  /** Name another address to clients of the local network. */
  "local-address",
  /** Offer passive ports from a fixed range. */
  "passive-range",
  /** Answer PASV and EPSV at all. */
  "enable-passive",
  /** Answer EPSV. */
  "enable-epsv",
  /** Answer PORT and EPRT. */
  "enable-active",
  /** Call clients from any port, where the usual one cannot be had. */
  "data-port",
  /** Write 227 and 229 in a form that clients can read. */
  "readable-reply",
  /** Take the data connection from another address than the control connection's. */
  "foreign-data-peer",
  /** Be able to open the passive listener. */
  "listen-failed",
  /** Let more sessions in. */
  "max-clients",
  /** Let more sessions of one address in. */
  "max-per-ip",
  /** Greet without waiting for name look-ups. */
  "reverse-lookup",
  /** Greet in one well-formed reply. */
  "greeting-text",
  /** Run, and listen on the control port. */
  "start-service",
  /** Find out what listens on the control port. */
  "what-listens",
  /** Listen on IPv6 too. */
  "listen-ipv6",
  /** Let the client's address through access lists. */
  "access-list",
  /** Lift a ban of the client's address. */
  "unban",
  /** Accept the login. */
  "login",
  /** Let the user into the home directory. */
  "home-directory",
  /** vsftpd's refusal of a writable root. */
  "writable-chroot",
  /** TLS is demanded: use it, or demand it no longer. */
  "require-tls",
  /** Let the user enter and read the path. */
  "read-path",
  /** Let the user write. */
  "write-path",
  /** Let a transfer run to its end: something between server and client cut it. */
  "transfer-cut",
  /** Let a transfer run to its end: the server itself could not go on. */
  "transfer-failed",
  /** Have room for what is transferred. */
  "storage",
  /** Offer TLS. */
  "tls-enable",
  /** Have a certificate that clients believe: for this name, in its time, with its chain. */
  "tls-certificate",
  /** Speak TLS 1.2 and 1.3. */
  "tls-versions",
  /** Have ciphers, keys and signatures that present clients accept. */
  "tls-ciphers",
  /** Speak explicit TLS on the usual port, implicit TLS on 990. */
  "tls-mode",
  /** Let clients in that show no certificate of their own. */
  "tls-client-certificate",
  /** Let anonymous visitors use TLS. */
  "anonymous-tls",
  /** Accept data connections that do not resume the control connection's TLS session. */
  "session-reuse",
  /** Accept data connections without TLS. */
  "prot-p",
  /** Name the public address under TLS alone, where a NAT rewrites it in clear text. */
  "tls-masquerade",
  /** End the TLS of data connections properly, and bear with clients that do not. */
  "tls-close-notify",
] as const;

/** What a server has to be told. */
export type ServerTopic = (typeof SERVER_TOPICS)[number];

/** What a firewall or router has to be told. */
export const FIREWALL_TOPICS = [
  /** Let clients reach the passive range. */
  "open-passive-range",
  /** Let clients reach the control port. */
  "open-control-port",
  /** Forward control port and passive range to the server behind a NAT. */
  "forward-passive-range",
  /** Let the server call clients from its data port, at the server. */
  "allow-active-out",
  /** Let the server's call in, at the client. */
  "allow-active-in",
  /** Open (and forward) the passive range whatever a helper understands: TLS hides the replies from it. */
  "tls-passive-range",
  /** Let FTP under TLS through an inspection of FTP. */
  "tls-inspection",
  /** Let the kernel's FTP helper read the control port, for firewalls whose rules count on it. */
  "assign-helper",
] as const;

/** What a firewall or router has to be told. */
export type FirewallTopic = (typeof FIREWALL_TOPICS)[number];

/** What a client can be told, to get along until the fault is mended. */
export const CLIENT_TOPICS = [
  "use-epsv",
  "disable-epsv",
  "ignore-pasv-address",
  "use-passive",
  "use-active",
  "force-ipv4",
  "use-tls",
  "one-connection",
  "wait-longer",
  "resume-session",
  "protect-data",
  "explicit-tls",
  "implicit-tls",
  "cap-tls-1.2",
  "trust-certificate",
  "client-certificate",
  "without-tls",
] as const;

/** What a client can be told. */
export type ClientTopic = (typeof CLIENT_TOPICS)[number];
