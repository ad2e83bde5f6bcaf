import { describeGroups, endInstances, setCapacity, type GroupInstance } from "../aws/fleet.ts";
import { targetHealth, type TargetHealth } from "../aws/load-balancer.ts";
import { addressQuestion, type Target } from "../target/target.ts";
import type { Deps } from "../deps.ts";
import { pushImage } from "../image/push.ts";
import { contentVersion } from "../image/version.ts";
import { systemProcesses } from "../process/processes.ts";
import { containerSettings, newRecord } from "../release/plan/new-record.ts";
import { startFirstRelease } from "../release/first-release.ts";
import type { ReleaseRecord } from "../state/records.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { readServingColour } from "../release/observe/serving-colour.ts";

/** The newest release that went well; undefined when `up` has to make the first one. */
export function lastGoodRelease(releases: readonly ReleaseRecord[]): ReleaseRecord | undefined {
  return releases.find((record) => record.outcome === "succeeded");
}

export interface FirstReleaseInputs {
  readonly stack: StackRecord;
  readonly releases: readonly ReleaseRecord[];
  /** Resolves to the id of the built image. */
  readonly image: () => Promise<string>;
  readonly contextHash: string;
  /** The user's own, or undefined for one made from the image's content. */
  readonly version: string | undefined;
}

/** Pushes the image and brings it up on the blue colour. Throws CommandError when it does not run. */
export async function bringUpFirstRelease(
  deps: Deps,
  target: Target,
  inputs: FirstReleaseInputs,
): Promise<ReleaseRecord> {
  const { config } = target;
  const { stack } = inputs;
  const imageId = await inputs.image();
  const version = inputs.version ?? contentVersion(imageId);
  const digest = await pushImage(
    deps.run,
    await target.aws.ecr(),
    deps.reporter,
    { imageId, repository: stack.outputs.repository_name, version },
    deps.interrupts.aborted,
  );
  const { user, host } = await systemProcesses.self();
  const record = newRecord(stack, {
    release: (inputs.releases[0]?.release ?? 0) + 1,
    kind: "release",
    colour: "blue",
    replaces: null,
    who: `${user}@${host}`,
    created: deps.clock.now().toISOString(),
    message: null,
    strategy: null,
    content: {
      version,
      digest,
      context_hash: inputs.contextHash,
      container: containerSettings(config, stack),
    },
  });
  return startFirstRelease(
    {
      aws: target.aws,
      store: target.store,
      fetch: deps.fetch,
      clock: deps.clock,
      reporter: deps.reporter,
      signal: deps.interrupts.aborted,
    },
    {
      stack,
      prefix: target.prefix,
      record,
      instances: config.instances.min,
      address: addressQuestion(config, stack.outputs.url),
      timeoutSeconds: bootSeconds + config.health.timeoutSeconds,
    },
  );
}

/** `up` puts a changed minimum on the serving colour itself: Terraform ignores it, so that it cannot disturb a release. */
export async function applyMinimum(
  deps: Pick<Deps, "reporter">,
  target: Pick<Target, "aws"> & {
    readonly config: { readonly instances: { readonly min: number } };
  },
  stack: StackRecord,
): Promise<boolean> {
  const serving = (await readServingColour(await target.aws.loadBalancing(), stack)) ?? "blue";
  const autoScaling = await target.aws.autoScaling();
  const [group] = await describeGroups(autoScaling, [
    stack.outputs.autoscaling_group_names[serving],
  ]);
  const { min } = target.config.instances;
  if (group === undefined || group.min === min) {
    return false;
  }
  if (min > group.min) {
    const desired = Math.max(min, Math.min(group.desired, group.max));
    await setCapacity(autoScaling, group.name, { min, desired });
  } else {
    await setCapacity(autoScaling, group.name, { min });
    // Nothing else takes away what ran only for the old minimum; what ran above it has a reason of its own.
    const surplus = group.desired <= group.min ? group.desired - min : 0;
    const health = await targetHealth(
      await target.aws.loadBalancing(),
      stack.outputs.target_group_arns[serving],
    );
    await endInstances(autoScaling, leastNeeded(group.instances, health).slice(0, surplus));
  }
  deps.reporter.notify({
    type: "note",
    text: `minimum of the ${serving} group: ${group.min} -> ${min} instances`,
  });
  return true;
}

/** Those first that serve nobody yet: a group left to itself ends its oldest instance, which may be the only healthy one. */
function leastNeeded(
  instances: readonly GroupInstance[],
  health: readonly TargetHealth[],
): readonly string[] {
  const healthy = new Set(
    health.filter(({ state }) => state === "healthy").map(({ instance }) => instance),
  );
  return instances
    .filter(({ lifecycle }) => !lifecycle.startsWith("Terminat"))
    .map(({ id }) => id)
    .toSorted((one, other) => Number(healthy.has(one)) - Number(healthy.has(other)));
}

/** A new EC2 instance boots in 20 to 40 s, installs Docker in about as long, and pulls the image. */
const bootSeconds = 300;
