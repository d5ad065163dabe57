import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-ports-not-forwarded";
const refused = { dial: "refused" } as const;

describe(ID, () => {
  it("fires where a NAT has shown itself and refuses the ports itself", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .passive("epsv", refused)
        .passive("pasv", { names: "10.0.0.2:40003", dial: "timed-out", peer: "refused" }),
      ["pasv-private-address", ID],
    );
    expect(findingOf(report, ID)).toMatchObject({
      severity: "error",
      confidence: "likely",
      at: "server-nat",
      args: { sign: "nat", inside: "10.0.0.2" },
    });
    expect(findingOf(report, ID).remedies.some(({ text }) => text.includes("10.0.0.2"))).toBe(true);
  });

  it("fires behind the name of a tunnel, however the ports fail", () => {
    for (const dial of ["timed-out", "refused"] as const) {
      const probe = probeOf("203.0.113.5", "0.tcp.ngrok.io").target({ port: 13674 });
      const report = expectCauses(probe.passive("epsv", { dial }).passive("pasv", { dial }), [ID]);
      expect(findingOf(report, ID).explanation).toContain("ngrok");
    }
  });

  it("fires where this machine refuses the ports of a server reached through itself, and on a NodePort", () => {
    const tunnel = probeOf("127.0.0.1", "127.0.0.1").passive("epsv", refused).passive("pasv", refused);
    expect(findingOf(expectCauses(tunnel, [ID]), ID).args["sign"]).toBe("loopback");
    const service = probeOf("203.0.113.5").target({ port: 30021 });
    service.passive("epsv", { dial: "timed-out" }).passive("pasv", { dial: "timed-out" });
    expect(findingOf(expectCauses(service, [ID]), ID).args["sign"]).toBe("node-port");
  });

  it("is the rival only, where nothing shows such a device", () => {
    const report = expectCauses(probeOf("203.0.113.5").passive("epsv", refused).passive("pasv", refused), [
      "pasv-ports-refused",
    ]);
    expect(findingOf(report, "pasv-ports-refused").rivals.map(({ cause }) => cause)).toContain(ID);
    const silent = { names: "10.0.0.2:40003", dial: "timed-out", peer: "timed-out" } as const;
    const behindNat = expectCauses(
      probeOf("203.0.113.5").passive("epsv", { dial: "timed-out" }).passive("pasv", silent),
      ["pasv-private-address", "pasv-ports-filtered"],
    );
    expect(findingOf(behindNat, "pasv-ports-filtered").rivals[0]?.cause).toBe(ID);
  });

  it("cannot tell where no port was dialled", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").control(), []), ID).status).toBe("undetermined");
  });
});
