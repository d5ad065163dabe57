/** Where certbot, the commonest source of certificates, puts those of a name; the first of the file is the server's own, then its chain. */
export const FULL_CHAIN = "/etc/letsencrypt/live/{host}/fullchain.pem";

/** The key that belongs to it. */
export const PRIVATE_KEY = "/etc/letsencrypt/live/{host}/privkey.pem";

/** What to know of the files, whatever server reads them. */
export const CERTIFICATE_FILES =
  "The files are those of certbot (`certbot certonly` gets them for {host}, and again before they expire); put yours in their place if they lie elsewhere. fullchain.pem has the intermediate certificates behind the server's own, without which many clients do not trust it.";

/** The commonest reason for an expired certificate that was renewed. */
export const RESTART_AFTER_RENEWAL =
  "The server reads the files when it starts: restart it after every renewal (certbot: --deploy-hook).";
