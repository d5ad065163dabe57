import { describe, expect, test } from "vitest";
import { portsNear, unlikelyPorts } from "../../src/experiments/other-ports.ts";
import { type Act, saying } from "./scripted-server.ts";
import { recordsOf, SERVER, SERVER6, stage } from "./stage.ts";

describe("where the control port is closed", () => {
  test("the ports of other services tell whether the host is there, and the first words of one are kept", async () => {
    const { probe, server, world } = stage();
    world.rule({ to: "server", ports: 21, action: "drop" });
    const ssh = await server.network.listen({ address: SERVER, port: 22 });
    if (!ssh.ok) throw new Error("no listener");
    const calling = ssh.listener.accept(AbortSignal.any([])).then(async (call) => {
      if (!call.ok) return;
      await call.connection.write(Buffer.from("SSH-2.0-OpenSSH_9.6\r\n"));
      call.connection.close();
    });
    const evidence = await probe();
    await calling;
    ssh.listener.close();
    const [record] = recordsOf(evidence, "other-ports");
    expect(record).toMatchObject({ purpose: "host-alive", address: SERVER, session: null });
    expect(record?.tried.map(({ endpoint, outcome, firstBytes }) => [endpoint.port, outcome, firstBytes])).toEqual([
      [22, "connected", "SSH-2.0-OpenSSH_9.6\r\n"],
      ...[80, 443, 990, 2121].map((port) => [port, "refused", ""]),
    ]);
  });

  test("the control port itself is no other port", async () => {
    const { probe } = stage();
    const evidence = await probe({}, {}, `${SERVER}:2121`);
    const [record] = recordsOf(evidence, "other-ports");
    expect(record?.tried.map(({ endpoint }) => endpoint.port)).toEqual([21, 22, 80, 443, 990]);
  });

  test("where implicit TLS is asked for on a closed port, the greeting of the ordinary one is heard", async () => {
    const { probe, scripted } = stage();
    await scripted({ greeting: saying("220 Ready") });
    const evidence = await probe({}, {}, `ftps://${SERVER}`);
    const [record] = recordsOf(evidence, "other-ports");
    expect(record?.tried[0]).toMatchObject({
      endpoint: { port: 21 },
      outcome: "connected",
      firstBytes: "220 Ready\r\n",
    });
    expect(record?.tried.map(({ endpoint }) => endpoint.port)).not.toContain(990);
  });

  test("a late greeting on FTP's own port is heard, and silence there costs no more than a verdict may take", async () => {
    const ftpOf = async (greeting: Act) => {
      const { probe, scripted } = stage();
      await scripted({ greeting });
      const evidence = await probe({}, {}, `ftps://${SERVER}`);
      const [trial] = recordsOf(evidence, "other-ports").flatMap(({ tried }) => tried);
      return { trial, evidence };
    };
    const late = await ftpOf((talk) => talk.wait(9_000).then(() => talk.say("220 Ready")));
    expect(late.trial).toMatchObject({ endpoint: { port: 21 }, firstBytes: "220 Ready\r\n" });
    expect(Math.round((late.trial?.firstBytesMs ?? 0) / 1_000)).toBe(9);
    const silent = await ftpOf(() => {});
    expect(silent.trial).toMatchObject({ outcome: "connected", firstBytes: "" });
    expect(silent.trial).not.toHaveProperty("firstBytesMs");
    expect(silent.evidence.durationMs).toBeLessThanOrEqual(28_000);
  });

  test("no other port than FTP's own is waited for", async () => {
    const { probe, server } = stage();
    const web = await server.network.listen({ address: SERVER, port: 443 });
    if (!web.ok) throw new Error("no listener");
    const called = web.listener.accept(AbortSignal.any([]));
    const evidence = await probe({}, {}, `ftps://${SERVER}`);
    const call = await called;
    if (call.ok) call.connection.close();
    web.listener.close();
    expect(call.ok).toBe(true);
    expect(evidence.durationMs).toBeLessThan(1_000);
  });

  test("nothing is asked where another address answers", async () => {
    const { probe, simulator, world } = stage();
    world.name("ftp.example.com", { ipv4: [SERVER], ipv6: [SERVER6] });
    await simulator();
    const evidence = await probe({}, {}, "ftp.example.com");
    expect(recordsOf(evidence, "control").map(({ connect }) => connect.outcome)).toContain("refused");
    expect(recordsOf(evidence, "other-ports")).toEqual([]);
  });
});

describe("where nobody greets", () => {
  test("an empty line is sent, its answer kept, and unlikely ports are tried", async () => {
    const { probe, server } = stage();
    const port = await server.network.listen({ address: SERVER, port: 21 });
    if (!port.ok) throw new Error("no listener");
    const serving = port.listener.accept(AbortSignal.any([])).then(async (call) => {
      if (!call.ok) return;
      await call.connection.read(AbortSignal.any([]));
      await call.connection.write(Buffer.from("220 now that you ask\r\n"));
      await call.connection.read(AbortSignal.any([]));
      call.connection.close();
    });
    const evidence = await probe();
    await serving;
    port.listener.close();
    expect(recordsOf(evidence, "control")[0]?.greeting).toMatchObject({
      outcome: "timed-out",
      firstBytes: "",
      afterNewline: { outcome: "ok", firstBytes: "220 now that you ask\r\n", limitMs: 2_000 },
    });
    expect(recordsOf(evidence, "other-ports")).toMatchObject([
      { purpose: "tarpit-control", tried: [{ outcome: "refused" }, { outcome: "refused" }, { outcome: "refused" }] },
    ]);
    // The second one asked whether the port waits for TLS.
    expect(evidence.sessions).toHaveLength(2);
  });

  test("silence behind the empty line is told as such", async () => {
    const { probe, scripted } = stage();
    await scripted({ greeting: () => {}, "": () => {} });
    const evidence = await probe();
    expect(recordsOf(evidence, "control")[0]?.greeting?.afterNewline).toMatchObject({
      outcome: "timed-out",
      firstBytes: "",
    });
  });

  test("a server that greets is sent none", async () => {
    const { probe, scripted } = stage();
    const server = await scripted({ greeting: saying("550 No") });
    const evidence = await probe();
    expect(recordsOf(evidence, "control")[0]?.greeting?.afterNewline).toBeUndefined();
    expect(server.commands).toEqual([[]]);
  });
});

describe("the ports that are tried", () => {
  test.each([0, 0.3, 0.5, 0.999_999])("are unlikely ones, wherever chance begins: %d", (chance) => {
    const known = [21, 40_000, 49_152];
    const ports = unlikelyPorts({ random: () => chance }, known);
    expect(new Set(ports).size).toBe(3);
    for (const port of ports) {
      expect(port).toBeGreaterThanOrEqual(1_024);
      expect(port).toBeLessThanOrEqual(65_535);
      for (const other of known) expect(Math.abs(other - port)).toBeGreaterThan(1_000);
    }
  });

  test("near a refused one are the swapped and the neighbours, each once and within bounds", () => {
    expect(portsNear(1_347)).toEqual([17_157, 1_348, 1_346]);
    expect(portsNear(65_535)).toEqual([65_534]);
    expect(portsNear(257)).toEqual([258, 256]);
  });
});
