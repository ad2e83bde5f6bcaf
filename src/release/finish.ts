import type { AwsClients } from "../aws/clients.ts";
import { markServing } from "../aws/registry.ts";
import type { Target } from "../target/target.ts";
import type { Deps } from "../deps.ts";
import { InterruptedError } from "../errors/interrupted-error.ts";
import { endingError } from "../views/release-text.ts";
import type { Ending } from "./strategy/machine.ts";
import type { RolloutPlan } from "./plan/rollout-plan.ts";
import type { ReleaseRecord } from "../state/records.ts";
import type { StackRecord } from "../state/stack-record.ts";

/** Keeps the registry from expiring what serves and what served before. A failure is a warning: the release itself is done. */
export async function protectImages(
  deps: Pick<Deps, "reporter">,
  target: Pick<Target, "aws"> & { readonly aws: Pick<AwsClients, "ecr"> },
  stack: StackRecord,
  kept: readonly ReleaseRecord[],
): Promise<void> {
  const marks = kept.map(({ release, digest }) => ({ tag: liveTag(release), digest }));
  try {
    await markServing(await target.aws.ecr(), stack.outputs.repository_name, marks);
  } catch (error) {
    const text = `the images of the kept releases could not be marked in the registry: ${String(error)}`;
    deps.reporter.notify({ type: "warning", text });
  }
}

/** Throws what a rollout that did not succeed is told as: InterruptedError where the user stopped it. */
export function throwUnlessSucceeded(
  deps: Pick<Deps, "interrupts">,
  plan: RolloutPlan,
  ending: Ending,
): void {
  if (ending.outcome === "succeeded" && !ending.stuck) {
    return;
  }
  const { signal } = deps.interrupts;
  if (ending.outcome === "cancelled" && signal !== undefined && !ending.stuck) {
    throw new InterruptedError(
      signal,
      `Release ${plan.release} (${plan.to.version}) was stopped.`,
      {
        why: `${plan.from.version} has all traffic, the lock is released`,
        next: "infer-deploy release starts it again",
      },
    );
  }
  throw endingError(plan, ending);
}

function liveTag(release: number): string {
  return `live-${String(release).padStart(4, "0")}`;
}
