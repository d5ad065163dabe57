import { defineRule } from "../define-rule.ts";
import { controlArgsOf } from "../facts/control-facts.ts";
import { middleboxSigns } from "../facts/middlebox-signs.ts";
import { probeElsewhere } from "../words/next.ts";
import { filteredSeverity, signsIn } from "./alg-filters-commands.ts";

/** Two programs speak in one session. */
export const ctlTransparentProxy = defineRule({
  id: "ctl-transparent-proxy",
  title: "An FTP proxy or virus scanner seems to answer in the server's place",
  since: "0.1.0",
  needs: ["control", "login"],
  replaces: ["alg-filters-commands"],
  references: [
    "https://documentation.stormshield.eu/SNS/v4/en/Content/User_Configuration_Manual_SNS_v4/Protocols/FTP-Proxy_tab.htm",
  ],
  meaning: [
    "The greeting names one server product and the answers are worded like another one's; or the same commands are answered in other words in clear text than under TLS, into which nobody on the way can look. A proxy or virus scanner on the way (of a firewall, or on this machine) takes part in the conversation and answers some commands itself; or somebody gave the server a greeting that is not its own. Such proxies may refuse TLS, rewrite addresses and hold uploads back while they scan them.",
    "To tell, probe from another network, and compare the replies. To mend it, exempt this server or program from FTP scanning, or use FTP over TLS from the first byte (port 990) or SFTP, into which no scanner looks.",
  ].join("\n\n"),
  severity: filteredSeverity,
  judge(facts) {
    if (facts.addresses.every(({ logins }) => logins.length === 0)) {
      return { kind: "undetermined", missing: "too little was said to compare" };
    }
    const found = facts.addresses.map((address) => ({ address, signs: middleboxSigns(address, facts) }));
    const voices = found.filter(({ signs }) => signs.some(({ kind }) => kind === "proxy"));
    if (voices.length === 0) return { kind: "absent" };
    const signs = voices.flatMap((one) => one.signs);
    return {
      kind: "present",
      confidence: signs.some(({ kind }) => kind === "filter") ? "likely" : "possible",
      at: "middlebox",
      args: {
        ...controlArgsOf(voices, facts),
        modes: [...new Set(signs.flatMap(({ mode }) => mode ?? []))],
        signs: [...new Set(signs.map(({ what }) => what))],
      },
      because: [...new Set(signs.map(({ record }) => record))],
      seen: [...new Set(signs.map(({ seen }) => seen))].slice(0, 3),
      rivals: [
        {
          cause: "a greeting that the server's administrator made up",
          toTellApart: "Talk to the server from its own network: does it greet in the same way there?",
        },
        {
          cause: "pasv-lb-other-backend",
          toTellApart:
            "Connect several times in the same way: where two machines share the address, the answers change.",
        },
      ],
      next: [probeElsewhere(facts)],
    };
  },
  describe: (args) => ({
    summary: `Something between this machine and ${args["host"]} may answer in the server's place: ${signsIn(args["signs"])}.`,
    explanation:
      "One server speaks with one voice. Where the greeting and the answers belong to different products, or the answers change with the protection, either a proxy or scanner on the way answers part of them, or the texts were changed by hand, or two machines share the address.",
    remedies: [
      {
        who: "firewall-admin",
        product: "any",
        effort: "medium",
        text: "Exempt this server from the FTP proxy or FTP scanning of the firewall, or of the virus scanner on this machine, and probe again.",
      },
    ],
  }),
});
