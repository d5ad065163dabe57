import { settingsIn } from "../template.ts";
import { type Firewall, firewallRemedy } from "./firewall.ts";

/** Adds ports to a list of CSF, once. */
function csfAdd(list: string, ports: string): string {
  return `sed -i '/^${list} = /{/[",]${ports}[",]/!s/"$/,${ports}"/}' /etc/csf/csf.conf`;
}

const CSF_NOTE =
  "CSF has not been maintained since 2025-08-31, and it does not work beside firewalld, which must then be removed.";

/** ConfigServer Security & Firewall, which writes the rules of iptables on hosting machines. */
export const csf: Firewall = {
  label: "CSF",
  source: "csf: readme.txt, csf.conf; docs.cpanel.net",
  remedies: {
    "open-passive-range": firewallRemedy(
      [
        "Adds {from}:{to} at the end of TCP_IN and TCP6_IN in /etc/csf/csf.conf (on cPanel its plugin does so by default for 49152:65534).",
        "Look at CONNLIMIT, PORTFLOOD and CT_LIMIT too.",
        CSF_NOTE,
      ],
      { commands: [csfAdd("TCP_IN", "{from}:{to}"), csfAdd("TCP6_IN", "{from}:{to}"), "csf -r"] },
    ),
    "open-control-port": firewallRemedy(
      ["Adds port {controlPort} at the end of TCP_IN and TCP6_IN in /etc/csf/csf.conf.", CSF_NOTE],
      { commands: [csfAdd("TCP_IN", "{controlPort}"), csfAdd("TCP6_IN", "{controlPort}"), "csf -r"] },
    ),
    "allow-active-out": firewallRemedy(
      [
        "Gives port {controlPort} to the kernel's FTP helper, which lets the server call clients (in clear text only), and adds {dataSourcePort} and {controlPort} to TCP_OUT.",
        CSF_NOTE,
      ],
      {
        config: [settingsIn("/etc/csf/csf.conf", " = ")("USE_FTPHELPER", '"{controlPort}"')],
        commands: [csfAdd("TCP_OUT", "{dataSourcePort}"), csfAdd("TCP_OUT", "{controlPort}"), "csf -r"],
      },
    ),
  },
};

/** What looks like a firewall on old virtual machines. */
export const guests: Firewall = {
  label: "SolusVM or Xen guest",
  source: "docs.cpanel.net: How to Enable FTP Passive Mode",
  remedies: {
    "open-passive-range": firewallRemedy(
      [
        "On SolusVM and Xen guests (CloudLinux 7 and its time) passive FTP fails as if behind a firewall though there is none: the FTP modules are missing.",
        "Keep the modules that the line already names.",
      ],
      {
        config: [
          settingsIn("/etc/sysconfig/iptables-config", "=")(
            "IPTABLES_MODULES",
            '"ip_conntrack ip_conntrack_ftp ip_nat_ftp"',
          ),
        ],
        commands: ["service iptables restart"],
      },
    ),
  },
};
