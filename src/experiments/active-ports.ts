import { defineExperiment } from "../engine/experiment.ts";
import { familyOf } from "../model/endpoint.ts";
import type { ActivePortTrial, PortRange, RecordOf } from "../model/evidence.ts";
import { tenth } from "../model/milliseconds.ts";
import { active } from "./active.ts";
import { type AddressContext, addressed, type OpenSession } from "./context.ts";

/** Ports tried where nobody says how many: those that do not open cost a session each. */
const TRIED_AT_MOST = 32;
/** Longer wordings tell nothing more. */
const TEXT_AT_MOST = 160;

/** An address, our ports, and how to come by sessions there. */
interface ActivePortsContext extends AddressContext {
  /** Our ports. */
  range: PortRange;
  /** How many of them to try; null for all of a small range, and some of a large one. */
  samples: number | null;
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
    const ports = coarseFirst(spreadOver(range, samples ?? TRIED_AT_MOST));
    let open = await context.lease();
    record.session = open?.id ?? null;
    try {
      for (const [index, port] of ports.entries()) {
        if (run.signal.aborted) break;
        // A session on which nobody called has a transfer under way that never ends.
        if (open?.session.usable === false) {
          const lost: OpenSession = open;
          open = null;
          await context.release(lost);
          open = await context.lease();
        }
        if (open === null) {
          record.note = "no further session could be had";
          break;
        }
        run.progress(`letting ${context.address} call port ${port} (${index + 1} of ${ports.length})`);
        record.trials.push(await tryPort(context, open, record, port));
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
  return {
    port,
    listen: listen.outcome,
    listenCode: listen.code,
    reply: reply === undefined ? null : { code: reply.code, text: (reply.lines[0] ?? "").slice(0, TEXT_AT_MOST) },
    accept: accept?.outcome ?? null,
    calledFrom,
    strangers: [...new Set(strangers.map(({ address }) => address))],
    dataOutcome: transfer?.dataOutcome ?? null,
    finalCode: transfer?.exchange.replies.at(-1)?.code ?? null,
    ms: tenth(run.clock.now() - started),
  };
}

/** At most so many ports of the range, its first and its last among them, at equal distances. */
function spreadOver({ from, to }: PortRange, atMost: number): number[] {
  const count = Math.min(to - from + 1, Math.max(1, atMost));
  return Array.from({ length: count }, (_, index) => from + Math.round((index * (to - from)) / Math.max(1, count - 1)));
}

/** The two ends first, then ever finer between them: what is known when somebody stops it covers the whole range. */
function coarseFirst(ports: readonly number[]): number[] {
  const order = new Set<number>();
  for (let step = Math.max(1, ports.length - 1); step > 0; step = step === 1 ? 0 : Math.ceil(step / 2)) {
    for (let index = 0; index < ports.length; index += step) order.add(ports[index] ?? 0);
  }
  return [...order];
}
