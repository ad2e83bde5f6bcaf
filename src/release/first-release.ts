import { lastGoodRelease } from "../state/release-history.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import { explainNewVersion } from "./end/explain-ending.ts";
import { protectImages, reportLeftBehind, throwUnlessSucceeded } from "./end/finish.ts";
import { addressQuestion } from "./observe/address.ts";
import { containerSettings } from "./plan/container-settings.ts";
import { newRecord, nextNumber, type Content } from "./plan/new-record.ts";
import { refuse } from "./plan/objections.ts";
import { commandOf, planFirst } from "./plan/plan-release.ts";
import { isSame } from "./plan/rollback-target.ts";
import { execute } from "./run/execute.ts";
import { putImage, versionOf, type NewImage } from "./image/put-image.ts";
import { checkScan } from "./image/scan.ts";
import { newestSecrets } from "./secrets.ts";
import type { Session } from "./session.ts";

export interface FirstReleaseInputs {
  /** Newest first. */
  readonly releases: readonly ReleaseRecord[];
  readonly image: () => Promise<NewImage>;
  readonly contextHash: string;
  /** The user's own; undefined names the version after the image's content. */
  readonly version: string | undefined;
}

/**
 * For a stack that has never served: pushes the image and starts it on the blue colour. If a release has succeeded already, resolves to that one.
 * Call it with the lock held.
 * Throws CommandError: 1 when the version does not run, 4 when time is up, the signal's own when interrupted. Its instances are then stopped, unless all are healthy and only
 * the address does not answer.
 */
export async function releaseFirst(
  session: Omit<Session, "hooks">,
  inputs: FirstReleaseInputs,
): Promise<ReleaseRecord> {
  const { config, stack } = session;
  // The repair of a killed run may have finished it. Another release on the colour that serves would interrupt it.
  const good = lastGoodRelease(inputs.releases);
  if (good !== undefined) {
    return good;
  }
  const image = await inputs.image();
  const version = inputs.version ?? versionOf(image);
  const digest = await putImage(session, image, version);
  refuse(await checkScan(session, digest, { canForce: false }), version);
  const content: Content = {
    version,
    digest,
    context_hash: inputs.contextHash,
    container: containerSettings(
      config,
      stack.outputs,
      await newestSecrets(session),
      await session.model.find(),
    ),
  };
  const deployment = keptDeployment(inputs.releases, content);
  // Instances that were kept have run it already, and run the version.
  const before = deployment === undefined ? config.release.before : null;
  const record = newRecord(stack.outputs, {
    release: nextNumber(inputs.releases),
    deployment,
    before,
    kind: "release",
    colour: "blue",
    replaces: null,
    who: session.who,
    created: session.clock.now().toISOString(),
    message: null,
    strategy: null,
    content,
  });
  const { instances, health } = config;
  const seconds =
    instances.bootTimeoutSeconds + health.timeoutSeconds + (before?.timeoutSeconds ?? 0);
  const plan = { ...planFirst(record, instances.min, seconds), ...commandOf(record) };
  const address = addressQuestion(config, stack);
  const done = await execute(session, { plan, record, probe: null, address });
  reportLeftBehind(session, plan, done.ending);
  const ending = await explainNewVersion(session, done.ending, "id" in image);
  throwUnlessSucceeded(session, plan, ending);
  await protectImages(session, [done.record]);
  return done.record;
}

/**
 * The deployment of a first release that timed out with the same content. Its healthy instances were kept when only the address did not
 * answer, and under another number they would all restart at once.
 */
function keptDeployment([newest]: readonly ReleaseRecord[], content: Content): number | undefined {
  return newest?.outcome === "timed-out" && isSame(newest, content) ? newest.deployment : undefined;
}
