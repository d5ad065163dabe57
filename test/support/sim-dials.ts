import { isIP } from "node:net";
import type { Endpoint } from "../../src/model/endpoint.ts";
import type { TimeSource } from "../../src/system/clock.ts";
import type { ConnectAnswer, ConnectOptions, DialAnswer, ManyDials, ManyDialsOptions } from "../../src/system/ports.ts";

/** Why a dial fails on the machine itself while so many others are in flight; null where it does not. */
export type OwnTrouble = (inFlight: number) => Extract<DialAnswer, `no-${string}` | "local-error"> | null;

/** Many dials over the simulated `connect`. */
export function simDials(
  connect: (to: Endpoint, how: ConnectOptions) => Promise<ConnectAnswer>,
  time: TimeSource,
  troubled: OwnTrouble,
  address: string,
  { localAddress, onAnswer }: ManyDialsOptions,
): ManyDials {
  if (isIP(address) === 0) throw new TypeError(`a dial wants an IP literal, not ${JSON.stringify(address)}`);
  const running = new Map<number, AbortController>();
  const giveUp = (slot: number) => {
    running.get(slot)?.abort("given up");
    running.delete(slot);
  };
  return {
    dial(slot, port) {
      const stop = new AbortController();
      const settle = (answer: DialAnswer) => {
        if (running.get(slot) !== stop) return;
        running.delete(slot);
        onAnswer(slot, answer);
      };
      const trouble = troubled(running.size);
      running.set(slot, stop);
      if (trouble !== null) {
        time.after(0, () => settle(trouble));
        return;
      }
      const how = { signal: stop.signal, ...(localAddress === undefined ? {} : { localAddress }) };
      void connect({ address, port }, how).then((answer) => {
        if (answer.ok) {
          answer.connection.close({ reset: true });
          settle("connected");
        } else settle(DIAL_ANSWERS[answer.failure.outcome] ?? "local-error");
      });
    },
    giveUp,
    close: () => {
      for (const slot of [...running.keys()]) giveUp(slot);
    },
  };
}

const DIAL_ANSWERS: Readonly<Record<string, DialAnswer>> = {
  refused: "refused",
  unreachable: "rejected",
  "timed-out": "timed-out",
};
