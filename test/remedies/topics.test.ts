import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { CLIENT_TOPICS, FIREWALL_TOPICS, SERVER_TOPICS } from "../../src/remedies/topic.ts";

const source = (folder: string) => fileURLToPath(new URL(`../../src/${folder}`, import.meta.url));

it("every topic is asked for by some judgement, or joined with one that is: no advice lies about unused", () => {
  const diagnosis = readdirSync(source("diagnosis"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => readFileSync(`${source("diagnosis")}/${name}`, "utf8"));
  const texts = [...diagnosis, readFileSync(source("remedies/firewall-remedies.ts"), "utf8")].join("\n");
  // Its firewall topics are keys of tables there; the calls alone count.
  const asked = (topic: string) => new RegExp(`[([ ]"${topic}"[,)\\]; ]|: "${topic}"`).test(texts);
  const all = [...SERVER_TOPICS, ...FIREWALL_TOPICS, ...CLIENT_TOPICS];
  expect(all.filter((topic) => !asked(topic))).toEqual([]);
});
