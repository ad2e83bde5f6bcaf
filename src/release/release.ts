import type { ReleaseRecord } from "../state/records.ts";
import { clear, prepare, refuse, type Intent } from "./clearance.ts";
import { execute } from "./run/execute.ts";
import { protectImages, throwUnlessSucceeded } from "./finish.ts";
import { hookFacts } from "./hook-facts.ts";
import { containerSettings, type Content } from "./plan/new-record.ts";
import { recover } from "./recover.ts";
import { resolveImage, type ImageRequest } from "./resolve-image.ts";
import { isSame } from "./plan/rollback-target.ts";
import { readServing } from "./observe/serving.ts";
import type { Session } from "./session.ts";

export interface VersionRelease {
  readonly record: ReleaseRecord;
  readonly changed: boolean;
}

/** What is known of a release that may yet fail, for the hooks that tell of it. */
export interface Progress {
  record: ReleaseRecord | undefined;
}

/**
 * From sources to traffic. Call it with the lock held. Resolves when the new version serves, or did already.
 * Throws CommandError: what refused it (1), taken back (3), timed out (4), interrupted (129, 130, 143).
 */
export async function releaseVersion(
  session: Session,
  request: ImageRequest,
  intent: Intent,
  progress: Progress,
  onBegun: (record: ReleaseRecord) => void,
): Promise<VersionRelease> {
  const { deps, target, stack, hooks } = session;
  await recover(deps, target, stack);
  const before = await readServing(target, stack);
  // A long build for a release that must not begin is a waste, so it is asked twice.
  refuse(await clear(target, stack, before, intent), request.version ?? "The new version");
  if (request.build && request.fromImage === undefined) {
    await hooks.run("pre-build", hookFacts(session, { version: request.version }));
  }
  const image = await resolveImage(deps, target, stack, request);
  const content: Content = {
    version: image.version,
    digest: image.digest,
    context_hash: image.contextHash,
    container: containerSettings(target.config, stack),
  };
  if (isSame(content, before.active)) {
    return { record: before.active, changed: false };
  }
  const serving = await readServing(target, stack);
  const clearance = await clear(target, stack, serving, intent);
  refuse(clearance, image.version);
  const { record, plan } = prepare(deps, target, stack, serving, {
    intent,
    content,
    alarms: clearance.alarms,
  });
  await hooks.run("pre-release", hookFacts(session, { record }));
  deps.interrupts.throwIfInterrupted();
  progress.record = record;
  onBegun(record);
  const { probe } = intent.settings;
  let postShift: Promise<void> | undefined;
  const onShifted = (): void => {
    postShift ??= hooks.run("post-shift", hookFacts(session, { record }));
  };
  const done = await execute(deps, target, { stack, plan, record, probe, onShifted });
  await postShift;
  progress.record = done.record;
  throwUnlessSucceeded(deps, plan, done.ending);
  await protectImages(deps, target, stack, [done.record, serving.active]);
  return { record: done.record, changed: true };
}
