import { listed } from "../../model/words.ts";
import { defineRule, type Judgement } from "../define-rule.ts";
import { dataTls, noDataTls, seenDataTls } from "../facts/data-tls.ts";
import { modesIn } from "../verdict/severity.ts";
import { mendServer } from "../words/mend.ts";

/** The listing is complete, and TLS on its connection was not ended as it should be. */
export const dataTlsCloseNotifyMissing = defineRule({
  id: "data-tls-close-notify-missing",
  title: "Server ends data connections without TLS's closing message",
  since: "0.1.0",
  needs: ["passive", "active"],
  references: ["RFC 8446 section 6.1 (close_notify)", "https://github.com/FubarDevelopment/FtpServer/issues/49"],
  meaning: [
    "The server sends all of the data and says that it is complete (226), and ends the TLS connection without close_notify. To TLS that is a connection that may have been cut off, so strict clients throw the data away: GnuTLS reports error -110 (The TLS connection was non-properly terminated), others a truncated transfer.",
    "Update the server, or let it end TLS properly (vsftpd strict_ssl_write_shutdown=YES). Most clients can be told to bear with it.",
  ].join("\n\n"),
  severity: () => "notice",
  judge(facts): Judgement {
    const nothing = noDataTls(facts);
    if (nothing !== null) return nothing;
    const ended = dataTls(facts).filter(({ summary, tls }) => summary.result === "works" && tls.closeNotify !== null);
    if (ended.length === 0) return { kind: "undetermined", missing: "no data connection under TLS came to its end" };
    const hits = ended.filter(({ tls }) => tls.closeNotify === false);
    const [first] = hits;
    if (first === undefined) return { kind: "absent" };
    return {
      kind: "present",
      confidence: hits.length === ended.length && hits.length > 1 ? "certain" : "likely",
      at: "server-host",
      args: {
        protection: "tls",
        modes: [...new Set(hits.map(({ record }) => record.mode))],
        peer: first.record.address,
        of: ended.length,
        without: hits.length,
      },
      because: [...new Set(hits.map(({ record }) => record.id))],
      seen: [...new Set(hits.slice(0, 2).map((hit) => `${seenDataTls(hit)}; ended without close_notify`))],
      rivals:
        hits.length === ended.length
          ? []
          : [
              {
                cause: "data-reset-midway",
                toTellApart:
                  "Compare the size of the listings: if those without close_notify are shorter, they were cut.",
              },
            ],
    };
  },
  describe: (args, facts) => ({
    summary: `The server ended ${args["without"]} of ${args["of"]} data connections under TLS without close_notify: strict clients take complete transfers for cut off.`,
    explanation: `Over ${listed(modesIn(args).map((mode) => mode.toUpperCase()))} the data came, the server confirmed it, and the connection ended without the message that TLS asks for (RFC 8446 section 6.1). This client bears with it; others report an error and throw the data away.`,
    remedies: mendServer("tls-close-notify", facts, args),
  }),
});
