import { clientFirewallRemedy, type Firewall, firewallRemedy } from "./firewall.ts";

const ADMIN = "In PowerShell as administrator.";

function windowsRule(name: string, rest: string): string {
  return `New-NetFirewallRule -DisplayName "${name}" -Protocol TCP ${rest} -Action Allow`;
}

const windows: Firewall = {
  label: "Windows Firewall",
  source: "learn.microsoft.com: New-NetFirewallRule",
  remedies: {
    "open-passive-range": firewallRemedy(["Lets clients reach the passive ports {from} to {to}.", ADMIN], {
      commands: [windowsRule("FTP passive", "-Direction Inbound -LocalPort {from}-{to}")],
    }),
    "open-control-port": firewallRemedy(["Lets clients reach port {controlPort}.", ADMIN], {
      commands: [windowsRule("FTP control", "-Direction Inbound -LocalPort {controlPort}")],
    }),
    "allow-active-out": firewallRemedy(
      [
        "At the server: lets it call clients from port {dataSourcePort}; only needed where outgoing connections are closed.",
        ADMIN,
      ],
      { commands: [windowsRule("FTP active data", "-Direction Outbound -LocalPort {dataSourcePort}")] },
    ),
    "allow-active-in": clientFirewallRemedy(
      [
        "On the client: lets {serverAddress} call from port {dataSourcePort}.",
        "For sessions in clear text `netsh advfirewall set global StatefulFTP enable` does it without a rule.",
        ADMIN,
      ],
      {
        commands: [
          windowsRule("FTP active", "-Direction Inbound -RemoteAddress {serverAddress} -RemotePort {dataSourcePort}"),
        ],
      },
    ),
  },
};

/** Finds the security group of the instance that has the address, so that the command runs as it stands. */
function awsRule(direction: "ingress" | "egress", ports: string): string {
  const query = "Reservations[0].Instances[0].SecurityGroups[0].GroupId";
  const group = `$(aws ec2 describe-instances --filters Name=ip-address,Values={publicAddress} --query '${query}' --output text)`;
  return `aws ec2 authorize-security-group-${direction} --group-id "${group}" --protocol tcp --port ${ports} --cidr 0.0.0.0/0`;
}

const ACL = "A network ACL of the subnet needs the ports in both directions.";

const aws: Firewall = {
  label: "AWS security group",
  source: "docs.aws.amazon.com/cli: authorize-security-group-ingress",
  remedies: {
    "open-passive-range": firewallRemedy(
      ["Add an inbound rule to the instance's security group: TCP, ports {from}-{to}, source 0.0.0.0/0.", ACL],
      { commands: [awsRule("ingress", "{from}-{to}")] },
    ),
    "open-control-port": firewallRemedy(
      ["Add an inbound rule to the instance's security group: TCP, port {controlPort}, source 0.0.0.0/0.", ACL],
      { commands: [awsRule("ingress", "{controlPort}")] },
    ),
    "allow-active-out": firewallRemedy(
      [
        "Security groups allow all outgoing connections unless that rule was taken out; active mode needs outgoing TCP to the ports 1024-65535 of clients.",
        ACL,
      ],
      { commands: [awsRule("egress", "1024-65535")] },
    ),
  },
};

function azureRule(name: string, priority: number, direction: string, ports: string): string {
  return `az network nsg rule create --resource-group "$RESOURCE_GROUP" --nsg-name "$NSG" --name ${name} --priority ${priority} --direction ${direction} --access Allow --protocol Tcp --destination-port-ranges ${ports}`;
}

const AZURE_NAMES = "Set RESOURCE_GROUP and NSG to the names of yours first.";

const azure: Firewall = {
  label: "Azure network security group",
  source: "learn.microsoft.com/cli/azure/network/nsg/rule",
  remedies: {
    "open-passive-range": firewallRemedy(
      [
        "Lets clients reach the passive ports {from} to {to}; a load balancer in front needs a rule for each port or HA ports.",
        AZURE_NAMES,
      ],
      { commands: [azureRule("ftp-passive", 310, "Inbound", "{from}-{to}")] },
    ),
    "open-control-port": firewallRemedy(["Lets clients reach port {controlPort}.", AZURE_NAMES], {
      commands: [azureRule("ftp-control", 300, "Inbound", "{controlPort}")],
    }),
    "allow-active-out": firewallRemedy(
      ["Lets the server call clients; only needed where a rule closes outgoing connections.", AZURE_NAMES],
      {
        commands: [azureRule("ftp-active", 320, "Outbound", "1024-65535")],
      },
    ),
  },
};

const gcp: Firewall = {
  label: "Google Cloud firewall",
  source: "cloud.google.com/sdk/gcloud/reference/compute/firewall-rules/create",
  remedies: {
    "open-passive-range": firewallRemedy(["Lets clients reach the passive ports {from} to {to} (network default)."], {
      commands: ["gcloud compute firewall-rules create ftp-passive --direction=INGRESS --allow=tcp:{from}-{to}"],
    }),
    "open-control-port": firewallRemedy(["Lets clients reach port {controlPort} (network default)."], {
      commands: ["gcloud compute firewall-rules create ftp-control --direction=INGRESS --allow=tcp:{controlPort}"],
    }),
    "allow-active-out": firewallRemedy(
      ["Lets the server call clients; only needed where a rule closes outgoing connections (network default)."],
      { commands: ["gcloud compute firewall-rules create ftp-active --direction=EGRESS --allow=tcp:1024-65535"] },
    ),
  },
};

const mikrotik: Firewall = {
  label: "MikroTik",
  source: "help.mikrotik.com: NAT",
  remedies: {
    "forward-passive-range": firewallRemedy(
      [
        "On the NAT router: sends the control port and the passive ports {from} to {to}, number for number, to the server at {insideAddress}.",
        "Where the FTP helper misbehaves: /ip firewall service-port disable ftp.",
      ],
      {
        commands: [
          "/ip firewall nat add chain=dstnat dst-address={publicAddress} protocol=tcp dst-port={controlPort},{from}-{to} action=dst-nat to-addresses={insideAddress}",
        ],
      },
    ),
  },
};

const router: Firewall = {
  label: "NAT router",
  source: "general",
  remedies: {
    "forward-passive-range": firewallRemedy([
      "Forward TCP {controlPort} and every port from {from} to {to} to the server, each to the same number inside; a tunnel or port forward that carries the control port alone cannot serve passive mode.",
      "The server inside is {insideAddress}.",
    ]),
    "tls-passive-range": firewallRemedy([
      "Forward or open TCP {from} to {to} number for number whatever the router's FTP helper (ALG) says: under TLS the helper reads nothing, so it opens no port and rewrites no address.",
      "The server inside is {insideAddress}, and must name the public address itself.",
    ]),
    "allow-active-in": clientFirewallRemedy([
      "Where a NAT router stands before the client it must have its FTP helper (ALG) on, which works for sessions in clear text only; passive mode needs none of this.",
    ]),
  },
};

/** Firewalls of Windows, clouds and routers. */
export const otherFirewalls: readonly Firewall[] = [windows, aws, azure, gcp, mikrotik, router];
