import { setTimeout as sleep } from "node:timers/promises";
import { failedSamples } from "../../test/_helpers/load.ts";
import { repairCommand } from "../../test/_helpers/printed-commands.ts";
import type { CliEnd } from "../../test/_helpers/running-cli.ts";
import { held, type BoundRow } from "../groups.ts";
import { findProblems } from "../release/good-state.ts";
import { requestsPerSecond, type World } from "../release/world.ts";
import type { ReleaseFault } from "./fault.ts";
import { setWeather } from "./weather.ts";

/** One fault in a release or a rollback under load, the command that repairs it, and the state of the stack after that. */
export async function measureRelease(world: World, fault: ReleaseFault): Promise<BoundRow> {
  const { app } = world;
  await world.quiet();
  const versions = await startingPoint(world, fault);
  const load = app.load(requestsPerSecond);
  await sleep(marginMilliseconds);
  const end = await strike(world, fault, versions.next);
  await setWeather(app.project, "none");
  await fault.undo?.(world);
  const repaired = await repair(world, fault, end);
  const expected = fault.serves === "new" ? versions.next : versions.before;
  const state = await findProblems(world, expected);
  const samples = await load.stop();
  const lost = failedSamples(samples).length;
  const share = (100 * lost) / Math.max(1, samples.length);
  const problems = [
    ...(fault.exit.includes(end.exitCode) ? [] : [`exit ${end.exitCode}`]),
    ...(fault.cause?.test(end.stderr) === false ? ["the cause is not named"] : []),
    ...(fault.next?.test(nextLine(end.stderr)) === false ? ["the next step is not named"] : []),
    ...(repaired === undefined || repaired.exitCode === 0
      ? []
      : [`the next command ended with ${repaired.exitCode}`]),
    ...(share <= (fault.mayLose ?? 0) ? [] : [`${lost} of ${samples.length} requests lost`]),
    ...state,
  ];
  if (problems.length > 0) {
    process.stderr.write(
      `${fault.fault}, ${fault.at}:\n${end.stderr}\n${repaired?.stderr ?? ""}\n`,
    );
  }
  return {
    fault: fault.fault,
    at: fault.at,
    exit: end.exitCode,
    seconds: (end.ended - end.started) / 1000,
    told: [...end.stderr.matchAll(/^✖ (.*)$/gm)].at(-1)?.[1] ?? "",
    next: nextLine(end.stderr),
    lost,
    "left over": problems.join("; ") || "nothing",
    ...held(`exit ${fault.exit.join(" or ")}, ${fault.serves} serves`, problems.length === 0),
  };
}

interface Versions {
  /** Serves before the fault. */
  readonly before: string;
  /** Serves when the command succeeds. */
  readonly next: string;
}

/** A rollback needs two versions: the newer one serves, and the older one still runs. */
async function startingPoint(world: World, { verb }: ReleaseFault): Promise<Versions> {
  const serving = await world.servingVersion();
  const version = world.newVersion();
  if (verb !== "rollback") return { before: serving, next: version };
  const end = await world.app.release(version, { args: ["--bake", "0s"] });
  if (end.exitCode !== 0) throw new Error(end.stderr);
  return { before: version, next: serving };
}

async function strike(world: World, fault: ReleaseFault, version: string): Promise<CliEnd> {
  const { app } = world;
  await fault.prepare?.(world);
  const { from, weather, verb = "release", args = [], breakage } = fault;
  if (from === undefined && weather !== undefined) await setWeather(app.project, weather);
  const cli =
    verb === "release"
      ? app.startRelease(version, { args, ...(breakage === undefined ? {} : { breakage }) })
      : app.start("rollback", "--yes", ...args);
  if (from !== undefined) {
    const came = await Promise.race([cli.waitFor(from), cli.ended]).catch(() => undefined);
    if (came !== undefined && "text" in came && weather !== undefined) {
      await setWeather(app.project, weather);
    }
  }
  await fault.inject?.(world, cli);
  return cli.ended;
}

async function repair(
  { app }: World,
  { repair: how = "none" }: ReleaseFault,
  end: CliEnd,
): Promise<CliEnd | undefined> {
  if (how === "none") return undefined;
  const [verb, ...args] = how === "printed" ? (repairCommand(end) ?? []) : how;
  if (verb === undefined) return { ...end, exitCode: -1, stderr: "no command was printed" };
  return app.run(
    verb,
    ...args,
    ...(takesYes.has(verb) && !args.includes("--yes") ? ["--yes"] : []),
  );
}

function nextLine(stderr: string): string {
  return /^ {2}next: +(.*)$/m.exec(stderr)?.[1] ?? "";
}

const takesYes = new Set(["release", "rollback", "up", "destroy", "lock"]);
const marginMilliseconds = 1000;
