import { type Firewall, firewallRemedy } from "./firewall.ts";

/** Firewalls that read FTP by themselves, which TLS stops: what to tell each, so that FTP under TLS passes. */
export const inspectors: readonly Firewall[] = [
  {
    label: "inspecting firewall",
    source: "general",
    remedies: {
      "tls-inspection": firewallRemedy([
        "Exempt this server's port {controlPort} from FTP inspection (proxy, ALG, command filter), or switch on its support of AUTH TLS, and let the passive ports {from} to {to} through as plain TCP.",
      ]),
    },
  },
];
