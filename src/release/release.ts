import { changeText } from "../model/files.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import { explainBuiltStage } from "./end/built-stage.ts";
import { explainEnding } from "./end/explain-ending.ts";
import { placeNamedKey } from "./end/named-key.ts";
import { clear, roomWarnings } from "./clearance.ts";
import { checkTime } from "./enough-time.ts";
import { protectImages, reportLeftBehind, throwUnlessSucceeded } from "./end/finish.ts";
import { hookFacts } from "./hook-facts.ts";
import { addressQuestion } from "./observe/address.ts";
import { readServing } from "./observe/serving.ts";
import { containerSettings } from "./plan/container-settings.ts";
import type { Content } from "./plan/new-record.ts";
import { refuse } from "./plan/objections.ts";
import { prepare, type Intent } from "./plan/prepare.ts";
import { isSame } from "./plan/rollback-target.ts";
import { recover } from "./recover.ts";
import { isBuilt, resolveImage, type ImageRequest } from "./image/resolve-image.ts";
import { execute } from "./run/execute.ts";
import { checkReach } from "./run/reach.ts";
import { checkScan } from "./image/scan.ts";
import { newestSecrets } from "./secrets.ts";
import type { Session } from "./session.ts";
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
  intent: Intent,
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

  const found = intent.force ? [] : await checkScan(session, image.digest, { canForce: true });
  const serving = await readServing(session, stack);
  const clearance = await clear(alarms, outputs, serving, intent, minimum);
  // The build has taken its time. The warning was given before it.
  const silent = { ...session, reporter: { notify: () => undefined } };
  const late = isBuilt(session, request) ? await checkTime(silent, serving, intent) : [];
  refuse([...clearance.objections, ...late, ...found], image.version);
  for (const text of [...clearance.warnings, ...(await room)]) {
    session.reporter.notify({ type: "warning", text });
  }
  const change = changeText(serving.active.container.model, model ?? undefined);
  if (change !== undefined) session.reporter.notify({ type: "note", text: change });
  const now = session.clock.now();
  const facts = { outputs, serving, intent, content, alarms: clearance.alarms, minimum, now };
  const { record, plan } = prepare(facts);
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
  const placed = placeNamedKey(session, done.ending);
  const ending = isBuilt(session, request) ? await explainBuiltStage(session, placed) : placed;
  throwUnlessSucceeded(session, plan, await explainEnding(session, ending));
  await protectImages(session, [done.record, serving.active]);
  return { record: done.record, changed: true, left };
}
