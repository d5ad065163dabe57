/** Where certbot, the commonest source of certificates, puts those of a name; the first of the file is the server's own, then its chain. */
export const FULL_CHAIN = "/etc/letsencrypt/live/{liveName}/fullchain.pem";

/** The server's own certificate alone. */
export const OWN_CERTIFICATE = "/etc/letsencrypt/live/{liveName}/cert.pem";

/** The intermediate certificates alone. */
export const CHAIN = "/etc/letsencrypt/live/{liveName}/chain.pem";

/** The key that belongs to it. */
export const PRIVATE_KEY = "/etc/letsencrypt/live/{liveName}/privkey.pem";

/** Whose files these are. */
export const CERTIFICATE_SOURCE =
  "The files are those of certbot (`certbot certonly` gets them for {liveName}, and again before they expire); put yours in their place if they lie elsewhere.";

/** Why a path has a word in capitals; left out where a name is known. */
export const UNNAMED_NOTE =
  "{unnamed} stands for the server's name: certificates are made out for public names, and this probe went by none.";

/** What to know of the files where a server takes the chain with its certificate. */
export const CERTIFICATE_FILES = `${CERTIFICATE_SOURCE} fullchain.pem has the intermediate certificates behind the server's own, without which many clients do not trust it.`;

/** The commonest reason for an expired certificate that was renewed. */
export const RESTART_AFTER_RENEWAL =
  "The server reads the files when it starts: restart it after every renewal (certbot: --deploy-hook).";
