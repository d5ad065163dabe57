import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-container-bridge-address";

describe(ID, () => {
  it.each(["172.17.0.2", "172.20.0.3", "10.42.1.7", "10.244.0.9", "192.168.122.4"])(
    "fires for %s in place of the general finding",
    (address) => {
      const report = expectCauses(
        probeOf("203.0.113.5")
          .works("epsv")
          .passive("pasv", { names: `${address}:40003`, dial: "timed-out" }),
        [ID],
      );
      expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "likely", at: "server-nat" });
      expect(checkOf(report, "pasv-private-address")).toMatchObject({ status: "absent", note: `covered by ${ID}` });
    },
  );

  it("is certain where the greeting names an address of the same bridge", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .control({ greeting: "220 ProFTPD 1.3.5 Server (Debian) [::ffff:172.17.0.6]" })
        .works("epsv")
        .passive("pasv", { names: "172.17.0.6:40003", dial: "timed-out" }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ confidence: "certain", rivals: [] });
  });

  it("leaves 172.31.x to the general finding, because AWS uses it too, and names itself as the rival", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv").passive("pasv", { names: "172.31.5.6:40003", dial: "timed-out" }),
      ["pasv-private-address"],
    );
    expect(findingOf(report, "pasv-private-address").rivals.map(({ cause }) => cause)).toEqual([ID]);
  });

  it("does not fire where the client is on that bridge itself and the address answers", () => {
    expectCauses(probeOf("172.17.0.2").works("epsv").passive("pasv", { names: "172.17.0.2:40003" }), []);
    expectCauses(probeOf("172.17.0.1").works("epsv").passive("pasv", { names: "172.17.0.2:40003" }), []);
  });

  it("cannot tell without a 227", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").works("epsv"), []), ID).status).toBe("undetermined");
  });
});
