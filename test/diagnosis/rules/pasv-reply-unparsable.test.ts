import { describe, expect, it } from "vitest";
import { probeOf } from "../../support/evidence.ts";
import { checkOf, expectCauses, findingOf } from "../../support/findings.ts";

const ID = "pasv-reply-unparsable";
const BAD = { reply: "227 Entering Passive Mode (203,0,113,5,999,1).", names: null, problem: "999 is no byte" };

describe(ID, () => {
  it("fires where no endpoint can be read", () => {
    const report = expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", BAD), [ID]);
    expect(findingOf(report, ID)).toMatchObject({
      severity: "warning",
      confidence: "certain",
      seen: ["PASV: 227 Entering Passive Mode (203,0,113,5,999,1)."],
    });
  });

  it("is an error where nothing else is left", () => {
    const report = expectCauses(
      probeOf("203.0.113.5")
        .passive("epsv", { ...BAD, reply: "229 Yes." })
        .passive("pasv", BAD),
      [ID],
    );
    expect(findingOf(report, ID).severity).toBe("error");
  });

  it("does not fire for a reply that is odd but readable, and notes the oddity", () => {
    const evidence = probeOf("203.0.113.5").works("epsv").passive("pasv", { reply: "227 Passive 203,0,113,5,156,64" });
    const built = evidence.build();
    for (const record of built.experiments) {
      if (record.experiment === "passive" && record.mode === "pasv") record.offer?.oddities.push("no-parentheses");
    }
    const report = expectCauses(evidence, []);
    expect(checkOf(report, ID)).toMatchObject({ status: "absent", note: "readable, but odd: no-parentheses" });
  });

  it("fires where the reply is neither a yes nor a no", () => {
    const report = expectCauses(probeOf("203.0.113.5").works("epsv").passive("pasv", { reply: "331 Password?" }), [ID]);
    expect(findingOf(report, ID).summary).toContain("the code 331 is no answer to it");
  });

  it("cannot tell where no reply came", () => {
    const report = expectCauses(
      probeOf("203.0.113.5").passive("epsv", { reply: null }).passive("pasv", { reply: null }),
      ["pasv-alg-drops-227"],
    );
    expect(checkOf(report, ID).status).toBe("undetermined");
  });
});
