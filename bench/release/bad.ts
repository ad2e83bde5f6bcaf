import { DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { setTimeout as sleep } from "node:timers/promises";
import { deleteImageScript, removeHooks, writeHook } from "../../test/_helpers/hooks.ts";
import { failedSamples, type Sample } from "../../test/_helpers/load.ts";
import type { Breakage } from "../../test/_helpers/release-project.ts";
import type { RunningCli } from "../../test/_helpers/running-cli.ts";
import { held, type BoundRow } from "../groups.ts";
import { counts, requestsPerSecond, type Options, type World } from "./world.ts";

interface BadCase {
  readonly name: string;
  readonly breakage?: Breakage;
  readonly cause: RegExp;
  /** Whether it gets traffic before it fails. */
  readonly afterShift: boolean;
}

const cases: readonly BadCase[] = [
  {
    name: "crash loop",
    breakage: "crash",
    cause: /the container crashes: .*\b3\b/,
    afterShift: false,
  },
  {
    name: "never healthy",
    breakage: "never-ready",
    cause: /the container never became healthy: .*503/,
    afterShift: false,
  },
  {
    name: "image missing",
    cause: /the registry does not have the image/,
    afterShift: false,
  },
  {
    name: "500 after the shift",
    breakage: "errors",
    cause: /the alarm \S+ went off|\d+ of the last \d+ probes failed/,
    afterShift: true,
  },
  {
    name: "slow after the shift",
    breakage: "slow",
    cause: /the alarm \S+-latency went off|\d+ of the last \d+ probes failed/,
    afterShift: true,
  },
  {
    name: "memory limit",
    breakage: "memory",
    cause: /the container ran out of memory/,
    afterShift: true,
  },
];

/** Bad versions. Those that fail with traffic are canaries, so that the table shows their share. */
export async function bad(world: World, { steps }: Options): Promise<readonly BoundRow[]> {
  // Long enough for every alarm to go off while the first share is watched.
  await world.app.configure({ release: { canary: { weight: canaryWeight, bake: "5m" } } });
  const rows: BoundRow[] = [];
  for (const one of cases.filter(({ name }) => steps?.includes(name) ?? true)) {
    await world.quiet();
    rows.push(await measure(world, one));
  }
  await world.app.configure();
  return rows;
}

async function measure(world: World, one: BadCase): Promise<BoundRow> {
  const { app } = world;
  const before = await world.servingVersion();
  const version = world.newVersion();
  if (one.breakage === undefined) {
    await writeHook(app.project.folder, "pre-release", deleteImageScript);
  }
  const load = app.load(requestsPerSecond);
  await sleep(1000);
  const release = app.startRelease(version, {
    ...(one.breakage === undefined ? {} : { breakage: one.breakage }),
    args: one.afterShift ? ["--strategy", "canary"] : [],
  });
  const end = await release.ended;
  const alarmed = await alarmMoment(world, release);
  await sleep(2000);
  const samples = await load.stop();
  await removeHooks(app.project.folder);
  const { active } = await app.status();
  const told = release.lines.find(({ text }) => text.includes(" was rolled back: "))?.text ?? "";
  const back = secondsUntilBack(samples, version, alarmed);
  const failed = failedSamples(samples);
  // Of all requests while the command ran: for each of them, chance decides which version answers.
  const during = samples.filter(({ sent }) => sent >= end.started && sent <= end.ended);
  const share = (100 * failed.length) / Math.max(1, during.length);
  const isTakenBack =
    end.exitCode === 3 &&
    one.cause.test(told) &&
    active?.version === before &&
    active.weight === 100;
  const isHarmless = one.afterShift ? share <= canaryWeight && back <= 3 : failed.length === 0;
  if (!isTakenBack || !isHarmless) process.stderr.write(end.stderr);
  return {
    case: one.name,
    exit: String(end.exitCode),
    told,
    seconds: (end.ended - end.started) / 1000,
    ...counts(samples),
    "share %": share,
    "alarm to back, s": one.afterShift ? back : "-",
    ...held(
      one.afterShift
        ? `exit 3, cause, ${canaryWeight} % at most, back in 3 s`
        : "exit 3, cause, 0 non-2xx",
      isTakenBack && isHarmless,
    ),
  };
}

/** When the alarm that is the cause went off, or the command began to roll back, whichever came first; milliseconds since 1970. */
async function alarmMoment({ inside }: World, { lines }: RunningCli): Promise<number | undefined> {
  const decided = lines.find(({ text }) => /^· Give \S+ all traffic back/.test(text))?.at;
  const name = lines
    .map(({ text }) => /the alarm (\S+) went off/.exec(text)?.[1])
    .find((found) => found !== undefined);
  if (name === undefined) return decided;
  const cloudWatch = await inside.aws.cloudWatch();
  const answer = await cloudWatch.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
  const updated = answer.MetricAlarms?.[0]?.StateUpdatedTimestamp?.getTime();
  return Math.min(decided ?? Number.POSITIVE_INFINITY, updated ?? Number.POSITIVE_INFINITY);
}

/** Seconds until the last request that the bad version answered, or that failed. */
function secondsUntilBack(
  samples: readonly Sample[],
  version: string,
  alarmed: number | undefined,
): number {
  const failed = new Set(failedSamples(samples));
  const its = samples.filter((sample) => sample.version === version || failed.has(sample));
  if (its.length === 0) return 0;
  return (Math.max(...its.map(({ sent }) => sent)) - (alarmed ?? Number.NaN)) / 1000;
}

const canaryWeight = 10;
