import { type Endpoint, familyOf } from "../../model/endpoint.ts";
import type { Conversation } from "../conversation.ts";
import { hostPortText, parseEprt, parsePort } from "../host-port.ts";
import { reply, type Script } from "../script.ts";
import type { CommandTable } from "./command-table.ts";

/** The four ways to set up a data connection (RFC 959, RFC 2428). */
export const DATA_PORT_COMMANDS: CommandTable = {
  PASV: {
    login: true,
    async run(_argument, talk) {
      const { wording } = talk;
      if (talk.epsvAll && wording.afterEpsvAll !== null) return [reply(wording.afterEpsvAll)];
      if (familyOf(talk.local.address) === "ipv6" && wording.passiveOnIpv6 !== null)
        return [reply(wording.passiveOnIpv6)];
      const endpoint = await offer("pasv", talk);
      return [reply(endpoint === null ? LISTEN_FAILED : wording.passive(hostPortText(endpoint)))];
    },
  },
  EPSV: {
    login: true,
    async run(argument, talk) {
      if (argument.toUpperCase() === "ALL") {
        talk.epsvAll = true;
        return [reply(talk.wording.epsvAll)];
      }
      const own = protocolOf(talk.local.address);
      if (argument !== "" && argument !== String(own)) return [reply(talk.wording.wrongProtocol(own))];
      const endpoint = await offer("epsv", talk);
      return [reply(endpoint === null ? LISTEN_FAILED : talk.wording.extendedPassive(endpoint.port))];
    },
  },
  PORT: {
    login: true,
    run(argument, talk) {
      const endpoint = parsePort(argument);
      if (endpoint === null) return [reply("501 PORT needs h1,h2,h3,h4,p1,p2")];
      return callTo(endpoint, "PORT", talk);
    },
  },
  EPRT: {
    login: true,
    run(argument, talk) {
      const answer = parseEprt(argument);
      if (answer.kind === "unreadable") return [reply("501 EPRT needs |protocol|address|port|")];
      if (answer.kind === "protocol") return [reply(talk.wording.wrongProtocol(protocolOf(talk.local.address)))];
      if (familyOf(answer.endpoint.address) !== familyOf(talk.local.address)) {
        return [reply(talk.wording.wrongProtocol(protocolOf(talk.local.address)))];
      }
      return callTo(answer.endpoint, "EPRT", talk);
    },
  },
};

const LISTEN_FAILED = "425 No passive port could be opened";

async function offer(mode: "pasv" | "epsv", talk: Conversation): Promise<Endpoint | null> {
  const port = await talk.data.offer((ordinal) => talk.behaviour.passivePort("listening", ordinal));
  if (port === null) return null;
  return talk.behaviour.advertise({ address: talk.publicAddress ?? talk.local.address, port }, mode);
}

/** Only the client itself is called, and no service of its host: otherwise anybody's port could be scanned from here (RFC 2577). */
function callTo(to: Endpoint, verb: "PORT" | "EPRT", talk: Conversation): Script {
  const { wording } = talk;
  if (talk.epsvAll && wording.afterEpsvAll !== null) return [reply(wording.afterEpsvAll)];
  if (to.address !== talk.remote.address || to.port < 1024) {
    return [reply(wording.illegalPort(verb, to.address, talk.remote.address))];
  }
  talk.data.callTo(to, talk.behaviour.callFrom(null));
  return [reply(wording.active(verb))];
}

/** The protocol number of RFC 2428. */
function protocolOf(address: string): 1 | 2 {
  return familyOf(address) === "ipv4" ? 1 : 2;
}
