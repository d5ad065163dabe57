import { describe, expect, it } from "vitest";
import { progressText } from "../../src/cli/progress-text.ts";

const ALONE = { count: 1, done: 0, more: 0 };
const SWEEP = "sweeping 203.0.113.5: 800 of 1,001 ports, 3 s left";

describe("the progress line", () => {
  it("says nothing twice", () => {
    expect(progressText("203.0.113.5", SWEEP, ALONE, 76)).toBe(SWEEP);
    expect(progressText("ftp.example.com", "trying EPSV at 203.0.113.5", ALONE, 76)).toBe("trying EPSV at 203.0.113.5");
  });

  it("keeps on a narrow terminal what counts", () => {
    expect(progressText("203.0.113.5", SWEEP, ALONE, 36)).toBe("sweeping: 800 of 1,001 ports, 3 s le");
    const calling = "letting 203.0.113.5 call port 50000 (1 of 32)";
    expect(progressText("203.0.113.5", calling, ALONE, 36)).toBe("letting it call port 50000 (1 of 32)");
    expect(progressText("h", "waiting for the greeting of [2001:db8:1:2:3::5]:21", ALONE, 36)).toBe(
      "waiting for the greeting",
    );
    expect(progressText("h", "asking 2001:db8::5 for more passive ports", ALONE, 36)).toBe(
      "asking it for more passive ports",
    );
  });

  it("names the target where there are several", () => {
    const several = { count: 3, done: 1, more: 1 };
    expect(progressText("a.example", "trying EPSV at 203.0.113.5", several, 76)).toBe(
      "1 of 3 done; a.example (and 1 more): trying EPSV at 203.0.113.5",
    );
    expect(progressText("a.example", "trying EPSV at 203.0.113.5", { ...several, more: 0 }, 40)).toBe(
      "1 of 3 done; a.example: trying EPSV",
    );
  });

  it("is never longer than the terminal, and one line", () => {
    expect(progressText("a", "x\ny".repeat(50), ALONE, 30)).toHaveLength(30);
    expect(progressText("a", "x\ny", ALONE, 30)).not.toContain("\n");
  });
});
