import { setTimeout as sleep } from "node:timers/promises";
import { failedSamples, versionsOf } from "../../test/_helpers/load.ts";
import { held, type BoundRow } from "../groups.ts";
import { counts, requestsPerSecond, type Releases, type World } from "./world.ts";

/** A good release by each strategy. */
export async function strategies(world: World): Promise<readonly BoundRow[]> {
  const rows: BoundRow[] = [];
  for (const strategy of ["blue-green", "canary", "linear", "rolling"]) {
    rows.push(await releaseBy(world, strategy));
  }
  return rows;
}

/** A good release under load. */
export async function releaseBy(world: Releases, strategy: string): Promise<BoundRow> {
  await world.quiet();
  const before = await world.servingVersion();
  const version = world.newVersion();
  const load = world.app.load(requestsPerSecond);
  await sleep(marginMilliseconds);
  const end = await world.app.release(version, { args: ["--strategy", strategy] });
  await sleep(marginMilliseconds);
  const samples = await load.stop();
  const seen = versionsOf(samples);
  const isGood =
    end.exitCode === 0 &&
    failedSamples(samples).length === 0 &&
    seen.length === 2 &&
    seen[0] === before &&
    seen[1] === version;
  if (end.exitCode !== 0) process.stderr.write(end.stderr);
  return {
    case: strategy,
    exit: String(end.exitCode),
    seconds: (end.ended - end.started) / 1000,
    ...counts(samples),
    versions: seen.join(", "),
    ...held(`exit 0, 0 non-2xx, only ${before} and ${version}`, isGood),
  };
}

/** Before the command and after it, so that the samples also show each version alone. */
const marginMilliseconds = 2000;
