import { type RemedyTemplate, serverRemedy } from "../template.ts";
import { genericTlsRemedies } from "../tls/generic.ts";
import type { ServerTopic } from "../topic.ts";
import { PATH_OF_THE_CLIENT, SELINUX, SHOW_HOME, SHOW_PATH } from "./paths.ts";

/** What to tell the administrator of a server that we have no lines for; one entry per topic, so that none goes without. */
export const genericRemedies: Record<ServerTopic, readonly RemedyTemplate[]> = {
  ...genericTlsRemedies,
  "advertised-address": [
    serverRemedy([
      "Tell the server the address that clients reach; the setting is called masquerade address, external IP, passive IP or PASV address.",
      "Here it is {publicAddress}.",
    ]),
  ],
  "zero-address": [
    serverRemedy([
      "Tell the server the address that clients reach in place of 0.0.0.0; the setting is called masquerade address, external IP, passive IP or PASV address.",
      "Here it is {publicAddress}.",
    ]),
  ],
  "invalid-address": [
    serverRemedy([
      "Put the plain IPv4 address that clients reach into the server's setting (masquerade address, external IP, passive IP or PASV address), without quotes.",
      "Here it is {publicAddress}.",
    ]),
  ],
  "own-address": [
    serverRemedy([
      "Take the fixed masquerade or external address out of the server's configuration: without it the server names the address that the client has reached.",
    ]),
  ],
  "dynamic-address": [
    serverRemedy([
      "Give the server a name in place of the address, if it takes one, and restart it whenever the address changes.",
    ]),
  ],
  "container-address": [
    serverRemedy(
      [
        "Give the container the address of its host, as clients see it, as the advertised address.",
        "Here that is {publicAddress}.",
        "Publish every port under its own number: -p {controlPort}:{controlPort} -p {from}-{to}:{from}-{to}, or run it with --network host.",
        "In Kubernetes use hostNetwork, or a LoadBalancer service that lists every passive port, with externalTrafficPolicy: Local and sessionAffinity: ClientIP.",
      ],
      { product: "container" },
    ),
  ],
  "local-address": [
    serverRemedy(
      [
        "Clients inside are told the public address: let them use EPSV, which names none; or set the server to name its own address to local clients.",
        "Otherwise switch NAT reflection (hairpin NAT) on at the router.",
      ],
      { effort: "medium" },
    ),
  ],
  "passive-range": [
    serverRemedy([
      "Set a fixed range of passive ports in the server, such as {from} to {to}; server and firewall must have the same numbers.",
    ]),
  ],
  "enable-passive": [
    serverRemedy(["Switch passive mode on in the server; what refuses it may also be a proxy or firewall in front."]),
  ],
  "enable-epsv": [
    serverRemedy([
      "Let the server answer EPSV (RFC 2428); where it cannot, clients have to use PASV, and over IPv6 nothing passive works.",
    ]),
  ],
  "enable-active": [
    serverRemedy([
      "Nothing needs mending as long as passive mode works; otherwise switch active mode on in the server.",
    ]),
  ],
  "data-port": [
    serverRemedy([
      "Let the server call clients from any port, or give it the privilege and the free port {dataSourcePort} to call from.",
    ]),
  ],
  "readable-reply": [
    serverRemedy([
      "Bring the server up to date, or take texts and translations of its answer to PASV and EPSV back to the default: 227 needs six numbers from 0 to 255, 229 needs (|||port|).",
    ]),
  ],
  "foreign-data-peer": [
    serverRemedy([
      "Let proxies, load balancers and container networks keep the client's address: externalTrafficPolicy: Local in Kubernetes, direct server return at a balancer, no user-land proxy in Docker.",
      "Where two addresses lead to the server, let clients use one for both connections.",
    ]),
    {
      who: "client-user",
      effort: "medium",
      text: [
        "Let control and data connection leave by one address: a NAT, VPN or proxy with several public addresses must keep one for the whole session (sticky or paired address pooling).",
      ],
    },
  ],
  "listen-failed": [
    serverRemedy([
      "The server could not open its passive listener: give it a range that nothing else uses and that the system lets it have.",
    ]),
  ],
  "max-clients": [
    serverRemedy([
      "Raise the server's limit of sessions, or end those that hang; a shorter idle limit frees them by itself.",
      "The limit is max_clients in vsftpd, MaxClients and MaxInstances in ProFTPD, MaxClientsNumber in Pure-FTPd, maxConnections of the site in IIS.",
    ]),
  ],
  "max-per-ip": [
    serverRemedy([
      "Raise the server's limit of sessions per address; everybody behind one NAT shares it.",
      "The limit is max_per_ip in vsftpd, MaxClientsPerHost in ProFTPD, MaxClientsPerIP in Pure-FTPd.",
    ]),
  ],
  "reverse-lookup": [
    serverRemedy([
      "Switch look-ups of the client's name (reverse DNS) and ident look-ups off in the server, or give it a name server that answers; let firewalls reject TCP 113 instead of dropping it.",
    ]),
  ],
  "greeting-text": [
    serverRemedy(
      ["Put a hyphen after 220 on every line of the greeting but the last, or take the greeting back to one line."],
      {
        effort: "low",
      },
    ),
  ],
  "start-service": [
    serverRemedy(
      [
        "Start the FTP server (`systemctl restart` with vsftpd, proftpd or pure-ftpd; `Restart-Service ftpsvc` for IIS), or let it listen on the address and port that clients use; this shows what listens on port {controlPort}.",
      ],
      {
        commands: ["ss -ltnp 'sport = :{controlPort}'"],
      },
    ),
  ],
  "what-listens": [
    serverRemedy(
      [
        "Look what listens on port {controlPort} of the server; if it is the FTP server, look at what forwards to it: port forwards, the pools of a load balancer, a PROXY protocol that only one side speaks.",
      ],
      { commands: ["ss -ltnp 'sport = :{controlPort}'"] },
    ),
  ],
  "listen-ipv6": [
    serverRemedy(["Let the server listen on IPv6 and open its firewall for it, or take the AAAA record out of DNS."]),
  ],
  "access-list": [
    serverRemedy([
      "Look for lists that let only some clients in: /etc/hosts.allow and hosts.deny, only_from, instances and cps in xinetd, the server's own rules.",
      "The client's address is {clientAddress}.",
    ]),
  ],
  unban: [
    serverRemedy([
      "Take the client's address from the server's deny list and from fail2ban or the like, then stop whatever keeps logging in wrongly.",
      "The address is {clientAddress}.",
    ]),
  ],
  login: [
    serverRemedy([
      "Check user name (some servers want user@domain or host|user) and password, and that the account is enabled, not expired and allowed to use FTP.",
    ]),
  ],
  "home-directory": [
    serverRemedy(
      [
        "Make the user's home directory and let the user enter it and every directory above it, which the commands show.",
        SELINUX,
      ],
      { commands: SHOW_HOME },
    ),
  ],
  "writable-chroot": [
    serverRemedy(
      [
        "Take the write permission from the directory that the user is locked into, and let the user write into one below it.",
      ],
      {
        effort: "low",
      },
    ),
  ],
  "require-tls": [
    serverRemedy([
      "Where clear text must be allowed, demand TLS no longer; this weakens the server: passwords and files then cross the network for everybody to read.",
      "The setting is force_local_logins_ssl=NO and force_local_data_ssl=NO in vsftpd, TLSRequired off in ProFTPD, TLS 1 in Pure-FTPd, SSL Policy in IIS.",
    ]),
  ],
  "read-path": [
    serverRemedy(
      [
        "Check that the path exists and that the user may read it and enter every directory above it, which the commands show.",
        PATH_OF_THE_CLIENT,
        SELINUX,
      ],
      { commands: SHOW_PATH },
    ),
  ],
  "write-path": [
    serverRemedy([
      "Let the user write to the directory, and switch writing on in the server, only where uploads are meant to be.",
    ]),
  ],
  "transfer-cut": [
    {
      who: "firewall-admin",
      effort: "medium",
      text: [
        "Look at what stands between server and client at the time of the transfer: firewalls, NAT and proxies that forget or inspect long connections, and tunnels whose packets are smaller than the path lets on.",
      ],
    },
    serverRemedy([
      "The server's log says how long the transfer ran: if always the same time, it is a limit; vsftpd has data_connection_timeout, ProFTPD TimeoutStalled and TimeoutSession, Pure-FTPd MaxIdleTime.",
    ]),
  ],
  "transfer-failed": [
    serverRemedy(
      [
        "The server's and the system's log say what failed at that moment: a disk or network file system that cannot be read, a file that is locked or changed meanwhile, a process that was ended.",
      ],
      { commands: ["df -h", "dmesg | tail -n 50"] },
    ),
  ],
  storage: [
    serverRemedy(
      [
        "Free space on the disk that holds the files, or raise the user's quota.",
        "The commands show full disks and a lack of inodes; `repquota -a` shows quotas of the system, where they are on.",
        "Servers have quotas of their own: mod_quotatab in ProFTPD (`ftpquota --show-records`), Quota and MaxDiskUsage in Pure-FTPd, File Server Resource Manager beside IIS.",
      ],
      { commands: ["df -h", "df -i"] },
    ),
  ],
};
