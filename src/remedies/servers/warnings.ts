/** What it means that TLS is offered and no longer demanded. */
export const TLS_OPTIONAL =
  "This weakens the server, for whoever cannot do without clear text: it offers TLS without demanding it, and the passwords and files of clients that ask for no TLS cross the network for everybody to read.";

/** What it means that a server no longer compares where control and data connection come from. */
export const FOREIGN_DATA_PEER =
  "This weakens the server, where nothing else can be done: it lets the data connection come from any address. That gives up the protection against stolen data connections (whoever is first at the port gets the file) and, where it covers active mode too, against FTP bounce (the server made to call third machines).";
