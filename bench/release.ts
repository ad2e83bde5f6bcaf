import { parseArgs } from "node:util";
import { chooseGroups, runGroups, type Group } from "./groups.ts";
import { atOnce } from "./release/at-once.ts";
import { bad } from "./release/bad.ts";
import { kills, killsBack, killsRollback, killsRolling } from "./release/kills.ts";
import { oneMachine } from "./release/one-machine.ts";
import { strategies } from "./release/strategies.ts";
import { time } from "./release/time.ts";
import { warmRollback } from "./release/warm-rollback.ts";
import { createWorld, openProject, type Options, type World } from "./release/world.ts";

/**
 * Measures the promises of releases in a local region under 50 predictions a second: `npm run bench:release`. For a part of it, add
 * `-- --only GROUP`, `--rounds NUMBER` or `--step STEP`. Ends with 1 when a bound is missed.
 */
const groups: Readonly<Record<string, Group<[World, Options]>>> = {
  strategies,
  bad,
  "warm-rollback": warmRollback,
  "one-machine": oneMachine,
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
const chosen = chooseGroups(groups, values.only);

const app = await openProject();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  // It takes an hour, and a user who stops it in the middle must not be left with a running region.
  process.once(signal, () => {
    void app.project.remove().finally(() => process.exit(1));
  });
}
try {
  const world = await createWorld(app);
  await runGroups("release", chosen, world, options);
} finally {
  await app.project.remove();
}
