/** What it means that TLS is offered and no longer demanded. */
export const TLS_OPTIONAL =
  "Offers TLS without demanding it: passwords and files then cross the network for everybody to read who asks for no TLS.";

/** What it means that a server no longer compares where control and data connection come from. */
export const FOREIGN_DATA_PEER =
  "Lets the data connection come from another address than the control connection. It gives up a protection against stolen data connections: better let the proxy or load balancer keep the client's address.";
