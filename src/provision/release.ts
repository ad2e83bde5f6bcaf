import { hostname, userInfo } from "node:os";
import { describeGroups, setCapacity } from "../aws/fleet.ts";
import { addressQuestion, type Target } from "../commands/target.ts";
import type { Deps } from "../deps.ts";
import { pushImage } from "../image/push.ts";
import { containerSettings } from "../release/record.ts";
import { startFirstRelease } from "../rollout/first-release.ts";
import type { ReleaseRecord } from "../rollout/records.ts";
import type { StackRecord } from "../rollout/stack-record.ts";
import { readServingColour } from "./serving-colour.ts";

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
  const record: ReleaseRecord = {
    schema_version: 1,
    release: (inputs.releases[0]?.release ?? 0) + 1,
    version,
    digest,
    image: `${stack.outputs.repository_url}@${digest}`,
    colour: "blue",
    who: `${userInfo().username}@${hostname()}`,
    created: deps.clock.now().toISOString(),
    finished: null,
    message: null,
    outcome: "in-progress",
    reason: null,
    context_hash: inputs.contextHash,
    container: containerSettings(config, stack),
  };
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
  await setCapacity(autoScaling, group.name, {
    min,
    desired:
      // Nothing else lowers what was raised to the old minimum; what was raised above it has a reason of its own.
      group.desired <= group.min ? min : Math.max(min, Math.min(group.desired, group.max)),
  });
  deps.reporter.notify({
    type: "note",
    text: `minimum of the ${serving} group: ${group.min} -> ${min} instances`,
  });
  return true;
}

/** The same content has the same version, on every machine that builds it to the same image. */
function contentVersion(imageId: string): string {
  return `sha-${imageId.replace(/^sha256:/, "").slice(0, 12)}`;
}

/** A new EC2 instance boots in 20 to 40 s, installs Docker in about as long, and pulls the image. */
const bootSeconds = 300;
