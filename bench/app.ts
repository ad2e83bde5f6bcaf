import { parseArgs } from "node:util";
import { size, soak } from "./app/life.ts";
import { precision } from "./app/precision.ts";
import { requests } from "./app/requests.ts";
import { preparePlaces, type Places } from "./app/setup.ts";
import { sweep } from "./app/sweep.ts";
import type { Settings } from "./app/world.ts";
import { chooseGroups, runGroups, type Group } from "./groups.ts";

/**
 * Compares the sample app with other servers over the same model on the same machine: `npm run bench:app`. For a part of it, add
 * `-- --only GROUP`, `--seconds NUMBER` or `--soak MINUTES`; the sweep also takes `--cores`, `--tokens` and `--connections`, each as
 * often as you like. Ends with 1 when a bound is missed. Needs two cores, Docker and the registries.
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
    cores: { type: "string", multiple: true, default: ["1", "2"] },
    tokens: { type: "string", multiple: true, default: ["8", "32", "128"] },
    connections: {
      type: "string",
      multiple: true,
      default: ["1", "2", "4", "8", "16", "32", "64"],
    },
  },
});
const settings: Settings = {
  seconds: Number(values.seconds),
  soakMinutes: Number(values.soak),
  sweep: {
    cores: values.cores.map(readCount),
    tokens: values.tokens.map(readCount),
    connections: values.connections.map(readCount),
  },
};
const chosen = chooseGroups(groups, values.only);

await runGroups("app", chosen, preparePlaces(), settings);

function readCount(text: string): number {
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new Error(`"${text}" is not a whole number`);
  return count;
}
