import { clientFirewallRemedy, type Firewall, firewallRemedy } from "./firewall.ts";
import { csf, guests } from "./hosting-machines.ts";

const FROM_PORT_20 = "Some servers call from another port; then only passive mode is left.";
const FROM_ANY_PORT =
  "On the client: lets {serverAddress} call; this server does so from any port, and not from port {dataSourcePort}.";
const TO_ANY_CLIENT =
  "At the server: lets it call clients at any port of theirs; this server does so from any port, and not from port {dataSourcePort}.";

const NFT_SAVE = "nft -s list ruleset | tee {nftFile}";
const NFT_NAMES =
  "The first command shows the names of your family, table and chain: put them in place of `inet filter input`, should they differ.";
const NFT_ROUTER = "On a router before the server the chain is `forward`.";
const NFT_INSERT = "`insert` and not `add`: a rule behind a closing reject or drop never matches.";
const NFT_FILE = "The last command saves the rules for the next start in the file of {nftSystem}; {otherNftSystem}.";

const HELPER_IN_CLEAR =
  "It opens ports for sessions in clear text only; an open range, without a helper, does for TLS as well.";

const nftables: Firewall = {
  label: "nftables",
  source: "nft(8); wiki.nftables.org",
  remedies: {
    "open-passive-range": firewallRemedy(
      ["Lets clients reach the passive ports {from} to {to}.", NFT_NAMES, NFT_ROUTER, NFT_INSERT, NFT_FILE],
      {
        commands: ["nft list ruleset", "nft insert rule inet filter input tcp dport {from}-{to} accept", NFT_SAVE],
      },
    ),
    "open-control-port": firewallRemedy(
      ["Lets clients reach port {controlPort}.", NFT_NAMES, NFT_ROUTER, NFT_INSERT, NFT_FILE],
      {
        commands: ["nft list ruleset", "nft insert rule inet filter input tcp dport {controlPort} accept", NFT_SAVE],
      },
    ),
    "forward-passive-range": firewallRemedy(
      [
        "On the NAT router: sends the control port and the passive ports {from} to {to}, number for number, to the server at {insideAddress}.",
        "The first command shows the names of tables and chains: put yours in place of `ip nat prerouting` and `inet filter forward`.",
        NFT_FILE,
      ],
      {
        commands: [
          "nft list ruleset",
          "nft insert rule ip nat prerouting ip daddr {publicAddress} tcp dport { {controlPort}, {from}-{to} } dnat to {insideAddress}",
          "nft insert rule inet filter forward ip daddr {insideAddress} tcp dport { {controlPort}, {from}-{to} } accept",
          NFT_SAVE,
        ],
      },
    ),
    // Words: the ports that it opens are still closed to TLS, so that it mends a half.
    "assign-helper": firewallRemedy([
      "Or let the kernel's FTP helper read port {controlPort}, over IPv4 and IPv6 both, where the rules count on it (`nft list ruleset` shows `ct state established,related accept`):",
      "`nft add table inet ftp-helper`, `nft 'add ct helper inet ftp-helper ftp-standard { type \"ftp\" protocol tcp; }'`, `nft 'add chain inet ftp-helper assign { type filter hook prerouting priority mangle; }'`, `nft 'add rule inet ftp-helper assign tcp dport {controlPort} ct helper set \"ftp-standard\"'`.",
      HELPER_IN_CLEAR,
    ]),
    "allow-active-out": firewallRemedy(["At the server: lets it call clients from port {dataSourcePort}.", NFT_FILE], {
      commands: ["nft list ruleset", "nft insert rule inet filter output tcp sport {dataSourcePort} accept", NFT_SAVE],
    }),
    "allow-active-in": clientFirewallRemedy(
      ["On the client: lets {serverAddress} call from port {dataSourcePort}.", FROM_PORT_20, NFT_NAMES, NFT_INSERT],
      {
        commands: [
          "nft list ruleset",
          "nft insert rule inet filter input {serverSource} tcp sport {dataSourcePort} accept",
        ],
      },
    ),
  },
  fromAnyPort: {
    "allow-active-out": firewallRemedy([TO_ANY_CLIENT, NFT_FILE], {
      commands: ["nft list ruleset", "nft insert rule inet filter output tcp dport 1024-65535 accept", NFT_SAVE],
    }),
    "allow-active-in": clientFirewallRemedy([FROM_ANY_PORT, NFT_NAMES, NFT_INSERT], {
      commands: ["nft list ruleset", "nft insert rule inet filter input {serverSource} tcp dport 1024-65535 accept"],
    }),
  },
};

const FIREWALLD_RELOAD = "firewall-cmd --reload";

const firewalld: Firewall = {
  label: "firewalld",
  source: "firewall-cmd(1)",
  remedies: {
    "open-passive-range": firewallRemedy(
      [
        "Lets clients reach the control port and the passive ports {from} to {to}; the service ftp loads the FTP helper too, which can open ports for sessions in clear text.",
      ],
      {
        commands: [
          "firewall-cmd --permanent --zone=public --add-service=ftp",
          "firewall-cmd --permanent --add-port={from}-{to}/tcp",
          FIREWALLD_RELOAD,
        ],
      },
    ),
    "open-control-port": firewallRemedy(
      ["Lets clients reach port {controlPort} (the service ftp stands for port 21)."],
      {
        commands: [
          "firewall-cmd --permanent --zone=public --add-service=ftp",
          "firewall-cmd --permanent --add-port={controlPort}/tcp",
          FIREWALLD_RELOAD,
        ],
      },
    ),
    "forward-passive-range": firewallRemedy(
      [
        "On the NAT router: sends the control port and the passive ports {from} to {to}, number for number, to the server at {insideAddress}.",
      ],
      {
        commands: [
          "firewall-cmd --permanent --add-forward-port=port={controlPort}:proto=tcp:toport={controlPort}:toaddr={insideAddress}",
          "firewall-cmd --permanent --add-forward-port=port={from}-{to}:proto=tcp:toport={from}-{to}:toaddr={insideAddress}",
          FIREWALLD_RELOAD,
        ],
      },
    ),
    "allow-active-out": firewallRemedy(
      [
        "At the server: lets it call clients from port {dataSourcePort}; only needed where outgoing connections are closed.",
      ],
      {
        commands: [
          "firewall-cmd --permanent --direct --add-rule ipv4 filter OUTPUT 0 -p tcp --sport {dataSourcePort} -j ACCEPT",
          FIREWALLD_RELOAD,
        ],
      },
    ),
    "allow-active-in": clientFirewallRemedy(
      ["On the client: lets {serverAddress} call from port {dataSourcePort}.", FROM_PORT_20],
      {
        commands: [
          `firewall-cmd --permanent --add-rich-rule='rule family="{serverFamily}" source address="{serverAddress}" source-port port="{dataSourcePort}" protocol="tcp" accept'`,
          FIREWALLD_RELOAD,
        ],
      },
    ),
  },
  fromAnyPort: {
    "allow-active-out": firewallRemedy([TO_ANY_CLIENT], {
      commands: [
        "firewall-cmd --permanent --direct --add-rule ipv4 filter OUTPUT 0 -p tcp --dport 1024:65535 -j ACCEPT",
        FIREWALLD_RELOAD,
      ],
    }),
    "allow-active-in": clientFirewallRemedy([FROM_ANY_PORT], {
      commands: [
        `firewall-cmd --permanent --add-rich-rule='rule family="{serverFamily}" source address="{serverAddress}" port port="1024-65535" protocol="tcp" accept'`,
        FIREWALLD_RELOAD,
      ],
    }),
  },
};

const IPTABLES_SAVE = "service {iptables} save";
const IPTABLES_ROUTER = "On a router before the server it is FORWARD in place of INPUT.";
const IPTABLES_NOTE =
  "Saving needs the package iptables-services (on Debian `netfilter-persistent save`); iptables is deprecated since RHEL 8. For the other address family it is the same with {otherIptables}.";

const iptables: Firewall = {
  label: "iptables",
  source: "iptables(8), iptables-extensions(8)",
  remedies: {
    "open-passive-range": firewallRemedy(
      ["Lets clients reach the passive ports {from} to {to}.", IPTABLES_ROUTER, IPTABLES_NOTE],
      {
        commands: ["{iptables} -I INPUT -p tcp --dport {from}:{to} -j ACCEPT", IPTABLES_SAVE],
      },
    ),
    "open-control-port": firewallRemedy(["Lets clients reach port {controlPort}.", IPTABLES_ROUTER, IPTABLES_NOTE], {
      commands: ["{iptables} -I INPUT -p tcp --dport {controlPort} -j ACCEPT", IPTABLES_SAVE],
    }),
    "forward-passive-range": firewallRemedy(
      [
        "On the NAT router: sends the control port and the passive ports {from} to {to}, number for number, to the server at {insideAddress}.",
        IPTABLES_NOTE,
      ],
      {
        commands: [
          "iptables -t nat -I PREROUTING -d {publicAddress} -p tcp -m multiport --dports {controlPort},{from}:{to} -j DNAT --to-destination {insideAddress}",
          "iptables -I FORWARD -d {insideAddress} -p tcp -m multiport --dports {controlPort},{from}:{to} -j ACCEPT",
          IPTABLES_SAVE,
        ],
      },
    ),
    "assign-helper": firewallRemedy([
      "Or let the kernel's FTP helper read port {controlPort}: `modprobe nf_conntrack_ftp` and `{iptables} -t raw -A PREROUTING -p tcp --dport {controlPort} -j CT --helper ftp`. Each of iptables and ip6tables needs a rule of its own.",
      HELPER_IN_CLEAR,
    ]),
    "allow-active-out": firewallRemedy(
      ["At the server: lets it call clients from port {dataSourcePort} and hear their answers.", IPTABLES_NOTE],
      {
        commands: [
          "{iptables} -I OUTPUT -p tcp --sport {dataSourcePort} -j ACCEPT",
          "{iptables} -I INPUT -p tcp --dport {dataSourcePort} -m conntrack --ctstate ESTABLISHED -j ACCEPT",
          IPTABLES_SAVE,
        ],
      },
    ),
    "allow-active-in": clientFirewallRemedy(
      ["On the client: lets {serverAddress} call from port {dataSourcePort}.", FROM_PORT_20],
      { commands: ["{serverIptables} -I INPUT -s {serverAddress} -p tcp --sport {dataSourcePort} -j ACCEPT"] },
    ),
  },
  fromAnyPort: {
    "allow-active-out": firewallRemedy([TO_ANY_CLIENT, IPTABLES_NOTE], {
      commands: [
        "{iptables} -I OUTPUT -p tcp --dport 1024:65535 -j ACCEPT",
        "{iptables} -I INPUT -p tcp --sport 1024:65535 -m conntrack --ctstate ESTABLISHED -j ACCEPT",
        IPTABLES_SAVE,
      ],
    }),
    "allow-active-in": clientFirewallRemedy([FROM_ANY_PORT], {
      commands: ["{serverIptables} -I INPUT -s {serverAddress} -p tcp --dport 1024:65535 -j ACCEPT"],
    }),
  },
};

const ufw: Firewall = {
  label: "ufw",
  source: "ufw(8)",
  remedies: {
    "open-passive-range": firewallRemedy(["Lets clients reach the passive ports {from} to {to}."], {
      commands: ["ufw allow {from}:{to}/tcp"],
    }),
    "open-control-port": firewallRemedy(["Lets clients reach port {controlPort}."], {
      commands: ["ufw allow {controlPort}/tcp"],
    }),
    "allow-active-out": firewallRemedy(
      [
        "At the server: lets it call clients from port {dataSourcePort}; only needed where outgoing connections are closed.",
      ],
      { commands: ["ufw allow out proto tcp from any port {dataSourcePort}"] },
    ),
    "allow-active-in": clientFirewallRemedy(
      ["On the client: lets {serverAddress} call from port {dataSourcePort}.", FROM_PORT_20],
      { commands: ["ufw allow proto tcp from {serverAddress} port {dataSourcePort}"] },
    ),
  },
  fromAnyPort: {
    "allow-active-out": firewallRemedy([TO_ANY_CLIENT], {
      commands: ["ufw allow out proto tcp to any port 1024:65535"],
    }),
    "allow-active-in": clientFirewallRemedy([FROM_ANY_PORT], {
      commands: ["ufw allow proto tcp from {serverAddress} to any port 1024:65535"],
    }),
  },
};

/** Adds ports at the end of a list in csf.conf, once, and leaves the other ports of the list as they are. */
/** Firewalls of Linux, the present one first. */
export const linuxFirewalls: readonly Firewall[] = [nftables, firewalld, iptables, ufw, csf];

/** What looks like a firewall on old virtual machines; last, because it is rare. */
export const linuxGuests: readonly Firewall[] = [guests];
