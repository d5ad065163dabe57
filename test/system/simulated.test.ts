import { failure } from "../../src/model/failure.ts";
import { simWorld } from "../support/sim-network.ts";
import { type Stage, systemContract } from "./contract.ts";

async function stage(clientAddress: string, address: string, silent: string): Promise<Stage> {
  const world = simWorld();
  const client = world.host("client", [clientAddress]);
  const server = world.host("server", [address]);
  world.name("known.example", { ipv4: ["192.0.2.7", "192.0.2.8"] });
  world.name("broken.example", { ipv6: failure("lookup-failed", "ESERVFAIL") });
  world.name("silent.example", { delayMs: Number.POSITIVE_INFINITY });
  return {
    clock: world.clock,
    client: client.network,
    server: server.network,
    address,
    silent: async () => ({ address: silent, port: 21 }),
    knownName: "known.example",
    unknownName: "unknown.example",
    brokenName: "broken.example",
    silentName: "silent.example",
    leaks: async () => {
      await world.clock.sleep(10);
      return world.open();
    },
    close: async () => {},
  };
}

systemContract("the simulated network over IPv4", () => stage("198.51.100.10", "203.0.113.5", "203.0.113.99"));
systemContract("the simulated network over IPv6", () => stage("2001:db8::10", "2001:db8::5", "2001:db8::99"));
