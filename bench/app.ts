import { parseArgs } from "node:util";
import { size, soak } from "./app/life.ts";
import { precision } from "./app/precision.ts";
import { requests } from "./app/requests.ts";
import { preparePlaces, type Places } from "./app/setup.ts";
import { sweep } from "./app/sweep.ts";
import type { Settings } from "./app/world.ts";
import { chooseGroups, runGroups, type Group } from "./groups.ts";

/**
 * What the sample app can do, next to other servers over the same model on the same machine: `npm run bench:app`, or a part of it with
 * `-- --only GROUP`, `--seconds NUMBER`, `--soak MINUTES`. Ends with 1 when a bound is missed. Needs two cores, Docker and the registries.
 */
const groups: Readonly<Record<string, Group<[Places, Settings]>>> = {
  requests,
  size,
  precision,
  sweep,
  soak,
};

const { values } = parseArgs({
  options: {
    only: { type: "string", multiple: true },
    seconds: { type: "string", default: "4" },
    soak: { type: "string", default: "10" },
  },
});
const settings: Settings = { seconds: Number(values.seconds), soakMinutes: Number(values.soak) };
const chosen = chooseGroups(groups, values.only);

await runGroups("app", chosen, preparePlaces(), settings);
