import { describe, expect, it } from "vitest";
import { simulatorFaults } from "../../src/simulator/faults/index.ts";
import { startSimulator } from "../../src/simulator/simulator.ts";
import type { Connection } from "../../src/system/ports.ts";
import { type SimWorld, simWorld } from "../support/sim-network.ts";

/** A simulator on a public host, and a client elsewhere. */
async function together(fault: string[] = [], publicAddress?: string) {
  const world = simWorld();
  const client = world.host("client", ["198.51.100.10"]).network;
  const inside = publicAddress === undefined ? {} : { inside: "lan" };
  const address = publicAddress === undefined ? "203.0.113.5" : "10.0.0.2";
  const server = world.host("server", [address], inside).network;
  if (publicAddress !== undefined) {
    world.nat({ inside: "lan", address: publicAddress, forward: [{ ports: [21, 40_100], to: "10.0.0.2" }] });
  }
  const simulator = await startSimulator({
    network: server,
    clock: world.clock,
    fault,
    host: address,
    port: 21,
    passivePorts: { from: 40_000, to: 40_100 },
    openSilentPort: async () => ({ port: 40_101, close: async () => {} }),
  });
  const dial = async (port: number, to = "203.0.113.5"): Promise<Connection | string> => {
    const { signal, clear } = world.clock.limit(5000);
    const answer = await client.connect({ address: to, port }, { signal });
    clear();
    return answer.ok ? answer.connection : answer.failure.outcome;
  };
  return { world, simulator, dial };
}

/** Everything that comes until the pattern does, the other side ends, or ten seconds pass. */
async function hear(world: SimWorld, from: Connection, pattern: RegExp): Promise<string> {
  const { signal, clear } = world.clock.limit(10_000);
  let text = "";
  while (!pattern.test(text) && text.length < 200_000) {
    const answer = await from.read(signal);
    if (answer.kind !== "data") break;
    text += Buffer.from(answer.bytes).toString("latin1");
  }
  clear();
  return text;
}

async function say(world: SimWorld, control: Connection, line: string): Promise<string> {
  await control.write(Buffer.from(`${line}\r\n`));
  return hear(world, control, /^[2-5]\d\d [^\n]*\n/m);
}

function connected(answer: Connection | string): Connection {
  if (typeof answer === "string") throw new Error(`not connected: ${answer}`);
  return answer;
}

describe("the simulator in the simulated network", () => {
  it("lists in passive mode, and leaves nothing open", async () => {
    const { world, simulator, dial } = await together();
    const control = connected(await dial(21));
    await hear(world, control, /^220 /);
    await say(world, control, "USER demo");
    await say(world, control, "PASS demo");
    const port = Number(/\|(\d+)\|/.exec(await say(world, control, "EPSV"))?.[1]);
    const data = connected(await dial(port));
    expect(await say(world, control, "LIST")).toMatch(/^150 .*\r\n226 /);
    expect(await hear(world, data, /never/)).toMatch(/welcome\.txt/);
    data.close();
    control.close();
    await simulator.stop();
    expect(world.open()).toEqual([]);
  });

  it("names its private address behind a NAT, and silent ports are a rule of the network", async () => {
    const { world, simulator, dial } = await together([], "203.0.113.5");
    world.rule({ to: "server", ports: [40_000, 40_100], action: "drop" });
    const control = connected(await dial(21));
    await hear(world, control, /^220 /);
    await say(world, control, "USER demo");
    await say(world, control, "PASS demo");
    expect(await say(world, control, "PASV")).toMatch(/\(10,0,0,2,156,\d+\)/);
    const port = Number(/\|(\d+)\|/.exec(await say(world, control, "EPSV"))?.[1]);
    expect(await dial(port)).toBe("timed-out");
    control.close();
    await simulator.stop();
    expect(world.open()).toEqual([]);
  });

  it.each(simulatorFaults.map(({ name }) => name))("%s leaves nothing open either", async (name) => {
    const { world, simulator, dial } = await together([name]);
    const first = await dial(21);
    if (typeof first !== "string") {
      await hear(world, first, /^220 [^\n]*\n/m);
      await say(world, first, "USER demo");
      await say(world, first, "PASS demo");
      const port = /\|(\d+)\|/.exec(await say(world, first, "EPSV"))?.[1];
      const data = port === undefined ? "refused" : await dial(Number(port));
      await say(world, first, "LIST");
      if (typeof data !== "string") data.close();
      await say(world, first, "PORT 198,51,100,10,200,1");
      await say(world, first, "LIST");
      first.close();
    }
    // One that is in the middle of its greeting when the simulator stops.
    const second = await dial(21);
    await simulator.stop();
    if (typeof second !== "string") second.close();
    expect(world.open()).toEqual([]);
  });
});
