import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { span } from "../../report/span.ts";
import { durationText } from "../../report/text.ts";
import type { Sleep } from "../../state/pause.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import { judgeColour } from "../observe/judge.ts";
import { observeFleet } from "../observe/observe-stack.ts";
import { readServing } from "../observe/serving.ts";
import { createLaunchWatch } from "../run/launch-watch.ts";
import { settleBarrier } from "./barrier.ts";
import type { PauseChange } from "./maintenance.ts";
import type { PauseDeps } from "./pause-deps.ts";
import { note } from "./record.ts";
import { refuseInterrupted } from "./sleep.ts";

export interface WakeWish {
  /** Serves also when not all instances are healthy. */
  readonly force: boolean;
  /** The configuration's minimum now, where its schedules decide; undefined takes the former one. */
  readonly minimum: number | undefined;
  /** How long the instances may take to start. */
  readonly seconds: number;
}

/**
 * Starts the instances that ran before the sleep, and gives them the traffic once all are healthy. Until then users get 503. A second time,
 * also after a kill, it completes what is missing. Call it with the lock held. Throws CommandError: 1 when the version does not start, 4
 * when time is up; the sleep then stays recorded, and users still get 503.
 */
export async function wakeUp(
  deps: PauseDeps,
  stack: Pick<StackRecord, "name" | "environment">,
  wish: WakeWish,
): Promise<PauseChange> {
  await refuseInterrupted(deps, "wake");
  const { active, fleet } = await readServing(deps, stack);
  const { colour } = active;
  const begun = await note(deps, (before) => ({
    ...before,
    sleep: before.sleep && { ...before.sleep, goal: "awake" as const },
  }));
  const sleep = begun?.pause.sleep ?? null;
  if (sleep !== null) {
    const size = sizeToWake(sleep.size, wish.minimum, fleet.groups[colour].max);
    await startInstances(deps, active, size, wish);
  }
  const after = begun && { ...begun.pause, sleep: null };
  const seen = await settleBarrier(deps, after);
  // Policies would act on the metrics of a service without requests.
  if (sleep !== null && after?.maintenance === null) await deps.fleet.setScaling(colour, true);
  const rest = await note(deps, (before) => ({ ...before, sleep: null }));
  return { pause: rest?.pause, seen };
}

/** A capacity above the former minimum was chosen by a policy or a person, so it comes back too. */
export function sizeToWake(
  before: Sleep["size"],
  minimum: number | undefined,
  max: number,
): Sleep["size"] {
  const min = Math.min(minimum ?? before.min, max);
  const wanted = before.desired > before.min ? Math.max(before.desired, min) : min;
  return { min, desired: Math.max(Math.min(wanted, max), min) };
}

async function startInstances(
  deps: PauseDeps,
  active: ReleaseRecord,
  { min, desired }: Sleep["size"],
  { force, seconds }: WakeWish,
): Promise<void> {
  const { clock, fleet, reporter, signal } = deps;
  const { colour } = active;
  const title = `Start ${desired} instance${desired === 1 ? "" : "s"} of ${active.version}`;
  await span(reporter, "start", title, async ({ done, progress }) => {
    const launches = createLaunchWatch(fleet, colour, () => clock.now());
    await launches.begin();
    await fleet.setScaling(colour, false);
    await fleet.keep(colour);
    await fleet.scale(colour, { min, desired });
    if (force) {
      done("not waited for, because of --force");
      return;
    }
    const end = clock.now().getTime() + seconds * 1000;
    for (;;) {
      const seen = await observeFleet(deps);
      const launch = launches.judge(seen.groups[colour]);
      const verdict = judgeColour(seen, colour, { release: active.deployment }, desired, launch);
      if (verdict.verdict === "healthy") {
        done(verdict.detail);
        return;
      }
      if (verdict.verdict === "failed") {
        throw new CommandError(`${active.version} does not start: ${verdict.cause}.`, {
          where: verdict.where,
          detail: verdict.detail,
          next:
            verdict.next === undefined ? afterFailure : `${verdict.next}; then infer-deploy wake`,
        });
      }
      if (clock.now().getTime() >= end) {
        throw new CommandError(
          `${active.version} was not healthy after ${durationText(seconds)}: ${verdict.detail}.`,
          { exitCode: exitCodes.timedOut, next: afterFailure },
        );
      }
      progress(verdict.detail);
      await clock.sleep(pauseMilliseconds, signal);
    }
  });
}

const afterFailure =
  "infer-deploy wake tries again, and infer-deploy sleep goes back to sleep. If the version is bad: infer-deploy maintenance on keeps the message, infer-deploy wake --force ends the sleep, and infer-deploy rollback returns to another version";
const pauseMilliseconds = 1000;
