import { expect, it } from "vitest";
import type { Remedy } from "../../src/model/report.ts";
import { joinRemedies } from "../../src/remedies/join.ts";

const half = (directive: string, text: string, effort: Remedy["effort"]): Remedy => ({
  who: "server-admin",
  product: "vsftpd",
  effort,
  text,
  config: [{ file: "/etc/vsftpd.conf", directive, value: "1", line: `${directive}=1` }],
  commands: [`check ${directive}`, "systemctl restart vsftpd"],
});

it("makes one change of two halves: said once, and restarted once, at the end", () => {
  const joined = joinRemedies(
    half("a", "Sets a. Then restart it.", "low"),
    half("b", "Sets b. Then restart it.", "medium"),
  );
  expect(joined).toMatchObject({ product: "vsftpd", effort: "medium", text: "Sets a. Then restart it. Sets b." });
  expect(joined.config?.map(({ directive }) => directive)).toEqual(["a", "b"]);
  expect(joined.commands).toEqual(["check a", "check b", "systemctl restart vsftpd"]);
});
