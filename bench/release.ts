import { parseArgs } from "node:util";
import { atOnce } from "./release/at-once.ts";
import { bad } from "./release/bad.ts";
import { kills, killsBack, killsRollback, killsRolling } from "./release/kills.ts";
import { strategies } from "./release/strategies.ts";
import { time } from "./release/time.ts";
import { warmRollback } from "./release/warm-rollback.ts";
import {
  createWorld,
  openProject,
  type CaseRow,
  type Options,
  type World,
} from "./release/world.ts";
import { printTable } from "./table.ts";

/**
 * What releases promise, measured in a local region under 50 predictions a second: `npm run bench:release`, or a part of it with
 * `-- --only GROUP`, `--rounds NUMBER`, `--step STEP`. Ends with 1 when a bound is missed.
 */
type Group = (world: World, options: Options) => Promise<readonly CaseRow[]>;

const groups: Readonly<Record<string, Group>> = {
  strategies,
  bad,
  "warm-rollback": warmRollback,
  time,
  "at-once": atOnce,
  kills,
  "kills-back": killsBack,
  "kills-rollback": killsRollback,
  "kills-rolling": killsRolling,
};

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    rounds: { type: "string", default: "20" },
    step: { type: "string", multiple: true },
  },
});
const options: Options = { rounds: Number(values.rounds), steps: values.step };
const names = values.only ?? Object.keys(groups);
const unknown = names.find((name) => !(name in groups));
if (unknown !== undefined) {
  throw new Error(`no group "${unknown}"; there are ${Object.keys(groups).join(", ")}`);
}

const app = await openProject();
try {
  const world = await createWorld(app);
  for (const name of names) {
    try {
      const rows = (await groups[name]?.(world, options)) ?? [];
      printTable(`release/${name}`, rows);
      if (rows.some(({ result }) => result === "FAIL")) process.exitCode = 1;
    } catch (error) {
      // The other groups can still be measured.
      process.stderr.write(`${name}: ${error instanceof Error ? error.stack : String(error)}\n`);
      process.exitCode = 1;
    }
  }
} finally {
  await app.project.remove();
}
