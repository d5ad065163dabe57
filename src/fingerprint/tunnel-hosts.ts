/** Services that make one local port public: whoever is reached through them is reached on that port alone. */
const TUNNELS: readonly { /** End of the host's name. */ suffix: string; service: string; source: string }[] = [
  { suffix: ".ngrok.io", service: "ngrok", source: "ngrok.com/docs/gateway/tcp-addresses (1.tcp.eu.ngrok.io:12345)" },
  { suffix: ".ply.gg", service: "playit.gg", source: "names in public repositories (word-word.gl.at.ply.gg:52426)" },
  { suffix: ".pinggy.link", service: "Pinggy", source: "pinggy.io, TCP tunnels (xxxx.a.pinggy.link:12345)" },
  { suffix: "bore.pub", service: "bore", source: "github.com/ekzhang/bore" },
];

/** The tunnel service that a host name belongs to; null where it is none that we know. */
export function tunnelService(host: string): string | null {
  const name = host.toLowerCase().replace(/\.$/, "");
  return TUNNELS.find(({ suffix }) => name.endsWith(suffix))?.service ?? null;
}
