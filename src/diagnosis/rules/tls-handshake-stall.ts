import type { Remedy, Rival } from "../../model/report.ts";
import type { Args } from "../define-rule.ts";
import { standstillOf } from "../facts/tls-control.ts";
import { brokenHandshake, GENERAL } from "../words/broken-handshake.ts";
import { probeUsual } from "../words/next.ts";

/** The handshake does not come to an end in its time: nothing comes, or not all, or it drips. */
export const tlsHandshakeStall = brokenHandshake({
  id: "tls-handshake-stall",
  title: ({ standstill }) =>
    standstill === "dripping"
      ? "The TLS handshake is too slow to end"
      : standstill === "stopped"
        ? "The TLS handshake begins and then stands still"
        : "The TLS handshake gets no answer",
  kinds: ["stall"],
  // Whoever sends a part of the answer has got the question through.
  at: ({ handshake }) => {
    const standstill = standstillOf(handshake);
    return standstill === "silent" ? "middlebox" : standstill === "stopped" ? "path" : "unknown";
  },
  replaces: GENERAL,
  references: ["RFC 4217 section 4", "RFC 1191 (path MTU)"],
  meaning: [
    "The server agrees to TLS, the client begins the handshake, and nothing comes back. Mostly a device that inspects FTP on port 21 swallows what is no FTP any more, or packets of full size are lost on the way, which the server's certificate is the first to need.",
    "Where a part of the answer comes and then no more, it is the packets of full size that are lost, or the server that hangs. Where bytes keep coming and the handshake still does not end, no firewall swallows anything: the line or the server is very slow, or the server holds its clients up on purpose.",
    "To mend it, switch off the FTP inspection for this server, or clamp the TCP segment size on the router; where the handshake hangs on the server itself too, restart the server and read its log. Implicit TLS on port 990 shows whether only port 21 is inspected.",
  ],
  rivals: ({ handshake }) => RIVALS[standstillOf(handshake)],
  summary: ({ host, waited, explicit, standstill, came }) => {
    const begun = `${host} ${explicit === true ? "agrees to TLS" : "accepts the connection"}`;
    if (standstill === "silent") return `${begun}, and nothing comes back to the handshake (${waited}).`;
    return standstill === "stopped"
      ? `${begun} and answers the handshake with ${came}, then nothing more comes (${waited}).`
      : `${begun}, but its answer to the handshake only drips: ${came} in ${waited}, and no end.`;
  },
  explanation: ({ standstill, waited }) => {
    if (standstill === "silent")
      return "The connection stays open, and the first TLS message of the client is left without any answer, not even a refusal.";
    return standstill === "stopped"
      ? "The beginning of the server's answer came, so the client's first TLS message arrived. The rest, in which the certificate is, did not, and the connection stays open."
      : `Bytes of the server's answer were still coming when the limit of ${waited} passed, far fewer than a handshake takes. So nothing on the way swallows TLS, and more patience may see its end.`;
  },
  next: ({ secure, handshake }, facts) =>
    secure.how === "explicit" && standstillOf(handshake) === "silent"
      ? [
          {
            command: probeUsual(facts, "ftps"),
            tells:
              "Whether implicit TLS on port 990 comes through, where few devices look: then it is port 21 that is inspected.",
          },
        ]
      : [],
  remedies: (args) => {
    const { standstill, port } = args;
    const exempt: Remedy = {
      who: "firewall-admin",
      product: "any",
      effort: "low",
      text: `Exempt port ${port} of this server from FTP inspection, which cannot read TLS (Cisco ASA: inspect ftp without strict; FortiGate: explicit-ftp-tls enable in the protocol options; Check Point: a service of type ftp_basic; Juniper: set security alg ftp disable).`,
    };
    if (standstill === "silent") return [exempt, clamp("If it is not that: clamp"), lookAtServer(args)];
    if (standstill === "stopped") return [clamp("Clamp"), lookAtServer(args)];
    return [lookAtServer(args), patience];
  },
});

const SLOW_LINE: Rival = {
  cause: "the line is slow or loses most packets",
  toTellApart:
    "Do the answers before TLS and a ping take long as well, or does the handshake end from another network?",
};

const LOST_PACKETS: Rival = {
  cause: "data-pmtu-blackhole",
  toTellApart:
    "Does it work with a smaller segment size (ip route change default via ROUTER advmss 1200)? Then full-size packets are lost on the way.",
};

const HANGS: Rival = {
  cause: "the server hangs when it begins TLS",
  toTellApart: "Does the same handshake hang on the server itself (openssl s_client to 127.0.0.1)?",
};

const RIVALS: Readonly<Record<ReturnType<typeof standstillOf>, Rival[]>> = {
  silent: [LOST_PACKETS, HANGS],
  stopped: [LOST_PACKETS, HANGS],
  dripping: [
    SLOW_LINE,
    {
      cause: "the server holds its clients up on purpose (a tarpit), or has no processor time",
      toTellApart:
        "Does the same handshake take as long on the server itself (openssl s_client to 127.0.0.1), or from an address that it has not seen before?",
    },
  ],
};

function clamp(lead: string): Remedy {
  return {
    who: "firewall-admin",
    product: "any",
    effort: "low",
    text: `${lead} the TCP segment size on the router, so that full-size packets are not lost.`,
    commands: ["iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --clamp-mss-to-pmtu"],
  };
}

function lookAtServer({ standstill, port, explicit }: Args): Remedy {
  return {
    who: "server-admin",
    product: "any",
    effort: "medium",
    text:
      standstill === "dripping"
        ? "Make the handshake on the server itself: where it is slow there too, look at the machine's load and at the server's log; where it is not, the line is slow."
        : "Where the handshake hangs on the server itself too, nothing on the way is at fault: look into the server's log at that time, and restart it.",
    commands: [`openssl s_client ${explicit === true ? "-starttls ftp " : ""}-connect 127.0.0.1:${port}`],
  };
}

const patience: Remedy = {
  who: "client-user",
  product: "any",
  effort: "low",
  text: 'Until then let the client wait longer (FileZilla: Settings > Connection > Timeout: 60; WinSCP: Advanced > Connection > "Server response timeout": 60; curl and lftp wait for minutes by themselves); ftp-doctor does with --timeout 60.',
};
