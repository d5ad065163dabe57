import { defineExperiment } from "../engine/experiment.ts";
import { familyOf } from "../model/endpoint.ts";
import type { ActivePortTrial, PortRange, RecordOf, ReplyRecord } from "../model/evidence.ts";
import { tenth } from "../model/milliseconds.ts";
import { active } from "./active.ts";
import { nextPort } from "./call-order.ts";
import { type AddressContext, addressed, type OpenSession } from "./context.ts";

/** Ports tried where nobody says how many. */
const TRIED_AT_MOST = 32;
/** Longer wordings tell nothing more. */
const TEXT_AT_MOST = 160;

/** An address, our ports, and how to come by sessions there. */
interface ActivePortsContext extends AddressContext {
  /** Our ports. */
  range: PortRange;
  /** How many of them to try; null for all of a small range, and some of a large one. */
  samples: number | null;
  /** How many sessions can still be leased. */
  left(): number;
  /** Opens a session; null where none can be had any more. */
  lease(): Promise<OpenSession | null>;
  /** Takes leave of one. */
  release(open: OpenSession): Promise<void>;
}

/** Which of our own ports can the server call? */
export const activePorts = defineExperiment<"active-ports", ActivePortsContext, void>({
  name: "active-ports",
  blank: (context) => ({
    ...addressed(context),
    range: context.range,
    mode: familyOf(context.address) === "ipv6" ? "eprt" : "port",
    planned: spreadOver(context.range, context.samples ?? TRIED_AT_MOST).length,
    trials: [],
  }),
  async run(context, record): Promise<void> {
    const { run, range, samples } = context;
    const ports = spreadOver(range, samples ?? TRIED_AT_MOST);
    const silent = new Map<number, boolean>();
    let open = await context.lease();
    record.session = open?.id ?? null;
    try {
      while (!run.signal.aborted) {
        // A session on which nobody called has a transfer under way that never ends.
        if (open?.session.usable === false) {
          const lost: OpenSession = open;
          open = null;
          await context.release(lost);
          open = await context.lease();
        }
        const port = nextPort(ports, silent, context.left() + 1);
        if (port === null) break;
        if (open === null) {
          record.note = "no further session could be had";
          break;
        }
        run.progress(`letting ${context.address} call port ${port} (${silent.size + 1} of ${ports.length})`);
        const trial = await tryPort(context, open, record, port);
        silent.set(port, isSilent(trial));
        record.trials.push(trial);
        record.trials.sort((a, b) => a.port - b.port);
        await open.session.settle(run.signal);
      }
    } finally {
      if (open !== null) await context.release(open);
    }
  },
});

async function tryPort(
  { run, ...context }: ActivePortsContext,
  open: OpenSession,
  { id, mode, startedMs }: RecordOf<"active-ports">,
  port: number,
): Promise<ActivePortTrial> {
  const own = {
    ...context,
    open,
    mode,
    // What is tried is told by us.
    run: { ...run, options: { ...run.options, activePorts: { from: port, to: port } }, progress: () => {} },
  };
  const attempt: RecordOf<"active"> = {
    ...active.blank(own),
    ...{ id, startedMs, durationMs: 0, status: "done", note: null, experiment: "active" },
  };
  const started = run.clock.now();
  await active.run(own, attempt);
  const { listen, exchange, accept, calledFrom, strangers, transfer } = attempt;
  const reply = exchange?.outcome === "ok" ? exchange.replies.at(-1) : undefined;
  const final = transfer?.exchange.replies.at(-1);
  return {
    port,
    listen: listen.outcome,
    listenCode: listen.code,
    reply: reply === undefined ? null : { code: reply.code, text: firstLine(reply) },
    accept: accept?.outcome ?? null,
    calledFrom,
    strangers: [...new Set(strangers.map(({ address }) => address))],
    dataOutcome: transfer?.dataOutcome ?? null,
    finalCode: final?.code ?? null,
    finalText: final === undefined ? null : firstLine(final),
    ms: tenth(run.clock.now() - started),
  };
}

/** At most so many ports of the range, its first and its last among them, at equal distances. */
function spreadOver({ from, to }: PortRange, atMost: number): number[] {
  const count = Math.min(to - from + 1, Math.max(1, atMost));
  return Array.from({ length: count }, (_, index) => from + Math.round((index * (to - from)) / Math.max(1, count - 1)));
}

/** Whether the server took the port, and then nobody called. */
function isSilent({ accept }: ActivePortTrial): boolean {
  return accept !== null && accept !== "connected";
}

function firstLine({ lines }: ReplyRecord): string {
  return (lines[0] ?? "").slice(0, TEXT_AT_MOST);
}
