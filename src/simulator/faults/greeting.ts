import { bytes, CLOSE, HANG, RESET, reply, wait } from "../script.ts";
import { type Fault, fault, taking } from "./fault.ts";
import { greetingWith } from "./refusals.ts";

const TOO_MANY_USERS = "421 There are too many connected users, please try later.";
const TOO_MANY_FROM_ADDRESS = "421 There are too many connections from your internet address.";

/** The greeting is late, missing, or a refusal. */
export const GREETING_FAULTS: readonly Fault[] = [
  fault(
    "slow-greeting",
    "ctl-banner-delay",
    "the greeting comes late, by the time given in ms",
    (ms) => ({ greeting: (usual) => [wait(Number(ms)), ...usual] }),
    taking("ms", 6000),
  ),
  fault("no-greeting", "ctl-no-banner", "the connection is accepted and then nothing is said", () =>
    greetingWith([HANG]),
  ),
  fault("half-greeting", "ctl-protocol-violation", "half of the greeting, without a line end, then nothing", () =>
    greetingWith([bytes("220 ftp-doc"), HANG]),
  ),
  fault("half-greeting-closes", "ctl-protocol-violation", "half of the greeting, then the end", () =>
    greetingWith([bytes("220 ftp-doc"), CLOSE]),
  ),
  fault(
    "unfinished-greeting",
    "ctl-protocol-violation",
    "the first lines of a long greeting, and its last line never comes",
    () => greetingWith([bytes("220-Welcome\r\n220-to this server\r\n"), HANG]),
  ),
  fault(
    "busy-greeting",
    null,
    "120 first, and 220 after the time given in ms",
    (ms) => ({
      greeting: (usual) => [reply("120 Service ready in a moment"), wait(Number(ms)), ...usual],
    }),
    taking("ms", 500),
  ),
  fault("long-greeting", null, "a correct greeting of thirty lines", () => ({
    greeting: () => [
      reply(...Array.from({ length: 29 }, (_, n) => `220-Line ${n + 1} of the house rules`), "220 Please keep to them"),
    ],
  })),
  fault(
    "too-many-clients",
    "ctl-max-clients",
    "421: the server is full",
    (text) => greetingWith([reply(text), CLOSE]),
    { ...taking("reply", TOO_MANY_USERS), wording: "vsftpd" },
  ),
  fault(
    "too-many-from-address",
    "ctl-max-per-ip",
    "421: too many connections from this address",
    (text) => greetingWith([reply(text), CLOSE]),
    { ...taking("reply", TOO_MANY_FROM_ADDRESS), wording: "vsftpd" },
  ),
  fault(
    "connection-limit",
    "ctl-max-per-ip",
    "421 for every connection beyond the number given that is open at once",
    (limit, session) => (session.open > Number(limit) ? greetingWith([reply(TOO_MANY_FROM_ADDRESS), CLOSE]) : {}),
    { ...taking("count", 1), wording: "vsftpd" },
  ),
  fault(
    "connections-run-out",
    "ctl-max-clients",
    "421 for every connection after the number given",
    (limit, session) => (session.ordinal > Number(limit) ? greetingWith([reply(TOO_MANY_USERS), CLOSE]) : {}),
    { ...taking("count", 1), wording: "vsftpd" },
  ),
  fault("banned", "ctl-source-banned", "550: this address is banned", () =>
    greetingWith([reply("550 No connections allowed from your IP"), CLOSE]),
  ),
  fault("closes-at-once", "ctl-accepted-then-closed", "the connection is accepted and ended without a word", () =>
    greetingWith([CLOSE]),
  ),
  fault("resets-at-once", "ctl-accepted-then-closed", "the connection is accepted and reset without a word", () =>
    greetingWith([RESET]),
  ),
];
