import { parseArgs } from "node:util";
import { inputs } from "./faults/inputs.ts";
import { measureRelease } from "./faults/measure-release.ts";
import { releaseFaults } from "./faults/release-faults.ts";
import { stacks } from "./faults/stacks.ts";
import { strategiesInWeather } from "./faults/strategies-in-weather.ts";
import type { BoundRow } from "./groups.ts";
import { createWorld, openProject, type World } from "./release/world.ts";
import { printTable } from "./table.ts";

/**
 * Faults and the weather of AWS in a local region, at each verb that they can strike: `npm run bench:faults`. For a part of it, add
 * `-- --only GROUP` or `--fault WORDS`, of which one must be in the fault's name. Ends with 1 when a fault was not survived.
 */
const { values } = parseArgs({
  options: {
    only: {
      type: "string",
      multiple: true,
      default: ["inputs", "releases", "strategies", "stacks"],
    },
    fault: { type: "string", multiple: true, default: [""] },
  },
});
const isWanted = (name: string): boolean => values.fault.some((words) => name.includes(words));

const rows: BoundRow[] = [];
if (values.only.includes("inputs")) await report("inputs", await inputs(isWanted));
if (values.only.includes("releases") || values.only.includes("strategies")) {
  const app = await openProject();
  try {
    const world = await createWorld(app);
    if (values.only.includes("releases")) await report("releases", await releases(world));
    if (values.only.includes("strategies")) {
      await report("strategies", await strategiesInWeather(world));
    }
  } finally {
    await app.project.remove();
  }
}
if (values.only.includes("stacks")) await report("stacks", await stacks(isWanted));
const survived = rows.filter(({ result }) => result === "pass").length;
process.stdout.write(`${survived} of ${rows.length} survived\n`);
if (survived < rows.length) process.exitCode = 1;

async function releases(world: World): Promise<readonly BoundRow[]> {
  const found: BoundRow[] = [];
  for (const fault of releaseFaults.filter((one) => isWanted(one.fault))) {
    try {
      found.push(await measureRelease(world, fault));
    } catch (error) {
      process.stderr.write(`${fault.fault}: ${String(error)}\n`);
      throw error;
    }
    process.stderr.write(`${JSON.stringify(found.at(-1))}\n`);
  }
  return found;
}

async function report(group: string, found: readonly BoundRow[]): Promise<void> {
  rows.push(...found);
  printTable(`faults/${group}`, found);
}
