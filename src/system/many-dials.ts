import { isIP, Socket } from "node:net";
import { codeOf } from "./classify.ts";
import type { DialAnswer, ManyDials, ManyDialsOptions } from "./ports.ts";

/**
 * What an error number says of a dial. Apart from `classifySocketError`, because here the troubles of this machine must
 * be told from one another: some pass, and none of them is the other side's answer.
 */
const ANSWERS: Readonly<Record<string, DialAnswer>> = {
  ECONNREFUSED: "refused",
  // A reset that comes right behind the acceptance, before Node has looked: somebody did accept.
  ECONNRESET: "connected",
  ETIMEDOUT: "timed-out",
  // ICMP: no host, no network, no such protocol, forbidden (IPv6).
  EHOSTUNREACH: "rejected",
  ENETUNREACH: "rejected",
  EHOSTDOWN: "rejected",
  ENETDOWN: "rejected",
  ENOPROTOOPT: "rejected",
  EACCES: "rejected",
  // The second one comes from the bind that a source address needs.
  EADDRNOTAVAIL: "no-local-port",
  EADDRINUSE: "no-local-port",
  EMFILE: "no-descriptor",
  ENFILE: "no-descriptor",
  ENOBUFS: "no-memory",
  ENOMEM: "no-memory",
  EAGAIN: "no-memory",
};

/** Dials over plain sockets: no signal, no timer and no promise of their own, for tens of thousands of them. */
export function dialMany(to: string, { localAddress, onAnswer }: ManyDialsOptions): ManyDials {
  const family = isIP(to);
  if (family === 0) throw new TypeError(`a dial wants an IP literal, not ${JSON.stringify(to)}`);
  const sockets: (Socket | null)[] = [];
  return {
    dial(slot, port) {
      const socket = new Socket();
      sockets[slot] = socket;
      const settle = (answer: DialAnswer) => {
        // Whoever was given up, or has answered, has no slot any more.
        if (sockets[slot] !== socket) return;
        sockets[slot] = null;
        onAnswer(slot, answer);
      };
      // Stays for good: an "error" nobody listens to would end the process.
      socket.on("error", (error) => settle(ANSWERS[codeOf(error) ?? ""] ?? "local-error"));
      socket.once("connect", () => {
        // A reset leaves nothing behind on either side; an orderly end would keep a local port for a minute (TIME_WAIT).
        socket.resetAndDestroy();
        settle("connected");
      });
      socket.connect({
        host: to,
        port,
        family,
        autoSelectFamily: false,
        ...(localAddress === undefined ? {} : { localAddress }),
      });
    },
    giveUp(slot) {
      const socket = sockets[slot];
      sockets[slot] = null;
      socket?.destroy();
    },
    close() {
      for (const socket of sockets.splice(0)) socket?.destroy();
    },
  };
}
