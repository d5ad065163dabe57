import { describe, expect, it } from "vitest";
import type { ClientForecast } from "../../src/model/report.ts";
import { table } from "../../src/reporters/table.ts";
import { runOf, sampleReport } from "../support/report.ts";

const PLAIN = { color: false, width: 80, verbose: false, quiet: false, clients: true };

const client = (changes: Partial<ClientForecast>): ClientForecast => ({
  client: "curl",
  name: "curl 7.74 and later",
  outcome: "works",
  mode: "epsv",
  why: "Asks for EPSV, which works.",
  setting: null,
  ...changes,
});
const shown = (clients: ClientForecast[], options = {}) =>
  table.render(runOf(sampleReport("private-address", { clients })), { ...PLAIN, ...options });

describe("the table of clients", () => {
  const clients = [
    client({}),
    client({ client: "slow", name: "slow client", outcome: "works-after-delay", setting: "slow --faster" }),
    client({ client: "wget", name: "wget 1.x", outcome: "fails", mode: null, why: "Asks for PASV in vain." }),
    client({ client: "odd", name: "odd client", outcome: "unknown", mode: null, why: "Not tried." }),
  ];

  it("has a line with result and reason for each, and the setting that helps", () => {
    const text = shown(clients);
    expect(text).toMatch(/\nClients, with their default settings\n\nClient +Result +Why\n─+\n/);
    expect(text).toMatch(/\ncurl 7\.74 and later +works +Asks for EPSV, which works\.\n/);
    expect(text).toMatch(/\nslow client +waits +Asks for EPSV, which works\.\n +Helps: slow --faster\n/);
    expect(text).toMatch(/\nwget 1\.x +fails +Asks for PASV in vain\.\n/);
    expect(text).toMatch(/\nodd client +unknown +Not tried\.\n/);
  });

  it("puts clients with the same story into one row", () => {
    const text = shown([client({ name: "one" }), client({ name: "two" }), client({ name: "three", outcome: "fails" })]);
    expect(text).toMatch(/\none, two +works +Asks for EPSV, which works\.\nthree +fails +Asks/);
  });

  it("is shown only where it is asked for", () => {
    expect(shown(clients, { clients: false })).not.toContain("Clients, with");
  });

  it("says why it is empty", () => {
    expect(shown([])).toContain("\nClients\n - No session was had");
  });

  it("keeps to the width, and to 60 columns on a narrow terminal", () => {
    const long = [client({ name: "A client with quite a long name and versions", why: "Word ".repeat(40).trim() })];
    for (const width of [40, 60, 80]) {
      const part = shown(long, { width }).split("Clients, with")[1] ?? "";
      expect(part.split("\n").filter((line) => line.length > Math.max(60, width))).toEqual([]);
    }
  });

  it("makes hostile text harmless", () => {
    expect(shown([client({ why: "\x1b[2J" })])).toContain("\\x1b[2J");
  });
});
