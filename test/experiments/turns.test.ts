import { expect, test } from "vitest";
import { Turns } from "../../src/experiments/turns.ts";

async function play(askers: Record<string, number>): Promise<string> {
  const turns = new Turns(Object.keys(askers));
  let said = "";
  await Promise.all(
    Object.entries(askers).map(async ([name, times]) => {
      for (let time = 0; time < times; time += 1) {
        await turns.mine(name);
        said += name;
        turns.pass();
      }
      turns.leave(name);
    }),
  );
  return said;
}

test("each round goes the other way, so that every second turn is not always the same one's", async () => {
  expect(await play({ A: 4, B: 4 })).toBe("ABBAABBA");
  expect(await play({ A: 3 })).toBe("AAA");
});

test("who has left is passed over", async () => {
  expect(await play({ A: 1, B: 4 })).toBe("ABBBB");
  expect(await play({ A: 4, B: 2 })).toBe("ABBAAA");
  expect(await play({ A: 0, B: 2 })).toBe("BB");
});
