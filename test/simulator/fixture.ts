import { afterEach } from "vitest";
import type { Endpoint } from "../../src/model/endpoint.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../../src/simulator/simulator.ts";
import { realClock } from "../../src/system/clock.ts";
import { realNetwork } from "../../src/system/network.ts";
import type { Listener } from "../../src/system/ports.ts";
import { RawClient, read229 } from "./raw-client.ts";

const open: { end(): void | Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.end();
});

/** A simulator that ends with the test. */
export async function simulator(options: Partial<SimulatorOptions> = {}): Promise<Simulator> {
  const started = await startSimulator({ network: realNetwork, clock: realClock, ...options });
  open.push({ end: () => started.stop() });
  return started;
}

/** A client that ends with the test. */
export async function client(to: Endpoint): Promise<RawClient> {
  const connected = await RawClient.connect(to);
  open.push({ end: () => connected.close() });
  return connected;
}

/** A simulator with a fault and a client that is connected to it. */
export async function sick(fault: string | string[], options: Partial<SimulatorOptions> = {}): Promise<RawClient> {
  return client((await simulator({ fault, ...options })).endpoint);
}

/** The same, logged in. */
export async function sickLogin(fault: string | string[], options: Partial<SimulatorOptions> = {}): Promise<RawClient> {
  const connected = await sick(fault, options);
  await connected.login();
  return connected;
}

/** A listener of the client for active mode that ends with the test. */
export async function clientListener(): Promise<Listener> {
  const answer = await realNetwork.listen({ address: "127.0.0.1", port: 0 });
  if (!answer.ok) throw new Error(answer.failure.detail);
  open.push({ end: () => answer.listener.close() });
  return answer.listener;
}

/** Opens a passive data connection through EPSV. */
export async function passiveData(control: RawClient): Promise<RawClient> {
  return client({ address: "127.0.0.1", port: read229(await control.command("EPSV")) });
}
