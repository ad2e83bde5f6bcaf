import { parseArgs } from "node:util";
import { size, soak } from "./app/life.ts";
import { requests } from "./app/requests.ts";
import { preparePlaces } from "./app/setup.ts";
import { sweep } from "./app/sweep.ts";
import type { Group, Settings } from "./app/world.ts";
import { printTable } from "./table.ts";

/**
 * What the sample app can do, next to other servers over the same model on the same machine: `npm run bench:app`, or a part of it with
 * `-- --only GROUP`, `--seconds NUMBER`, `--soak MINUTES`. Ends with 1 when a bound is missed. Needs two cores, Docker and the registries.
 */
const groups: Readonly<Record<string, Group>> = { requests, size, sweep, soak };

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    seconds: { type: "string", default: "4" },
    soak: { type: "string", default: "10" },
  },
});
const settings: Settings = { seconds: Number(values.seconds), soakMinutes: Number(values.soak) };
const names = values.only ?? Object.keys(groups);
const unknown = names.find((name) => !(name in groups));
if (unknown !== undefined) {
  throw new Error(`no group "${unknown}"; there are ${Object.keys(groups).join(", ")}`);
}

const places = preparePlaces();
for (const name of names) {
  const rows = (await groups[name]?.(places, settings)) ?? [];
  printTable(`app/${name}`, rows);
  if (rows.some(({ result }) => result === "FAIL")) process.exitCode = 1;
}
