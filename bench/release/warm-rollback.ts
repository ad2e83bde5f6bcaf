import { setTimeout as sleep } from "node:timers/promises";
import { failedSamples } from "../../test/_helpers/load.ts";
import { held, type BoundRow } from "../groups.ts";
import { counts, requestsPerSecond, type Releases, type World } from "./world.ts";

/** Back and forth between two running versions: how long the old one still gets requests. */
export async function warmRollback(world: World): Promise<readonly BoundRow[]> {
  await world.quiet();
  const before = await world.servingVersion();
  const newer = world.newVersion();
  const released = await world.app.release(newer, { args: ["--bake", "0s"] });
  if (released.exitCode !== 0) throw new Error(released.stderr);
  const rows: BoundRow[] = [];
  for (let turn = 0; turn < turns; turn += 1) {
    const left = await world.servingVersion();
    // The first without --to, as a person in a hurry types it; after that the last good release would be the wrong target.
    rows.push(await rollBack(world, turn === 0 ? [] : ["--to", left === newer ? before : newer]));
  }
  return rows;
}

/** A rollback to a running version under load. */
export async function rollBack(
  { app, servingVersion }: Pick<Releases, "app" | "servingVersion">,
  args: readonly string[],
): Promise<BoundRow> {
  const left = await servingVersion();
  const load = app.load(requestsPerSecond);
  await sleep(2000);
  const end = await app.run("rollback", ...args);
  await sleep(2000);
  const samples = await load.stop();
  const its = samples.filter(({ version }) => version === left);
  const seconds = (Math.max(...its.map(({ sent }) => sent)) - end.started) / 1000;
  const arrived = await servingVersion();
  const isGood =
    end.exitCode === 0 && arrived !== left && seconds <= 2 && failedSamples(samples).length === 0;
  if (!isGood) process.stderr.write(end.stderr);
  return {
    case: `rollback ${args.join(" ")}`.trim(),
    exit: String(end.exitCode),
    way: `${left} to ${arrived}`,
    ...counts(samples),
    "last request to the version left, s": seconds,
    "exit, s": (end.ended - end.started) / 1000,
    ...held("100 % within 2 s, 0 non-2xx", isGood),
  };
}

const turns = 5;
