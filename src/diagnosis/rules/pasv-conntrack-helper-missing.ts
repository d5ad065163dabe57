import { familyOf } from "../../model/endpoint.ts";
import { FAMILY, listed, rangeInWords } from "../../model/words.ts";
import { defineRule, type Judgement } from "../define-rule.ts";
import { seenSweeps } from "../facts/closed-ports.ts";
import { type DialledAttempt, idsOf, nothingDialled, offeredPorts, portArgs, seenOf } from "../facts/passive-ports.ts";
import { type SweptPorts, sweptPorts } from "../facts/swept-ports.ts";
import { severityOf } from "../verdict/severity.ts";
import { clientEgress } from "../words/closed-port-rivals.ts";
import { mendHelper, mendPorts } from "../words/mend.ts";
import { watchPort } from "../words/next.ts";

/** A firewall counts on its FTP helper to open data ports, and at one of the server's addresses there is none. */
export const pasvConntrackHelperMissing = defineRule({
  id: "pasv-conntrack-helper-missing",
  title: "A firewall without its FTP helper",
  since: "0.1.0",
  needs: ["passive"],
  replaces: [
    "pasv-ports-filtered",
    "pasv-ports-refused",
    "pasv-ports-rejected",
    "ipv6-data-blocked",
    // That the ports are opened one by one elsewhere is what shows it.
    "pasv-range-partly-open",
  ],
  explains: ["ctl-idle-timeout"],
  references: [
    "https://wiki.nftables.org/wiki-nftables/index.php/Conntrack_helpers",
    "torvalds/linux commits 3bb398d925ec (2016), 486dcf43da78 and b118509076b3 (2022)",
  ],
  meaning: [
    "The firewall of the server or a NAT before it relies on a kernel module (the FTP conntrack helper) to open data ports, and the module is not loaded, or no rule assigns it (since kernel 4.7 that does not happen by itself). The ports offered are then dropped or rejected, in clear and under TLS alike.",
    "At one address alone nothing tells that from outside from a passive range that was never opened: there it is named as what else a closed range may be. It counts as found where `ftp-doctor ports --range` sees it at work at one of the server's addresses, opening ports as they are offered, and not at another: a helper that was assigned for IPv4 alone shows so.",
    'On the firewall itself four commands tell: `lsmod | grep nf_conntrack_ftp` (is the module loaded), `nft list ruleset | grep -E "ct helper|ct state"` or `iptables -t raw -S | grep helper` (is it assigned, and do the rules rely on related connections), `conntrack -L expect` while a session has just been given a passive port (an empty list means that nobody reads the offers), and in the log of the kernel "default automatic helper assignment has been turned off".',
    "To mend it, open the passive range statically, which needs no helper; or load nf_conntrack_ftp (and nf_nat_ftp at a NAT) and assign the helper to port 21.",
  ].join("\n\n"),
  severity: (facts) => severityOf(facts, ["epsv", "pasv"]),
  judge(facts): Judgement {
    const offered = offeredPorts(facts);
    if (offered.length === 0) return nothingDialled(facts);
    const closed = offered.filter(({ pattern }) => pattern.kind === "closed");
    if (closed.length === 0) return { kind: "absent" };
    const swept = sweptPorts(facts);
    const helped = swept.filter(({ reach, reached }) => reach === "opened-on-demand" && reached.length === 0);
    // Under TLS no helper can read.
    const inClear = closed.filter(({ attempts }) => attempts.some(({ record }) => record.protection === "clear"));
    const missing = swept.filter(
      ({ record, reach }) => reach === "none" && inClear.some(({ address }) => address === record.address),
    );
    const [here, there] = [missing[0], helped[0]];
    if (here === undefined || there === undefined) {
      return {
        kind: "undetermined",
        missing:
          "from outside it looks like a range that is not open, unless a helper is seen at work at another address",
      };
    }
    const isAt =
      (sweeps: readonly SweptPorts[]) =>
      ({ record }: DialledAttempt): boolean =>
        sweeps.some((sweep) => sweep.record.address === record.address);
    const attempts = offered.flatMap((at) => at.attempts);
    const failed = attempts.filter(isAt(missing));
    const opened = attempts.filter((attempt) => isAt(helped)(attempt) && attempt.answer === "open");
    return {
      kind: "present",
      confidence: "likely",
      at: "server-firewall",
      args: {
        ...portArgs(failed),
        range: rangeInWords(here.record.range),
        helpedAt: there.record.address,
        onDemand: there.onDemand,
        place: placeOf(here.record.address, there.record.address),
        otherPlace: placeOf(there.record.address, here.record.address),
      },
      because: [...idsOf([...failed, ...opened]), ...[...missing, ...helped].map(({ record }) => record.id)],
      seen: [...seenSweeps([there, here]), ...seenOf(opened).slice(1, 2), ...seenOf(failed).slice(1, 2)],
      rivals: [clientEgress(facts, here.stoppedBy === "rejected" ? "a refusal" : "silence")],
      next: [watchPort(portArgs(failed))],
    };
  },
  describe: (args, facts) => ({
    summary: `A firewall opens the passive ports ${args["range"]} as it reads the server's offers ${args["otherPlace"]}, and none ${args["place"]}: its FTP helper is missing there.`,
    explanation: `All of the ports ${args["range"]} are closed at both ${args["peer"]} and ${args["helpedAt"]} as long as nothing is offered. At ${args["helpedAt"]} those that the server then offered (${inShort(args["onDemand"])}) opened all the same: something before the server reads its offers, an FTP helper. At ${args["peer"]} not one of them opened: the same firewall has no helper there. Clients that come ${args["place"]} cannot use passive mode, and under TLS, which no helper can read, none can at either address.`,
    remedies: [...mendPorts(facts, args), ...mendHelper(facts, args)],
  }),
});

/** `over IPv6` beside an address of the other family, else the address itself. */
function placeOf(address: string, other: string): string {
  return familyOf(address) === familyOf(other) ? `at ${address}` : `over ${FAMILY[familyOf(address)]}`;
}

/** More ports are told by their number. */
const NAMED_AT_MOST = 3;

function inShort(value: unknown): string {
  const ports = Array.isArray(value) ? value.map(String) : [];
  return ports.length <= NAMED_AT_MOST ? listed(ports) : `${ports.length} of them, such as ${ports[0]}`;
}
