import type { Outcome } from "../../model/failure.ts";
import { isPassive } from "../../model/mode.ts";
import type { Rival } from "../../model/report.ts";
import { listed, OUTCOME } from "../../model/words.ts";
import { type Args, defineRule, type Words } from "../define-rule.ts";
import type { Facts } from "../facts/facts.ts";
import { isInOrder, type ModeCourse, type Sorting, sortedBy, unsteady } from "../facts/steadiness.ts";
import { isRequired } from "../verdict/requirements.ts";
import { modesIn } from "../verdict/severity.ts";

/** With so many rounds on either side, chance hardly sorts them by a feature that means nothing. */
const EACH_SIDE = 2;

/** A mode works in some rounds of a repeated run and not in others. */
export const modeUnsteady = defineRule({
  id: "mode-unsteady",
  title: "A mode works in some rounds and not in others",
  since: "0.1.0",
  needs: ["control"],
  references: ["RFC 959 section 3.2 (establishing data connections)"],
  meaning: [
    "The same questions were asked several times on fresh control connections (--repeat), and a mode did not come out the same each time. A single probe would have called the server healthy or broken, as chance had it.",
    "The usual reasons: several machines behind one name or one address, of which one is not set up like the others; a balancer or a NAT that treats connections differently from one to the next; ports or connections that run out under load; a guard that shuts out whoever comes too often. Where the rounds that fail are greeted by another machine than those that work, or shown another certificate, the finding names it.",
    "To mend it, find what the failing rounds have in common: probe each machine behind the balancer at its own address, and compare the servers' configuration, above all the passive range and the address it advertises.",
  ].join("\n\n"),
  // As where it fails each time: of active modes that nobody asked for it is worth knowing, and no more.
  severity: (facts, args) => {
    const modes = modesIn(args);
    return modes.some(isPassive) || isRequired(facts, modes) ? "warning" : "notice";
  },
  judge(facts) {
    if (facts.rounds.length === 0) return { kind: "not-applicable", reason: "nothing was repeated (--repeat)" };
    const hits = unsteady(facts).toSorted((a, b) => rate(a) - rate(b));
    const [lowest] = hits;
    if (lowest === undefined) return { kind: "absent" };
    // Of several modes, one whose rounds can be told apart says the most.
    const spoken = hits.find((course) => sortedBy(course) !== null) ?? lowest;
    const sorting = sortedBy(spoken);
    const from = sorting === null ? shutOutFrom(hits, facts) : null;
    const ids = facts.rounds.flatMap(({ id }) => id ?? []);
    return {
      kind: "present",
      confidence: isSorted(sorting, spoken) ? "certain" : "likely",
      at: sorting === null ? "unknown" : "server-host",
      args: {
        host: facts.evidence.target.host,
        peer: spoken.address,
        modes: [...new Set(hits.map(({ mode }) => mode))],
        works: worked(spoken),
        of: spoken.told.length,
        repaired: spoken.told.filter(({ told }) => told.works && told.repaired).length,
        mode: spoken.mode,
        facet: sorting?.facet ?? null,
        bad: sorting?.bad ?? [],
        good: sorting?.good ?? [],
        shutOutFrom: from?.round ?? null,
        shutOutHow: from?.how ?? null,
      },
      because: [...new Set([...facts.rows.filter((row) => isOf(row, hits)).map(({ record }) => record), ...ids])],
      seen: hits.map(seenAs).slice(0, 4),
      rivals: sorting === null ? rivals(from) : [],
    };
  },
  describe: (args) => {
    const names = modesIn(args).map((mode) => mode.toUpperCase());
    const count =
      args["works"] === args["of"]
        ? `${String(args["mode"]).toUpperCase()} worked in ${args["repaired"]} of ${args["of"]} rounds only because the advertised address was replaced`
        : `${String(args["mode"]).toUpperCase()} worked in ${args["works"]} of ${args["of"]} rounds`;
    const bad = Array.isArray(args["bad"]) ? args["bad"] : [];
    const good = Array.isArray(args["good"]) ? args["good"] : [];
    if (typeof args["facet"] === "string") {
      return {
        title: "One of several machines behind the address fails",
        summary: `${args["peer"]} is more than one machine, and they do not work alike: ${count}, and it is the ${FACET[args["facet"]]} that tells which.`,
        explanation: `The rounds in which ${listed(names)} ${args["works"] === args["of"] ? "had to be repaired" : "failed"} showed ${quotedList(bad)}, those in which it worked ${quotedList(good)}. So it is the machine that decides, not chance, the port or the way there.`,
        remedies: [
          {
            who: "server-admin",
            product: "any",
            effort: "medium",
            text: `Probe the machine with ${quotedList(bad)} at its own address, past the balancer, and mend what that shows; until then take it out of the balancer's pool.`,
          },
        ],
      };
    }
    if (typeof args["shutOutFrom"] === "number") {
      if (args["shutOutHow"] === "refused") return wentDown(args);
      return {
        title: "The server stopped answering in the middle of the rounds",
        summary: `From round ${args["shutOutFrom"]} on no session was had at ${args["peer"]}; before it everything worked. It may have shut this machine out for coming too often.`,
        explanation:
          "Servers and their guards (fail2ban, CSF, MaxConnectionsPerHost) count connections per client. A server that goes down at that moment looks the same.",
        remedies: [
          {
            who: "client-user",
            product: "any",
            effort: "low",
            text: "Wait ten minutes and repeat with a longer pause: --interval 150 stays below five connections in five minutes.",
          },
        ],
      };
    }
    return {
      summary: `${listed(names)} ${names.length === 1 ? "does" : "do"} not work on ${args["host"]} every time: ${count}.`,
      explanation:
        "The same questions were asked on fresh connections and came out differently. Nothing that the server shows of itself tells the rounds apart, so that chance, load or something between decides.",
      remedies: [
        {
          who: "server-admin",
          product: "any",
          effort: "medium",
          text: "Look into the server's and the balancer's log at the times of the rounds that failed; are there several machines behind the address, and have all the same passive range and address?",
        },
      ],
    };
  },
});

/** Who bans drops packets, as a rule; a port at which nobody listens any more refuses. */
function wentDown(args: Args): Words {
  return {
    title: "The server stopped accepting connections in the middle of the rounds",
    summary: `From round ${args["shutOutFrom"]} on every connection to ${args["peer"]} was refused; before it everything worked. The FTP service went down, or the server has shut this machine out for coming too often.`,
    explanation:
      "A refusal comes from a machine that is up and has nobody listening on that port: so does one whose FTP service has ended or is being started anew. Guards that count connections per client (fail2ban, CSF) can be told to refuse as well, but mostly they keep silent.",
    remedies: [
      {
        who: "server-admin",
        product: "any",
        effort: "low",
        text: "See whether the FTP service still runs and listens (systemctl status, ss -ltnp), and in its log and the system's why it ended at that time.",
      },
      {
        who: "client-user",
        product: "any",
        effort: "low",
        text: "Where it runs: wait ten minutes and repeat with a longer pause: --interval 150 stays below five connections in five minutes.",
      },
    ],
  };
}

const FACET: Readonly<Record<string, string>> = {
  certificate: "certificate",
  greeting: "greeting",
  product: "server program",
  advertised: "address in the answer to PASV",
};

function quotedList(values: readonly (string | number)[]): string {
  return listed(values.map((value) => `"${value}"`));
}

function worked({ told }: ModeCourse): number {
  return told.filter((each) => each.told.works).length;
}

function rate(course: ModeCourse): number {
  return worked(course) / Math.max(1, course.told.length);
}

function isSorted(sorting: Sorting | null, { told }: ModeCourse): boolean {
  const inOrder = told.filter((each) => isInOrder(each.told)).length;
  return sorting !== null && Math.min(inOrder, told.length - inOrder) >= EACH_SIDE;
}

function isOf(row: { mode: string; protection: string; address: string }, hits: readonly ModeCourse[]): boolean {
  return hits.some(
    ({ mode, protection, address }) => mode === row.mode && protection === row.protection && address === row.address,
  );
}

/** The rounds at the end in which no session was had, where all before them worked. */
interface ShutOut {
  /** The first of them. */
  round: number;
  /** How the control connections of all of them failed; null where not alike, or a login failed. */
  how: Outcome | null;
}

/** Null where it is otherwise. */
function shutOutFrom(hits: readonly ModeCourse[], { rounds }: Facts): ShutOut | null {
  const firsts = hits.map(({ told }) => {
    const begin = told.findIndex(({ told: how }) => !how.works);
    const rest = told.slice(begin);
    const shut = begin > 0 && rest.every(({ told: how }) => !how.works && how.result === "no-session");
    return shut ? (told[begin]?.round.ordinal ?? null) : null;
  });
  const [first = null] = firsts;
  if (first === null || first > rounds.length || firsts.some((each) => each !== first)) return null;
  const hows = hits.flatMap(({ told }) => told.flatMap(({ told: how }) => (how.works ? [] : [how.control])));
  const [how = null] = hows;
  return { round: first, how: hows.every((each) => each === how) ? how : null };
}

function rivals(shutOut: ShutOut | null): Rival[] {
  if (shutOut !== null) {
    return [
      {
        cause: "ctl-source-banned",
        toTellApart: "Probe from another network now: if it works there, this machine was shut out.",
      },
    ];
  }
  return [
    {
      cause: "pasv-lb-other-backend",
      toTellApart: "Ask whether one machine or several stand behind the address, and probe each at its own address.",
    },
    {
      cause: "pasv-range-exhausted",
      toTellApart: "Repeat when nobody else uses the server: if every round works then, its ports run out.",
    },
  ];
}

/** `EPSV: works in rounds 1, 3, 5; blocked (dial) in 2, 4, 6`. */
function seenAs({ mode, protection, told }: ModeCourse): string {
  const groups = new Map<string, number[]>();
  for (const { round, told: how } of told) {
    const words = how.works
      ? how.repaired
        ? "repaired"
        : "works"
      : how.stage === null
        ? `no session${how.control === null ? "" : ` (${OUTCOME[how.control]})`}`
        : `${how.result} (${how.stage})`;
    groups.set(words, [...(groups.get(words) ?? []), round.ordinal]);
  }
  const parts = [...groups].map(
    ([words, rounds]) => `${words} in ${rounds.length === 1 ? "round" : "rounds"} ${rounds.join(", ")}`,
  );
  return `${mode.toUpperCase()}${protection === "tls" ? " under TLS" : ""}: ${parts.join("; ")}`;
}
