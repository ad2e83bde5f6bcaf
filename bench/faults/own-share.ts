import { setTimeout as sleep } from "node:timers/promises";
import { describeGroups, setCapacity } from "../../src/aws/fleet.ts";
import { listenerWeights, targetHealth } from "../../src/aws/load-balancer.ts";
import { held, type BoundRow } from "../groups.ts";
import type { World } from "../release/world.ts";
import { summarise } from "../table.ts";

/**
 * The tool's own share of a release in fair weather, by its segments: from the command's start until the idle group's capacity is raised, from
 * the last healthy target until the traffic moves, and from the end of the bake until the exit. What lies between them is AWS's, or the bake's.
 */
export async function ownShare(world: World): Promise<readonly BoundRow[]> {
  const turns: Segments[] = [];
  const rows: BoundRow[] = [];
  for (let turn = 0; turn < turnCount; turn += 1) {
    await world.quiet();
    const version = world.newVersion();
    await world.push(version);
    const segments = await measure(world, version);
    turns.push(segments);
    rows.push(row(`release ${turn + 1}`, segments));
    // The old instances, which are still warm, would answer as the next release's.
    await sleep(settleMilliseconds);
  }
  const median = (of: (one: Segments) => number): number => summarise(turns.map(of)).median;
  const medians = {
    start: median(({ start }) => start),
    shift: median(({ shift }) => shift),
    end: median(({ end }) => end),
  };
  return [...rows, { ...row("medians", medians), ...held(bound, sum(medians) <= mostSeconds) }];
}

/** Seconds. */
interface Segments {
  readonly start: number;
  readonly shift: number;
  readonly end: number;
}

async function measure({ app, inside }: World, version: string): Promise<Segments> {
  const { outputs, aws } = inside;
  const [autoScaling, loadBalancing] = await Promise.all([aws.autoScaling(), aws.loadBalancing()]);
  const { active } = await app.status();
  const colour = active?.colour === "blue" ? "green" : "blue";
  const group = outputs.autoscaling_group_names[colour];
  const targetGroup = outputs.target_group_arns[colour];
  // A release to a warm group would raise no capacity.
  await setCapacity(autoScaling, group, { min: 0, desired: 0 });
  await until(async () => (await targetHealth(loadBalancing, targetGroup)).length === 0);
  const release = app.startRelease(version, {
    args: ["--no-build", "--bake", `${bakeSeconds}s`],
  });
  const raised = await until(async () => {
    const [found] = await describeGroups(autoScaling, [group]);
    return (found?.desired ?? 0) > 0;
  });
  const healthy = await until(async () => {
    const targets = await targetHealth(loadBalancing, targetGroup);
    return targets.filter(({ state }) => state === "healthy").length >= instances;
  });
  const moved = await until(
    async () =>
      (await listenerWeights(loadBalancing, outputs.listener_arn)).get(targetGroup) === 100,
  );
  const { ended, exitCode, stderr } = await release.ended;
  if (exitCode !== 0) throw new Error(stderr);
  return {
    start: (raised - release.started) / 1000,
    shift: (moved - healthy) / 1000,
    end: (ended - moved) / 1000 - bakeSeconds,
  };
}

/** Asks without a pause; milliseconds since 1970 when it first held. */
async function until(holds: () => Promise<boolean>): Promise<number> {
  const deadline = Date.now() + 300_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error("it did not come");
    await sleep(20);
  }
  return Date.now();
}

function row(name: string, segments: Segments): BoundRow {
  return {
    case: name,
    "start to raised capacity, s": segments.start,
    "healthy to moved, s": segments.shift,
    "end of bake to exit, s": segments.end,
    "together, s": sum(segments),
    ...held("", true),
  };
}

function sum({ start, shift, end }: Segments): number {
  return start + shift + end;
}

const turnCount = 5;
const instances = 2;
const bakeSeconds = 5;
const mostSeconds = 2;
const bound = `together ${mostSeconds} s at most`;
const settleMilliseconds = 10_000;
