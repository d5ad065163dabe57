import { describe, expect, it } from "vitest";
import { diagnose } from "../../src/diagnosis/diagnose.ts";
import { probeOf } from "../support/evidence.ts";

describe("a run that was stopped", () => {
  it("names what has been seen to work", () => {
    const report = diagnose(probeOf("203.0.113.5").works("epsv", "pasv").interrupted().build());
    expect(report.summary).toContain("What works so far: EPSV and PASV.");
  });
});
