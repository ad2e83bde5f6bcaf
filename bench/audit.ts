import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { chooseGroups, runGroups, type Group } from "./groups.ts";
import { checkov } from "./audit/checkov.ts";
import { examples } from "./audit/examples.ts";
import { configurations } from "./audit/configurations.ts";
import { terratest } from "./audit/terratest.ts";
import { validate } from "./audit/validate.ts";
import { workflows } from "./audit/workflows.ts";

/**
 * The checks that take too long for `bin/test`: `npm run audit`. For a part of them, add `-- --only GROUP`. Ends with 1 when a bound is missed.
 */
const groups: Readonly<Record<string, Group<[string]>>> = {
  checkov,
  configurations,
  validate,
  workflows,
  terratest,
  examples,
};

const { values } = parseArgs({ options: { only: { type: "string", multiple: true } } });
const chosen = chooseGroups(groups, values.only);
const cache = fileURLToPath(new URL("../.cache", import.meta.url));
await mkdir(join(cache, "audit"), { recursive: true });
await runGroups("audit", chosen, join(cache, "audit"));
