import { changeText } from "../model/files.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import type { RolloutPlan } from "../state/rollout-plan.ts";
import { explainNewVersion } from "./end/explain-ending.ts";
import { clear, roomWarnings } from "./clearance.ts";
import { checkTime } from "./enough-time.ts";
import { protectImages, reportLeftBehind, throwUnlessSucceeded } from "./end/finish.ts";
import { hookFacts } from "./hook-facts.ts";
import { addressQuestion, type AddressQuestion } from "./observe/address.ts";
import { readServing } from "./observe/serving.ts";
import { canRoll, chooseStrategy, type Choice } from "./plan/choose-strategy.ts";
import { containerSettings } from "./plan/container-settings.ts";
import type { Content } from "./plan/new-record.ts";
import { refuse } from "./plan/objections.ts";
import { prepare, type Intent, type Wish } from "./plan/prepare.ts";
import { isSame } from "./plan/rollback-target.ts";
import { recover } from "./recover.ts";
import { isBuilt, resolveImage, type ImageRequest } from "./image/resolve-image.ts";
import { execute } from "./run/execute.ts";
import { checkReach } from "./run/reach.ts";
import { checkScan } from "./image/scan.ts";
import { newestSecrets } from "./secrets.ts";
import type { Session } from "./session.ts";
import type { Ending } from "./strategy/machine.ts";
import type { Objection } from "./strategy/strategy.ts";
import type { LeftBehind } from "./end/untidy.ts";

/** The result of a release or a rollback. */
export interface Released {
  readonly record: ReleaseRecord;
  /** False when the version was already serving. */
  readonly changed: boolean;
  /** What AWS refused to tidy up. */
  readonly left: readonly LeftBehind[];
}

/** The record so far of a release that may still fail, for the hooks that report its end. */
export interface Progress {
  record: ReleaseRecord | undefined;
}

/**
 * From sources to traffic. Call it with the lock held. Resolves when the new version serves, also if it was already serving.
 * Throws CommandError: refused (1), rolled back (3), timed out (4), interrupted (129, 130, 143).
 */
export async function releaseVersion(
  session: Session,
  request: ImageRequest,
  wish: Wish,
  progress: Progress,
  onBegun: (record: ReleaseRecord) => void,
): Promise<Released> {
  const { config, stack, hooks, alarms } = session;
  const { probe } = config.release;
  const { outputs } = stack;
  const minimum = config.instances.min;
  const address = addressQuestion(config, stack);

  await recover(session, { probe, address });
  const before = await readServing(session, stack);
  const chosen = await chooseStrategy(wish.settings, { ...session, ...before, minimum });
  const intent: Intent = { ...wish, settings: chosen.settings };
  // Look for objections before the build as well, so that a refused release does not wait for a long build.
  const early = await clear(alarms, outputs, before, intent, minimum);
  const soon = await checkTime(session, before, intent);
  const unreached = intent.force ? [] : await checkReach(session, address);
  refuse([...early.objections, ...soon, ...unreached], request.version ?? "The new version");
  const room = roomWarnings(session, before, intent);

  if (isBuilt(session, request)) {
    await hooks.run("pre-build", hookFacts(session, { version: request.version }));
  }
  const image = await resolveImage(session, request);
  const model = await session.model.find();
  const content: Content = {
    version: image.version,
    digest: image.digest,
    context_hash: image.contextHash,
    container: containerSettings(
      { ...config, release: intent.settings },
      outputs,
      await newestSecrets(session),
      model,
    ),
  };
  if (isSame(content, before.active)) {
    return { record: before.active, changed: false, left: [] };
  }

  const change = changeText(before.active.container.model, model ?? undefined);
  if (change !== undefined) session.reporter.notify({ type: "note", text: change });

  const found = intent.force ? [] : await checkScan(session, image.digest, { canForce: true });
  const built = isBuilt(session, request);
  const work = { content, intent, address, built, reason: chosen.reason, objections: found };
  const attempt = await moveTraffic(session, work, await room, progress, onBegun);
  if (!(await canFallBack(session, chosen, attempt))) return conclude(session, built, attempt);
  session.reporter.notify({
    type: "warning",
    text: `a second fleet cannot start: ${attempt.ending.failure?.cause}. The running instances take ${content.version} one after the other (rolling)`,
  });
  const rolling: Intent = { ...intent, settings: { ...intent.settings, strategy: "rolling" } };
  const reason = `release ${attempt.record.release} found no machines for a second fleet`;
  const second = await moveTraffic(
    session,
    { ...work, intent: rolling, reason },
    [],
    progress,
    () => undefined,
  );
  return conclude(session, built, { ...second, left: [...attempt.left, ...second.left] });
}

interface Work {
  readonly content: Content;
  readonly intent: Intent;
  readonly address: AddressQuestion;
  /** Whether the image was built by this run. */
  readonly built: boolean;
  /** Why `auto` chose the strategy; null when the user chose. */
  readonly reason: string | null;
  readonly objections: readonly Objection[];
}

/** A rollout that has ended, well or not. */
interface Attempt {
  readonly record: ReleaseRecord;
  readonly plan: RolloutPlan;
  readonly ending: Ending;
  /** The release that served before it. */
  readonly before: ReleaseRecord;
  readonly left: readonly LeftBehind[];
}

/** One rollout, from its last objections to its end. Throws CommandError when it is refused. `warnings`: of the room for it. */
async function moveTraffic(
  session: Session,
  { content, intent, address, built, reason, objections }: Work,
  warnings: readonly string[],
  progress: Progress,
  onBegun: (record: ReleaseRecord) => void,
): Promise<Attempt> {
  const { config, stack, hooks, alarms } = session;
  const { outputs } = stack;
  const minimum = config.instances.min;
  const serving = await readServing(session, stack);
  const clearance = await clear(alarms, outputs, serving, intent, minimum);
  // The build has taken its time. The warning was given before it.
  const silent = { ...session, reporter: { notify: () => undefined } };
  const late = built ? await checkTime(silent, serving, intent) : [];
  refuse([...clearance.objections, ...late, ...objections], content.version);
  for (const text of [...clearance.warnings, ...warnings]) {
    session.reporter.notify({ type: "warning", text });
  }
  if (reason !== null) {
    const text = `release.strategy auto: ${intent.settings.strategy}, because ${reason}`;
    session.reporter.notify({ type: "note", text });
  }
  const now = session.clock.now();
  const facts = { outputs, serving, intent, content, alarms: clearance.alarms, minimum, now };
  const { record, plan } = prepare({ ...facts, strategyReason: reason ?? undefined });
  await hooks.run("pre-release", hookFacts(session, { record }));
  session.interrupts.throwIfInterrupted();
  progress.record = record;
  onBegun(record);

  let postShift: Promise<void> | undefined;
  const onShifted = (): void => {
    postShift ??= hooks.run("post-shift", hookFacts(session, { record }));
  };
  const rollout = { plan, record, probe: intent.settings.probe, address, onShifted };
  const rolledOut = execute(session, rollout);
  await Promise.allSettled([rolledOut]);
  // Also when the rollout throws: the lock is held until the hook is over, and on-failure comes after it.
  await postShift;
  const done = await rolledOut;
  progress.record = done.record;
  const left = reportLeftBehind(session, plan, done.ending);
  return { ...done, plan, before: serving.active, left };
}

/** Whether `auto` has chosen a second fleet that AWS has no machines for, and the running instances can take the version instead. */
async function canFallBack(
  session: Session,
  { settings, reason }: Choice,
  { ending }: Attempt,
): Promise<boolean> {
  const isShort = ending.outcome === "rolled-back" && ending.failure?.isShortage === true;
  if (reason === null || !isShort || ending.stuck) return false;
  session.interrupts.throwIfInterrupted();
  const { fleet, active } = await readServing(session, session.stack);
  return canRoll(fleet, active, settings);
}

async function conclude(
  session: Session,
  built: boolean,
  { record, plan, ending, before, left }: Attempt,
): Promise<Released> {
  throwUnlessSucceeded(session, plan, await explainNewVersion(session, ending, built));
  await protectImages(session, [record, before]);
  return { record, changed: true, left };
}
