import { expect, it } from "vitest";
import { diagnose } from "../../../src/diagnosis/diagnose.ts";
import { deriveFacts } from "../../../src/diagnosis/facts/facts.ts";
import { greetedAddress, seenClientAddress } from "../../../src/diagnosis/facts/let-slip.ts";
import { probeOf } from "../../support/evidence.ts";

const greetedAs = (peer: string, greeting: string) =>
  greetedAddress(deriveFacts(probeOf(peer).control({ greeting }).build()).addresses[0]);

it.each([
  ["203.0.113.5", "220 ProFTPD Server (Debian) [10.0.0.2]", "10.0.0.2"],
  ["203.0.113.5", "220 ProFTPD Server (Debian) [::ffff:172.17.0.6]", "172.17.0.6"],
  ["203.0.113.5", "220 bftpd 2.2 at 192.168.1.5 ready.", "192.168.1.5"],
  ["203.0.113.5", "220 ProFTPD Server (Debian) [203.0.113.5]", null],
  ["203.0.113.5", "220 ProFTPD Server (Debian) [999.0.0.2]", null],
  ["10.0.0.9", "220 ProFTPD Server (Debian) [10.0.0.2]", null],
  ["203.0.113.5", "220 Welcome [to 10.0.0.2]", null],
])("reads the server's inside address from its greeting: %s %s", (peer, greeting, address) => {
  expect(greetedAs(peer, greeting)).toBe(address);
});

it("reads this machine's address from Pure-FTPd's refusal, and says it in the summary", () => {
  const probe = probeOf("203.0.113.5")
    .client({ addresses: ["192.168.1.10"] })
    .works("epsv", "pasv")
    .active("port", { reply: "500 I won't open a connection to 192.168.1.10 (only to 198.51.100.7)" });
  expect(seenClientAddress(deriveFacts(probe.build()))).toBe("198.51.100.7");
  expect(diagnose(probe.build()).findings[0]?.summary).toContain("it sees this machine at 198.51.100.7");
  expect(seenClientAddress(deriveFacts(probeOf("203.0.113.5").works("port").build()))).toBeNull();
});

it("forwards the passive range to the address that the greeting let slip", () => {
  const dropped = { dial: "timed-out" } as const;
  const report = diagnose(
    probeOf("203.0.113.5")
      .control({ greeting: "220 ProFTPD Server (Debian) [10.0.0.2]" })
      .login()
      .passive("epsv", dropped)
      .passive("pasv", dropped)
      .build(),
  );
  expect(JSON.stringify(report.findings[0]?.remedies)).toContain("10.0.0.2");
});
