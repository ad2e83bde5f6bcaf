import type { AwsClients } from "../aws/clients.ts";
import { setCapacity } from "../aws/fleet.ts";
import type { ObjectStore } from "../state/object-store.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { Clock } from "../process/clock.ts";
import type { Reporter } from "../report/events.ts";
import { askAddress, type AddressQuestion } from "./observe/address.ts";
import { releaseKey } from "../state/release-history.ts";
import { judgeColour } from "./observe/judge.ts";
import { observe } from "./observe/observe.ts";
import { writePointer } from "../state/release-pointer.ts";
import type { ReleaseRecord } from "../state/records.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { addressIsHealthy } from "../views/status-document.ts";

export interface FirstReleaseDeps {
  readonly aws: AwsClients;
  readonly store: ObjectStore;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly reporter: Reporter;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
}

export interface FirstReleasePlan {
  readonly stack: StackRecord;
  /** S3 prefix of the stack in the state bucket. */
  readonly prefix: string;
  readonly record: ReleaseRecord;
  /** Instances to start; both the group's new minimum and its desired capacity. */
  readonly instances: number;
  readonly address: AddressQuestion;
  /** Seconds the instances may take in all: boot, pull, start and health checks. */
  readonly timeoutSeconds: number;
}

/**
 * Starts the first version of a stack: nothing serves yet, so there is no traffic to move.
 * Whatever goes wrong, the colour goes back to no instances, because a loop of failing machines costs money,
 * and the record says why. Throws CommandError: 1 when the release is bad, 4 when time is up, the signal's own when interrupted.
 */
export async function startFirstRelease(
  deps: FirstReleaseDeps,
  plan: FirstReleasePlan,
): Promise<ReleaseRecord> {
  const key = releaseKey(plan.record.release);
  await deps.store.put(key, plan.record);
  try {
    await writePointer({ ...plan, aws: deps.aws }, plan.record.colour, {
      record: plan.record,
      update: "at-once",
    });
    await scale(deps, plan, plan.instances);
    await waitForTargets(deps, plan);
    await waitForAddress(deps, plan);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // What went wrong first is what the user has to know, whatever goes wrong now.
    await scale(deps, plan, 0).catch((second: unknown) => {
      const text = `the instances could not be stopped (${String(second)}); infer-deploy destroy or the next up will`;
      deps.reporter.notify({ type: "warning", text });
    });
    await deps.store.put(key, finished(deps, plan.record, "failed", reason));
    throw error;
  }
  const record = finished(deps, plan.record, "succeeded", null);
  await deps.store.put(key, record);
  return record;
}

async function scale(
  deps: FirstReleaseDeps,
  plan: FirstReleasePlan,
  instances: number,
): Promise<void> {
  const group = plan.stack.outputs.autoscaling_group_names[plan.record.colour];
  await setCapacity(await deps.aws.autoScaling(), group, { min: instances, desired: instances });
}

async function waitForTargets(deps: FirstReleaseDeps, plan: FirstReleasePlan): Promise<void> {
  const { clock, reporter, signal } = deps;
  const deadline = clock.now().getTime() + plan.timeoutSeconds * 1000;
  let detail = "";
  reporter.notify({ type: "step-started", step: "instances", title: "Start the instances" });
  while (clock.now().getTime() < deadline) {
    signal.throwIfAborted();
    const verdict = judgeColour(
      await observe(deps, plan.stack, null),
      plan.record.colour,
      plan.record,
      plan.instances,
    );
    if (verdict.verdict === "healthy") {
      reporter.notify({
        type: "step-finished",
        step: "instances",
        outcome: "done",
        detail: verdict.detail,
      });
      return;
    }
    if (verdict.verdict === "failed") {
      reporter.notify({ type: "step-finished", step: "instances", outcome: "failed" });
      throw new CommandError(`Version ${plan.record.version} does not run: ${verdict.cause}.`, {
        where: verdict.where,
        detail: verdict.detail,
        next: "mend the image, then run infer-deploy up again; the instances were stopped",
      });
    }
    detail = verdict.detail;
    reporter.notify({ type: "step-progress", step: "instances", detail });
    await clock.sleep(pollMilliseconds, signal);
  }
  reporter.notify({ type: "step-finished", step: "instances", outcome: "failed" });
  throw new CommandError(
    `Version ${plan.record.version} was not healthy within ${plan.timeoutSeconds} s.`,
    {
      exitCode: exitCodes.timedOut,
      why: detail,
      next: "raise health.timeout if the model takes longer to load; the instances were stopped",
    },
  );
}

async function waitForAddress(deps: FirstReleaseDeps, plan: FirstReleasePlan): Promise<void> {
  const { clock, reporter, signal } = deps;
  const deadline = clock.now().getTime() + addressSeconds * 1000;
  let detail = "";
  reporter.notify({ type: "step-started", step: "address", title: `Wait for ${plan.address.url}` });
  while (clock.now().getTime() < deadline) {
    signal.throwIfAborted();
    const answer = await askAddress(deps.fetch, plan.address);
    if (answer.answered && (answer.version === null || answer.version === plan.record.version)) {
      const snapshot = await observe(deps, plan.stack, plan.address);
      if (addressIsHealthy(snapshot, plan.record)) {
        reporter.notify({
          type: "step-finished",
          step: "address",
          outcome: "done",
          detail: answer.detail,
        });
        return;
      }
    }
    detail =
      answer.version === null ? answer.detail : `${answer.detail} by version ${answer.version}`;
    reporter.notify({ type: "step-progress", step: "address", detail });
    await clock.sleep(pollMilliseconds, signal);
  }
  reporter.notify({ type: "step-finished", step: "address", outcome: "failed" });
  throw new CommandError(
    `The targets are healthy, but ${plan.address.url} does not answer with ${plan.record.version}.`,
    {
      exitCode: exitCodes.timedOut,
      why: detail,
      next: "infer-deploy status shows the targets; check version.path and DNS",
    },
  );
}

function finished(
  deps: FirstReleaseDeps,
  record: ReleaseRecord,
  outcome: "succeeded" | "failed",
  reason: string | null,
): ReleaseRecord {
  return { ...record, outcome, reason, finished: deps.clock.now().toISOString() };
}

const pollMilliseconds = 1000;

/** DNS of a new record takes up to a minute to be known everywhere; AWS's own load balancer names are quicker. */
const addressSeconds = 180;
