import { defineRule } from "../define-rule.ts";
import { controlArgs, controlSeverity, nothingTried, seenConnect, triedAddresses } from "../facts/control-facts.ts";
import type { AddressFacts } from "../facts/facts.ts";

/** This machine's own system does not let the connection out. */
export const ctlClientEgressBlocked = defineRule({
  id: "ctl-client-egress-blocked",
  title: "This machine does not let FTP out",
  since: "0.1.0",
  needs: ["control"],
  replaces: ["ctl-unreachable"],
  references: ["connect(2): EPERM, EACCES", "https://github.com/travis-ci/travis-ci/issues/9391"],
  meaning: [
    "The network of this machine forbids connections to port 21, as companies, hotels, providers and build services do, or a firewall on this machine itself does. Where the machine's own firewall says so, the finding is sure; where a device further on drops the attempts silently, it looks like a server that does not answer, and is named there as another possible cause: no public FTP server answers from such a network, whichever is tried, while web pages come.",
    "To mend it, ask for outgoing connections to port 21 and to the server's passive range, or use another network, SFTP or HTTPS.",
  ].join("\n\n"),
  severity: controlSeverity,
  judge(facts) {
    const tried = triedAddresses(facts);
    if (tried.length === 0) return nothingTried(facts);
    const held = tried.filter(isHeldHere);
    const [first] = held;
    if (first === undefined) return { kind: "absent" };
    return {
      kind: "present",
      confidence: "certain",
      at: "client-firewall",
      args: { ...controlArgs(held, facts), code: first.controls[0]?.connect.code ?? null },
      because: held.flatMap(({ controls }) => controls.slice(0, 1).map(({ id }) => id)),
      seen: held.slice(0, 3).map((address) => seenConnect(address, facts)),
      rivals: [],
    };
  },
  describe: (args) => ({
    summary: `This machine itself does not let connections to ${args["endpoints"]} out (${args["code"]}).`,
    explanation:
      "The system of this machine refused the attempt before anything was sent: a firewall or a security policy on it forbids the connection. Nothing is known of the server.",
    remedies: [
      {
        who: "client-user",
        product: "Windows Firewall",
        effort: "low",
        text: "On Windows: let programs connect to FTP servers, where outgoing connections are closed by default.",
        commands: [
          'powershell -Command "New-NetFirewallRule -DisplayName FTP-out -Direction Outbound -Protocol TCP -RemotePort 21 -Action Allow"',
        ],
      },
      {
        who: "client-user",
        product: "any",
        effort: "medium",
        text: "Elsewhere look for what confines this program: a security policy (SELinux, AppArmor), the sandbox of a container or build service, a personal firewall.",
      },
      {
        who: "client-user",
        product: "any",
        effort: "medium",
        text: "Where the policy is meant so, ask whoever runs this network for outgoing FTP, or use SFTP or HTTPS.",
      },
    ],
  }),
});

/**
 * EPERM and EACCES are a policy's answer to connect() itself: Windows' firewall, a sandbox, SELinux. (A dropping nftables rule on this
 * machine is silent, and over IPv6 EACCES may come from the network.)
 */
function isHeldHere({ family, control, controls }: AddressFacts): boolean {
  const code = controls[0]?.connect.code;
  return control === "unreachable" && (code === "EPERM" || (code === "EACCES" && family === "ipv4"));
}
