import fc from "fast-check";
import { loadTemplates } from "../../src/terraform/render/template-files.ts";
import { checkHostile } from "../../test/_helpers/hostile-check.ts";
import { hostileFiles, type HostileFile } from "../../test/_helpers/hostile-files.ts";
import { held, type BoundRow } from "../groups.ts";

/**
 * Generated configurations with characters of a shell, YAML and Terraform in every free string. The unit test of src/config makes the same check
 * of a few hundred.
 */
export async function configurations(): Promise<readonly BoundRow[]> {
  const templates = await loadTemplates();
  const counts = { accepted: 0, refused: 0, texts: 0 };
  const failures: string[] = [];
  const look = (file: HostileFile): void => {
    try {
      const outcome = checkHostile(file, templates);
      counts[outcome.kind] += 1;
      if (outcome.kind === "accepted") counts.texts += outcome.texts;
    } catch (error) {
      failures.push(`${String(error)}: ${JSON.stringify(file.text)}`);
    }
  };
  for (const file of fc.sample(hostileFiles(), howMany)) look(file);
  return [
    {
      configurations: howMany,
      ...counts,
      failures: failures.length,
      first: failures[0] ?? "",
      ...held(
        "no crash, no text evaluated or changed, half of them accepted",
        failures.length === 0 && counts.accepted > howMany / 2,
      ),
    },
  ];
}

const howMany = 10_000;
