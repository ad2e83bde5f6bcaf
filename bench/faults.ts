import { parseArgs } from "node:util";
import { inputs } from "./faults/inputs.ts";
import { metrics } from "./faults/metrics.ts";
import { measureRelease } from "./faults/measure-release.ts";
import { ownShare } from "./faults/own-share.ts";
import { releaseFaults } from "./faults/release-faults.ts";
import { stacks } from "./faults/stacks.ts";
import { strategiesInWeather } from "./faults/strategies-in-weather.ts";
import { held, type BoundRow } from "./groups.ts";
import { createWorld, openProject, type World } from "./release/world.ts";
import { printTable } from "./table.ts";

/**
 * Faults and the weather of AWS in a local region, at each verb that they can strike: `npm run bench:faults`. For a part of it, add
 * `-- --only GROUP` or `--fault WORDS`, of which one must be in the fault's name. Ends with 1 when a fault was not survived.
 */
const onOneStack = {
  "own-share": ownShare,
  releases,
  metrics,
  strategies: strategiesInWeather,
};
const { values } = parseArgs({
  options: {
    only: {
      type: "string",
      multiple: true,
      default: ["inputs", ...Object.keys(onOneStack), "stacks"],
    },
    fault: { type: "string", multiple: true, default: [""] },
  },
});
const isWanted = (name: string): boolean => values.fault.some((words) => name.includes(words));

const rows: BoundRow[] = [];
if (values.only.includes("inputs")) await report("inputs", async () => inputs(isWanted));
if (Object.keys(onOneStack).some((group) => values.only.includes(group))) {
  const app = await openProject();
  try {
    const world = await createWorld(app);
    for (const [group, measure] of Object.entries(onOneStack)) {
      if (values.only.includes(group)) await report(group, async () => measure(world));
    }
  } finally {
    await app.project.remove();
  }
}
if (values.only.includes("stacks")) await report("stacks", async () => stacks(isWanted));
const survived = rows.filter(({ result }) => result === "pass").length;
process.stdout.write(`${survived} of ${rows.length} survived\n`);
if (survived < rows.length) process.exitCode = 1;

async function releases(world: World): Promise<readonly BoundRow[]> {
  const found: BoundRow[] = [];
  for (const fault of releaseFaults.filter((one) => isWanted(one.fault))) {
    found.push(await measureRelease(world, fault));
    process.stderr.write(`${JSON.stringify(found.at(-1))}\n`);
  }
  return found;
}

/** The other groups still run when one cannot be measured to its end. */
async function report(group: string, measure: () => Promise<readonly BoundRow[]>): Promise<void> {
  try {
    const found = await measure();
    rows.push(...found);
    printTable(`faults/${group}`, found);
  } catch (error) {
    process.stderr.write(`${group}: ${error instanceof Error ? error.stack : String(error)}\n`);
    rows.push({ case: group, ...held("measured to its end", false) });
  }
}
