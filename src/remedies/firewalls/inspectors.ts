import { type Firewall, firewallRemedy } from "./firewall.ts";

/** FortiOS 6.4 and later inspect explicit TLS; whoever wants none of that opens the range as a service of its own. */
const fortigate: Firewall = {
  label: "FortiGate",
  source: "community.fortinet.com: Explicit FTP over TLS traffic handling in proxy; docs.fortinet.com: session helpers",
  remedies: {
    "tls-passive-range": firewallRemedy(
      [
        "A service for the passive ports {from} to {to}: its session helper reads no replies under TLS.",
        "Then put FTP-PASSIVE beside FTP into the policy that lets clients reach the server.",
      ],
      {
        commands: [
          "config firewall service custom",
          'edit "FTP-PASSIVE"',
          "set tcp-portrange {from}-{to}",
          "next",
          "end",
        ],
      },
    ),
    "tls-inspection": firewallRemedy(
      [
        "Makes a policy in proxy mode hand explicit TLS to the FTP proxy, which then opens the data ports by itself; implicit TLS (port 990) it does not support.",
        "The profile here is `default`: put that of your policy in its place.",
      ],
      {
        commands: [
          "config firewall profile-protocol-options",
          'edit "default"',
          "config ftp",
          "set explicit-ftp-tls enable",
          "end",
          "next",
          "end",
        ],
      },
    ),
  },
};

const asa: Firewall = {
  label: "Cisco ASA",
  source: "cisco.com: ASA 9.x Configure FTP/TFTP Services; Firewall CLI Configuration Guide, FTP Inspection",
  remedies: {
    "tls-passive-range": firewallRemedy(
      [
        "Lets clients reach the passive ports {from} to {to}; `outside_in` stands for the access list of your outside interface, and the address is the server's own behind NAT (since 8.3).",
        "The server inside is {insideAddress}.",
      ],
      { commands: ["access-list outside_in extended permit tcp any host {insideAddress} range {from} {to}"] },
    ),
    "tls-inspection": firewallRemedy(
      [
        "Takes the strict checks away, which drop what they cannot read; the inspection without them lets AUTH TLS pass, and opens nothing under TLS.",
      ],
      {
        commands: ["policy-map global_policy", "class inspection_default", "no inspect ftp strict", "inspect ftp"],
      },
    ),
  },
};

const windows: Firewall = {
  label: "Windows' stateful FTP",
  source: "learn.microsoft.com: How to Configure Windows Firewall for a Passive Mode FTP Server",
  remedies: {
    "tls-inspection": firewallRemedy(
      [
        "Switches Windows' own reading of FTP off, which cannot read TLS; the passive ports then need a rule of their own. In a prompt as administrator.",
      ],
      { commands: ["netsh advfirewall set global StatefulFTP disable"] },
    ),
  },
};

/** Firewalls that read FTP by themselves, which TLS stops: what to tell each, so that FTP under TLS passes. */
export const inspectors: readonly Firewall[] = [
  fortigate,
  asa,
  windows,
  {
    label: "inspecting firewall",
    source: "general",
    remedies: {
      "tls-inspection": firewallRemedy([
        "Exempt this server's port {controlPort} from FTP inspection (proxy, ALG, command filter), or switch on its support of AUTH TLS, and let the passive ports {from} to {to} through as plain TCP.",
        "Check Point: service of protocol type ftp_basic in place of ftp; Juniper: set security alg ftp disable; MikroTik: /ip firewall service-port disable ftp; Palo Alto: an application override for the server.",
      ]),
    },
  },
];
