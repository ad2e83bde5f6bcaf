import { findImage } from "../aws/registry.ts";
import { CommandError } from "../errors/command-error.ts";
import { isServing } from "./observe/judge.ts";
import { releaseKey } from "../state/release-history.ts";
import { watchedAlarms } from "./observe/judge-alarms.ts";
import type { ReleaseRecord } from "../state/records.ts";
import { clear, prepare, refuse, type Intent, type Prepared } from "./clearance.ts";
import { execute } from "./run/execute.ts";
import { protectImages, throwUnlessSucceeded } from "./finish.ts";
import { planReturn } from "./plan/plan-release.ts";
import { newRecord } from "./plan/new-record.ts";
import { recover, type Recovered } from "./recover.ts";
import type { Progress } from "./release.ts";
import { isSame, rollbackTarget } from "./plan/rollback-target.ts";
import { readServing, type Serving } from "./observe/serving.ts";
import type { Session } from "./session.ts";

export interface Rollback {
  readonly record: ReleaseRecord;
  readonly changed: boolean;
}

/**
 * Back to an earlier version with its image, its environment and its secrets: by one call where it still runs,
 * by a release of the old image where it does not. Call it with the lock held. Throws CommandError as a release does.
 */
export async function rollbackVersion(
  session: Session,
  version: string | undefined,
  intent: Intent,
  progress: Progress,
): Promise<Rollback> {
  const { deps, target, stack } = session;
  const recovered = await recover(deps, target, stack);
  const serving = await readServing(target, stack, recordsRead);
  const { active } = serving;
  if (recovered !== undefined && version === undefined && isAnswer(recovered)) {
    return { record: active, changed: true };
  }
  const to = rollbackTarget(serving.releases, active, version);
  if (isSame(to, active)) {
    return { record: active, changed: false };
  }
  deps.reporter.notify({
    type: "note",
    text: `back to ${to.version} (release ${to.release}); ${cannotUndo}`,
  });
  const prepared = isWarm(serving, to, target.config.instances.min)
    ? prepareReturn(session, serving, to, intent)
    : await prepareRelease(session, serving, to, intent);
  progress.record = prepared.record;
  const { probe } = intent.settings;
  const done = await execute(deps, target, { stack, ...prepared, probe });
  progress.record = done.record;
  throwUnlessSucceeded(deps, prepared.plan, done.ending);
  await target.store.put(releaseKey(active.release), {
    ...active,
    outcome: "rolled-back",
    reason: `taken back by release ${done.record.release}${intent.message === null ? "" : `: ${intent.message}`}`,
    taken_back_by: done.record.release,
  } satisfies ReleaseRecord);
  await protectImages(deps, target, stack, [done.record, active]);
  return { record: done.record, changed: true };
}

/**
 * Whoever asks for a rollback while a release hangs half-way wants that one to be undone: nothing more is to do when it was taken
 * back, or when it was itself a rollback and has been finished.
 */
export function isAnswer({ journal, ending }: Pick<Recovered, "journal" | "ending">): boolean {
  const isForward = ending.outcome === "succeeded";
  return isForward === (journal.plan.kind === "rollback");
}

/** It still runs, on enough healthy targets of the idle colour. */
function isWarm({ fleet, active }: Serving, to: ReleaseRecord, minimum: number): boolean {
  if (to.colour === active.colour) {
    return false;
  }
  const ready = fleet.instances.filter(
    (instance) => instance.colour === to.colour && isServing(instance, to.deployment),
  );
  return ready.length >= minimum;
}

function prepareReturn(
  { deps, target, stack, who }: Session,
  { fleet, active, releases }: Serving,
  to: ReleaseRecord,
  { settings, message }: Intent,
): Prepared {
  const record = newRecord(stack, {
    release: (releases[0]?.release ?? 0) + 1,
    kind: "rollback",
    deployment: to.deployment,
    colour: to.colour,
    replaces: { release: active.release, version: active.version },
    who,
    created: deps.clock.now().toISOString(),
    message,
    strategy: "blue-green",
    content: to,
  });
  const minimum = target.config.instances.min;
  const alarms = watchedAlarms(stack, to.colour, settings.alarms);
  return { record, plan: planReturn({ stack, record, active, fleet, settings, minimum, alarms }) };
}

async function prepareRelease(
  { deps, target, stack }: Session,
  serving: Serving,
  to: ReleaseRecord,
  intent: Intent,
): Promise<Prepared> {
  const image = await findImage(await target.aws.ecr(), stack.outputs.repository_name, to.digest);
  if (image === undefined) {
    throw new CommandError(`The image of ${to.version} is no longer in the registry.`, {
      where: to.image,
      next: "infer-deploy rollback --to a newer version, or release it again from its sources",
    });
  }
  const { strategy } = intent.settings;
  const settings = {
    ...intent.settings,
    // A way back has no use for a slow beginning.
    strategy: strategy === "rolling" ? strategy : ("blue-green" as const),
  };
  const quick: Intent = { ...intent, settings };
  const clearance = await clear(target, stack, serving, quick);
  refuse(clearance, to.version);
  return prepare(deps, target, stack, serving, {
    intent: quick,
    content: to,
    alarms: clearance.alarms,
  });
}

const cannotUndo =
  "image, environment and secrets go back together; what the newer version wrote to databases, queues or buckets does not";

const recordsRead = 50;
