import { fileURLToPath } from "node:url";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import type { Config } from "../../src/config/schema/config.ts";
import { loadTemplates } from "../../src/terraform/render/template-files.ts";
import { checkHostile } from "../../test/_helpers/hostile-check.ts";
import { hostileFiles, type HostileFile } from "../../test/_helpers/hostile-files.ts";
import { release } from "../../test/_helpers/rollout-values.ts";
import { held, type BoundRow } from "../groups.ts";
import { output } from "./programs.ts";

/**
 * Generated configurations with characters of a shell, YAML and Terraform in every free string. The unit test of src/config makes the same check
 * of a few hundred, but for the agent's part.
 */
export async function configurations(): Promise<readonly BoundRow[]> {
  const templates = await loadTemplates();
  const accepted: Config[] = [];
  const failures: string[] = [];
  let texts = 0;
  const look = (file: HostileFile): void => {
    try {
      const outcome = checkHostile(file, templates);
      if (outcome.kind === "refused") return;
      accepted.push(outcome.config);
      texts += outcome.texts;
    } catch (error) {
      failures.push(`${String(error)}: ${JSON.stringify(file.text)}`);
    }
  };
  for (const file of fc.sample(hostileFiles(), howMany)) look(file);
  failures.push(...(await findChangedVariables(accepted)));
  return [
    {
      configurations: howMany,
      accepted: accepted.length,
      "hostile texts": texts,
      failures: failures.length,
      first: failures[0] ?? "",
      ...held(
        "no crash, no text evaluated or changed, half of them accepted",
        failures.length === 0 && accepted.length > howMany / 2,
      ),
    },
  ];
}

/** Configurations whose variables the instances' agent does not pass to Docker as they are. */
async function findChangedVariables(configs: readonly Config[]): Promise<readonly string[]> {
  const { container, ...rest } = release();
  const lines = configs.map(({ env }) =>
    JSON.stringify({ ...rest, ...container, env, memory_mb: 512, stop_seconds: 30 }),
  );
  const printed = await output({ file: "python3", args: [script], input: lines.join("\n") });
  const given = printed
    .split("\n")
    .map((line) => (line === "" ? [] : JSON.parse(line)) as string[]);
  return configs.flatMap(({ env }, index) => {
    const wanted = Object.entries(env).map(([name, value]) => `${name}=${value}`);
    const first = given[index]?.slice(0, wanted.length);
    return isDeepStrictEqual(first, wanted) ? [] : [`the agent passes ${JSON.stringify(first)}`];
  });
}

const script = fileURLToPath(new URL("container_env.py", import.meta.url));
const howMany = 10_000;
