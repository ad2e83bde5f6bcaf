import { findImage } from "../aws/ecr/registry.ts";
import { CommandError } from "../errors/command-error.ts";
import { durationText } from "../report/text.ts";
import { writeRelease } from "../state/release-history.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import { explainEnding } from "./end/explain-ending.ts";
import { clear } from "./clearance.ts";
import { checkTime } from "./enough-time.ts";
import { protectImages, reportLeftBehind, throwUnlessSucceeded } from "./end/finish.ts";
import { addressQuestion } from "./observe/address.ts";
import { readServing, type Serving } from "./observe/serving.ts";
import { chooseStrategy } from "./plan/choose-strategy.ts";
import { refuse } from "./plan/objections.ts";
import { prepare, type Intent, type Prepared, type Wish } from "./plan/prepare.ts";
import { isWarm, prepareReturn } from "./plan/prepare-return.ts";
import { isSame, rollbackTarget } from "./plan/rollback-target.ts";
import { recover, type Recovered } from "./recover.ts";
import type { Progress, Released } from "./release.ts";
import { execute } from "./run/execute.ts";
import { requireItsSecrets } from "./secrets.ts";
import type { Session } from "./session.ts";

/**
 * Returns to an earlier version with its image, environment and secrets. While that version still runs, one call is enough; otherwise
 * its image is released again. Call it with the lock held. Throws the same CommandErrors as a release.
 */
export async function rollbackVersion(
  session: Session,
  version: string | undefined,
  wish: Wish,
  progress: Progress,
): Promise<Released> {
  const { config, stack } = session;
  const address = addressQuestion(config, stack);
  const recovered = await recover(session, { probe: config.release.probe, address });
  const serving = await readServing(session, stack, recordsRead);
  const { active } = serving;
  if (version === undefined && recovered !== undefined && isAnswer(recovered)) {
    return { record: active, changed: true, left: [] };
  }

  const to = rollbackTarget(serving.releases, active, version);
  if (isSame(to, active)) {
    return { record: active, changed: false, left: [] };
  }
  const minimum = config.instances.min;
  const { settings } = await chooseStrategy(wish.settings, { ...session, ...serving, minimum });
  const intent: Intent = { ...wish, settings };
  session.reporter.notify({
    type: "note",
    text: `rolling back to ${to.version} (release ${to.release}) ${cannotUndo}`,
  });
  const prepared = isWarm(serving, to, config.instances.min)
    ? prepareReturn(stack.outputs, serving, to, intent, {
        minimum: config.instances.min,
        now: session.clock.now(),
      })
    : await prepareRelease(session, serving, to, intent);
  progress.record = prepared.record;
  const done = await execute(session, { ...prepared, probe: intent.settings.probe, address });
  progress.record = done.record;
  const left = reportLeftBehind(session, prepared.plan, done.ending);
  throwUnlessSucceeded(session, prepared.plan, await explainEnding(session, done.ending));

  await writeRelease(session.store, replacedBy(active, done.record, intent.message));
  await protectImages(session, [done.record, active]);
  return { record: done.record, changed: true, left };
}

/**
 * Whether the repair already did what `rollback` was for. After an interrupted release, the user wants that release undone. So the repair
 * is enough when it rolled the release back, or when it finished a rollback; and also where the killed run had not begun.
 */
export function isAnswer(recovered: Recovered | "unbegun"): boolean {
  if (recovered === "unbegun") return true;
  const { journal, ending } = recovered;
  const isForward = ending.outcome === "succeeded";
  return isForward === (journal.plan.kind === "rollback");
}

/** A rollback to a version that no longer runs: releases its old image by the quickest strategy. */
async function prepareRelease(
  session: Session,
  serving: Serving,
  to: ReleaseRecord,
  intent: Intent,
): Promise<Prepared> {
  const { alarms, clock, config, ecr, reporter, stack } = session;
  const { outputs } = stack;
  const image = await findImage(await ecr(), outputs.repository_name, to.digest);
  if (image === undefined) {
    throw new CommandError(`The image of ${to.version} is no longer in the registry.`, {
      where: to.image,
      next: "run infer-deploy rollback --to VERSION with a newer one, or release this one again from its sources",
    });
  }
  await requireItsSecrets(session.secrets, to);
  await session.model.requireOf(to);
  const { strategy } = intent.settings;
  const settings = {
    ...intent.settings,
    // A rollback should not start slowly.
    strategy: quickest(strategy, serving.active),
  };
  const quick: Intent = { ...intent, settings };
  const minimum = config.instances.min;
  const clearance = await clear(alarms, outputs, serving, quick, minimum);
  refuse(clearance.objections, to.version);
  await checkTime(session, serving, quick);
  const now = clock.now();
  const { alarms: names } = clearance;
  reporter.notify({ type: "note", text: coldText(serving.active, to, quick.settings) });
  return prepare({ outputs, serving, intent: quick, content: to, alarms: names, minimum, now });
}

/** A user who rolls back expects a moment. Ctrl-C would move the traffic to the version that the user wants to leave. */
function coldText(
  active: ReleaseRecord,
  to: ReleaseRecord,
  { bakeSeconds, strategy }: Intent["settings"],
): string {
  if (strategy === "recreate") {
    return `${to.version} does not run any more, so its container starts again in place of ${active.version}, and users get 503 until it is healthy`;
  }
  const watch =
    bakeSeconds === 0
      ? ""
      : `, then all traffic moves, and ${durationText(bakeSeconds)} of watching follow (release.bake)`;
  return `${to.version} has no warm instances any more, so its image is released again: first its instances start${watch}. Until the traffic moves, ${active.version} serves. Ctrl-C gives ${active.version} all traffic again`;
}

function quickest(
  strategy: Intent["settings"]["strategy"],
  { container }: ReleaseRecord,
): Intent["settings"]["strategy"] {
  if (strategy === "rolling" || strategy === "recreate") return strategy;
  return container.alone === true ? "recreate" : "blue-green";
}

function replacedBy(
  active: ReleaseRecord,
  rollback: ReleaseRecord,
  message: string | null,
): ReleaseRecord {
  return {
    ...active,
    outcome: "rolled-back",
    reason: `rolled back by release ${rollback.release}${message === null ? "" : `: ${message}`}`,
    taken_back_by: rollback.release,
  };
}

const cannotUndo =
  "with its image, environment and secrets; what the newer version wrote to databases, queues or buckets stays";

const recordsRead = 50;
