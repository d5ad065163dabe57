import { type RemedyTemplate, settingsIn } from "../template.ts";

const environment = settingsIn("docker-compose.yml, environment", ": ");

/** The change to a container image whose server takes its settings from the environment: they, and the passive ports published. */
export function containerChange(
  product: string,
  ...settings: readonly [variable: string, value: string][]
): Pick<RemedyTemplate, "product" | "config" | "commands"> & { effort: "medium" } {
  const published = "{from}-{to}:{from}-{to}";
  return {
    product,
    effort: "medium",
    config: [
      ...settings.map(([variable, value]) => environment(variable, value)),
      { file: "docker-compose.yml, ports", directive: "ports", value: published, line: `- "${published}"` },
    ],
    commands: ["docker compose up -d --force-recreate"],
  };
}
