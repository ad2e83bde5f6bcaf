import { markServing } from "../../aws/ecr/registry.ts";
import { CommandError } from "../../errors/command-error.ts";
import { describeLine } from "../../errors/describe.ts";
import { InterruptedError, signalName } from "../../errors/interrupted-error.ts";
import { thisCommand } from "../../errors/printed-commands.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import type { Session } from "../session.ts";
import type { Ending } from "../strategy/machine.ts";
import { strategies } from "../strategy/strategies.ts";
import { leftBehind, leftBehindText, type LeftBehind } from "./untidy.ts";

/** Keeps the serving and the previous image from expiring in the registry. A failure is only a warning, because the release is done. */
export async function protectImages(
  { ecr, reporter, stack }: Pick<Session, "ecr" | "reporter" | "stack">,
  kept: readonly ReleaseRecord[],
): Promise<void> {
  const marks = kept.map(({ release, digest }) => ({ tag: liveTag(release), digest }));
  try {
    await markServing(await ecr(), stack.outputs.repository_name, marks);
  } catch (error) {
    const text = `the registry may expire the serving image, because tagging it failed: ${describeLine(error)}`;
    reporter.notify({ type: "warning", text });
  }
}

/** Warns of what the rollout left behind, whatever its outcome, and returns it. */
export function reportLeftBehind(
  { reporter, stack }: Pick<Session, "reporter" | "stack">,
  plan: RolloutPlan,
  ending: Ending,
): readonly LeftBehind[] {
  const left = leftBehind(stack.outputs, plan, ending);
  for (const one of left) reporter.notify({ type: "warning", text: leftBehindText(one) });
  return left;
}

/** Throws the error of a rollout that did not succeed: InterruptedError when the user stopped it. */
export function throwUnlessSucceeded(
  { credentials, interrupts }: Pick<Session, "credentials" | "interrupts">,
  plan: RolloutPlan,
  ending: Ending,
): void {
  if (ending.outcome === "succeeded" && !ending.stuck) {
    return;
  }
  const strategy = strategies[plan.strategy];
  const { signal } = interrupts;
  if (ending.outcome === "cancelled" && signal !== undefined && !ending.stuck) {
    throw new InterruptedError(
      signal,
      `Release ${plan.release} (${plan.to.version}) was stopped by ${signalName(signal)}.`,
      {
        why: `${strategy.cancelled(plan)}, the lock is released`,
        next: `${thisCommand} starts it again`,
      },
    );
  }
  const error = strategy.error(plan, ending);
  throw ending.stuck && hasExpired(ending)
    ? withoutCredentials(error, credentials.renewal())
    : error;
}

function hasExpired({ failure }: Ending): boolean {
  return failure?.detail.some((line) => /credentials have expired/.test(line)) === true;
}

/** Nothing more can be done by this run, not even giving its lock back. */
function withoutCredentials(error: CommandError, renewal: string): CommandError {
  return new CommandError(error.message, {
    exitCode: error.exitCode,
    why: "the AWS credentials have expired",
    detail: error.detail,
    next: `${renewal}, then infer-deploy lock release, then infer-deploy rollback, which repairs it`,
  });
}

function liveTag(release: number): string {
  return `live-${String(release).padStart(4, "0")}`;
}
