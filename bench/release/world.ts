import { setTimeout as sleep } from "node:timers/promises";
import { releaseAlarms } from "../../src/release/observe/alarms.ts";
import { describeAlarms } from "../../src/aws/alarms/describe-alarms.ts";
import { failedSamples, type Sample } from "../../test/_helpers/load.ts";
import { removeHooks, writeHook } from "../../test/_helpers/hooks.ts";
import { createReleaseProject, type ReleaseProject } from "../../test/_helpers/release-project.ts";
import { openStackBucket } from "../../test/_helpers/stack-bucket.ts";
import { openStack, type StackInside } from "../../test/_helpers/stack-inside.ts";
import { parseStackRecord } from "../../src/state/stack-record.ts";

/** A stack, of either topology, to release to. */
export interface Releases {
  readonly app: ReleaseProject;
  /** A version that is new. */
  readonly newVersion: () => string;
  readonly servingVersion: () => Promise<string>;
  /** Resolves when no alarm would stop a release. */
  readonly quiet: () => Promise<void>;
}

/** One fleet that all groups work on, one after the other. */
export interface World extends Releases {
  readonly inside: StackInside;
  /** Pushes a version's image to the registry and releases nothing. */
  readonly push: (version: string) => Promise<void>;
}

/** How much of a group is run. */
export interface Options {
  /** Rounds of the releases that are started at once. */
  readonly rounds: number;
  /** The steps at which a release is killed, or the bad versions to release; undefined means all. */
  readonly steps: readonly string[] | undefined;
}

/** Requests a second, in every case. */
export const requestsPerSecond = 50;

export const stackName = { name: "bench-release", region: "eu-west-1" };

/** Brings the fleet up with the version v1. */
export async function createWorld(app: ReleaseProject): Promise<World> {
  const releases = await createReleases(app, stackName);
  const { quiet } = releases;
  return {
    ...releases,
    inside: await openStack(app.project, stackName),
    push: async (version) => {
      await quiet();
      await writeHook(app.project.folder, "pre-release", "exit 1");
      const end = await app.release(version);
      await removeHooks(app.project.folder);
      // The image is in the registry once the hook after the push has run.
      if (!end.stderr.includes("The hook pre-release said no")) throw new Error(end.stderr);
    },
  };
}

/** Brings the stack up with the version v1. */
export async function createReleases(
  app: ReleaseProject,
  stack: { readonly name: string; readonly region: string },
): Promise<Releases> {
  await app.up("v1");
  const { aws, store } = await openStackBucket(app.project, stack);
  const { outputs } = parseStackRecord((await store.get("stack.json"))?.value);
  const cloudWatch = await aws.cloudWatch();
  let last = 1;
  return {
    app,
    newVersion: () => `v${(last += 1)}`,
    servingVersion: async () => (await app.status()).active?.version ?? "none",
    // No requests may be sent during this: with a few of them p99 is meaningless, and its alarm would not change.
    quiet: async () => {
      for (let second = 0; second < longestAlarmSeconds; second += 1) {
        const alarms = await describeAlarms(cloudWatch, releaseAlarms(outputs));
        // A colour without traffic may be unhealthy: that stops no release.
        const loud = alarms.filter(
          ({ name, state }) => state === "ALARM" && !name.endsWith("-unhealthy"),
        );
        if (loud.length === 0) return;
        if (second === 0)
          process.stderr.write(`waits for ${loud.map(({ name }) => name).join()}\n`);
        await sleep(1000);
      }
      throw new Error(`an alarm was on for ${longestAlarmSeconds} s`);
    },
  };
}

/** Limits under which each kind of failure shows within seconds. */
export async function openProject(): Promise<ReleaseProject> {
  return createReleaseProject(stackName.name, {
    health: { path: "/readyz", interval: "5s", drain: "5s", timeout: "60s" },
    instances: { type: "t3.small", min: 2, max: 4, memory: 512 },
  });
}

/** Answers and failures of a load, as every table shows them. */
export function counts(samples: readonly Sample[]): {
  readonly answers: number;
  readonly "non-2xx": number;
} {
  return { answers: samples.length, "non-2xx": failedSamples(samples).length };
}

const longestAlarmSeconds = 600;
