/**
 * The lab's addresses. Public sides use documentation addresses, which the tool counts as public; no packet leaves the machine.
 */

/** The server as the Internet knows it: its own address, or its NAT router's. */
export const SERVER = "203.0.113.5";
export const SERVER_V6 = "2001:db8:2::5";
/** The server's own address where a NAT router stands before it. */
export const SERVER_INSIDE = "10.0.0.2";
/** A second server behind the same NAT router. */
export const TWIN_INSIDE = "10.0.2.2";
/** A second public address of the server's host, where a scenario gives it one. */
export const SERVER_TOO = "203.0.113.6";
/** The client as the Internet knows it: its own address, or its NAT router's. */
export const CLIENT = "198.51.100.10";
export const CLIENT_V6 = "2001:db8:1::10";
/** A second public address of the client's router, where a scenario gives it one. */
export const CLIENT_TOO = "198.51.100.11";
/** The client's own address behind its NAT router. */
export const CLIENT_AT_HOME = "192.168.1.10";
/** The client's address where it is inside the server's own network. */
export const CLIENT_INSIDE = "10.0.1.20";
/** A public address that belongs to nobody here: packets to it vanish. */
export const NOBODY = "192.0.2.77";
/** Name of the server in the client's hosts file, for scenarios with both address families. */
export const NAME = "ftp.example.com";
/** Passive ports of every server unless its scenario says otherwise. */
export const RANGE = { from: 40000, to: 40050 };
/** The passive ports as nft and the NAT take them. */
export const PORTS = `${RANGE.from}-${RANGE.to}`;
