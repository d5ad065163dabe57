import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-address-unparsable";

describe(ID, () => {
  it("fires on vsftpd's own words", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv").passive("pasv", { reply: "500 OOPS: invalid pasv_address" }),
      [ID],
    );
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "certain", at: "server-config" });
  });

  it("fires on the beginning of a URL, and not on a URL that leads to the server", () => {
    const at = (address: string) =>
      probeOf("203.0.113.5")
        .works("epsv")
        .passive("pasv", {
          reply: `227 PASV OK (ftp://${address.replaceAll(".", ",")},156,64)`,
          names: `${address}:40000`,
          dial: address === "203.0.113.5" ? "connected" : "refused",
        });
    const report = expectCauses(at("0.0.0.0"), [ID]);
    expect(findingOf(report, ID)).toMatchObject({ severity: "warning", confidence: "certain", at: "server-config" });
    expect(checkOf(report, "pasv-loopback-or-zero-address").note).toBe(`covered by ${ID}`);
    expect(checkOf(expectCauses(at("203.0.113.5"), []), ID).status).toBe("absent");
  });

  it("does not fire on a refusal of another kind", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").works("epsv").passive("pasv", { reply: "550 Permission denied." }),
      ["pasv-disabled"],
    );
    expect(checkOf(report, ID).status).toBe("absent");
  });

  it("cannot tell where PASV was not asked for", () => {
    expect(checkOf(expectCauses(probeOf("203.0.113.5").works("epsv"), []), ID).status).toBe("undetermined");
  });
});
