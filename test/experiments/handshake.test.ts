import { expect, it } from "vitest";
import type { AddressContext } from "../../src/experiments/context.ts";
import { noHandshake, shakeHands } from "../../src/experiments/handshake.ts";
import { failure } from "../../src/model/failure.ts";
import { createClock } from "../../src/system/clock.ts";
import type { Connection, Network } from "../../src/system/ports.ts";
import { virtualTime } from "../support/sim-clock.ts";

it("takes as long as the other side makes it, whatever this machine needs before it begins", async () => {
  const clock = createClock(virtualTime());
  const secure: Network["secure"] = async (_connection, { onBegin }) => {
    await clock.sleep(80);
    onBegin?.();
    await clock.sleep(20);
    const said = { alert: null, foreign: null, certificateRequested: false };
    return { ok: false, failure: failure("closed", null, ""), ...said };
  };
  const run = { clock, network: { secure }, signal: new AbortController().signal, host: "h", options: {} };
  const context = { run: { ...run, limits: { stepMs: 1_000 } } } as unknown as AddressContext;
  const record = noHandshake(context);
  const connection = { close: () => {} } as unknown as Connection;
  await shakeHands(context, connection, { session: null, versions: null, certificates: 1, record });
  expect(record).toMatchObject({ outcome: "closed", ms: 20 });
});
