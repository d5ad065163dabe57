/** A content network's published addresses. */
export interface ContentNetwork {
  /** Whose they are. */
  owner: string;
  /** IPv4 networks in CIDR form; a 227 can carry no others. */
  networks: readonly string[];
  /** Where the owner publishes them. */
  source: string;
}

/** Content networks that proxy web traffic alone: FTP's data ports lead nowhere there. Their lists change rarely. */
export const CONTENT_NETWORKS: readonly ContentNetwork[] = [
  {
    owner: "Cloudflare",
    networks: [
      "103.21.244.0/22",
      "103.22.200.0/22",
      "103.31.4.0/22",
      "104.16.0.0/13",
      "104.24.0.0/14",
      "108.162.192.0/18",
      "131.0.72.0/22",
      "141.101.64.0/18",
      "162.158.0.0/15",
      "172.64.0.0/13",
      "173.245.48.0/20",
      "188.114.96.0/20",
      "190.93.240.0/20",
      "197.234.240.0/22",
      "198.41.128.0/17",
    ],
    source: "https://www.cloudflare.com/ips-v4",
  },
  {
    owner: "Fastly",
    networks: [
      "23.235.32.0/20",
      "43.249.72.0/22",
      "103.244.50.0/24",
      "103.245.222.0/23",
      "103.245.224.0/24",
      "104.156.80.0/20",
      "140.248.64.0/18",
      "140.248.128.0/17",
      "146.75.0.0/17",
      "151.101.0.0/16",
      "157.52.64.0/18",
      "167.82.0.0/17",
      "167.82.128.0/20",
      "167.82.160.0/20",
      "167.82.224.0/20",
      "172.111.64.0/18",
      "185.31.16.0/22",
      "199.27.72.0/21",
      "199.232.0.0/16",
    ],
    source: "https://api.fastly.com/public-ip-list",
  },
];
