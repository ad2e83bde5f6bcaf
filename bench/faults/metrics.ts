import { setTimeout as sleep } from "node:timers/promises";
import { failedSamples } from "../../test/_helpers/load.ts";
import { held, type BoundRow } from "../groups.ts";
import { requestsPerSecond, type World } from "../release/world.ts";
import { setWeather } from "./weather.ts";

/**
 * How long a canary of 10 % that answers 500 serves users when metrics come as late as on AWS: from its first bad answer to its last. The
 * probe sees what it asks for itself; what only users meet is seen by the alarm on errors.
 */
export async function metrics(world: World): Promise<readonly BoundRow[]> {
  const rows: BoundRow[] = [];
  for (const [index, one] of cases.entries()) {
    await world.quiet();
    // Late metrics of the case before would set the alarm off.
    if (index > 0) await sleep(settleMilliseconds);
    rows.push(await measure(world, one));
    process.stderr.write(`${JSON.stringify(rows.at(-1))}\n`);
  }
  return rows;
}

interface Case {
  readonly name: string;
  readonly weather: string;
  readonly breakage: "errors" | "users";
  readonly cause: RegExp;
  readonly mostSeconds: number;
}

const cases: readonly Case[] = [
  {
    name: "every request fails, the probe's as well",
    weather: "slow-metrics",
    breakage: "errors",
    cause: /probes failed/,
    mostSeconds: 5,
  },
  {
    name: "users' requests fail; metrics a minute late",
    weather: "slow-metrics=60s",
    breakage: "users",
    cause: /the alarm \S+-errors went off/,
    mostSeconds: 180,
  },
  {
    name: "users' requests fail; metrics two minutes late",
    weather: "slow-metrics=120s",
    breakage: "users",
    cause: /the alarm \S+-errors went off/,
    // A whole minute, its lateness, and the minute between two evaluations.
    mostSeconds: 240,
  },
];

async function measure(world: World, one: Case): Promise<BoundRow> {
  const { app } = world;
  const before = await world.servingVersion();
  const version = world.newVersion();
  await app.configure({ release: { canary: { weight: 10, bake: "10m" } } });
  await setWeather(app.project, one.weather);
  const load = app.load(requestsPerSecond);
  await sleep(1000);
  const end = await app.release(version, {
    breakage: one.breakage,
    args: ["--strategy", "canary"],
  });
  await sleep(2000);
  const samples = await load.stop();
  await setWeather(app.project, "none");
  await app.configure();
  const failed = failedSamples(samples);
  const bad = failed.map(({ sent }) => sent);
  const seconds = bad.length === 0 ? 0 : (Math.max(...bad) - Math.min(...bad)) / 1000;
  const meanwhile = samples.filter(
    ({ sent }) => sent >= Math.min(...bad) && sent <= Math.max(...bad),
  );
  const share = (100 * failed.length) / Math.max(1, meanwhile.length);
  const told = /^✖ (.*)$/m.exec(end.stderr)?.[1] ?? "";
  const { active } = await app.status();
  const isGood =
    end.exitCode === 3 &&
    one.cause.test(end.stderr) &&
    active?.version === before &&
    seconds <= one.mostSeconds;
  if (!isGood) process.stderr.write(end.stderr);
  return {
    case: one.name,
    exit: end.exitCode,
    told,
    "first to last bad answer, s": seconds,
    "bad answers": failed.length,
    "of the requests meanwhile, %": share,
    ...held(`exit 3, back in ${one.mostSeconds} s`, isGood),
  };
}

const settleMilliseconds = 300_000;
