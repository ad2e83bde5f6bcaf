import { ensureStateBucket } from "../aws/state-bucket.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { startBuild, type BackgroundBuild } from "../image/background-build.ts";
import { hashContext } from "../image/context-hash.ts";
import { imageSource } from "../image/source.ts";
import { checkVersion } from "../image/version.ts";
import { readApplied } from "../infrastructure/applied.ts";
import { resolveDesired } from "../infrastructure/desired.ts";
import { isApplied } from "../infrastructure/workspace.ts";
import { provision } from "../infrastructure/provision.ts";
import { applyMinimum, bringUpFirstRelease, lastGoodRelease } from "../infrastructure/minimum.ts";
import { refuseOutage } from "../infrastructure/refuse-outage.ts";
import { withoutImage } from "../infrastructure/without-image.ts";
import { containerSettings } from "../release/plan/new-record.ts";
import { upDocument, upText } from "../views/up.ts";
import { readReleases } from "../state/release-history.ts";
import { changedSettings } from "../release/plan/changed-settings.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { curlCommand } from "../../sandbox/src/client/sandbox-fetch.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { takeLock } from "../lock/take-lock.ts";
import { openTarget, type Target } from "../target/target.ts";

export interface UpFlags {
  readonly version: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly refresh: boolean;
  readonly refreshAmi: boolean;
}

/** Infrastructure and first release; resolves when the address answers. A second `up` changes nothing. */
export async function up(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  own: UpFlags,
): Promise<number> {
  if (own.version !== undefined) {
    checkVersion(own.version);
  }
  const target = await openTarget(deps, flags, loaded, { tools: ["engine", "terraform"] });
  const source = imageSource(target.config, target.root, own.buildArgs);
  const [{ record: applied, facts }, releases, contextHash] = await Promise.all([
    readApplied(deps, target, { anew: own.refresh }),
    readReleases(target.store),
    // Arguments of the command line name what differs between machines, such as a mirror's base image; they are not the sources.
    hashContext(imageSource(target.config, target.root, {})),
  ]);
  const good = lastGoodRelease(releases);
  const desired = await resolveDesired(target, facts, { ...own, lastColour: good?.colour });
  const build =
    good === undefined
      ? startBuild(deps.run, deps.reporter, source, deps.interrupts.aborted)
      : undefined;
  try {
    const unchanged = !own.refresh && (await isApplied(target, desired, applied));
    if (!unchanged && facts !== undefined && good !== undefined) {
      await refuseOutage(deps.fetch, target.config, facts.outputs.url, good);
    }
    const work = async () => {
      const stack =
        unchanged && applied !== undefined
          ? applied
          : await provision(deps, flags, target, { desired, applied: facts, build });
      const minimumChanged = good !== undefined && (await applyMinimum(deps, target, stack));
      const image = async (): Promise<string> => builtImage(build);
      const { version } = own;
      const first = { stack, releases, image, contextHash, version };
      return {
        stack,
        minimumChanged,
        release: good ?? (await bringUpFirstRelease(deps, target, first)),
      };
    };
    const { stack, minimumChanged, release } =
      unchanged && good !== undefined ? await work() : await alone(deps, flags, target, work);
    const document = upDocument(stack, release, {
      changed: !unchanged || good === undefined || minimumChanged,
      // A release of an image that was not built here has no sources to compare.
      sourcesChanged: release.context_hash !== "" && release.context_hash !== contextHash,
      changedSettings: changedSettings(release.container, containerSettings(target.config, stack)),
    });
    deps.out(flags.json ? jsonText(document) : upText(document));
    await tellWay(deps, flags, stack);
    return exitCodes.done;
  } finally {
    await build?.stop();
  }
}

/** What is applied, and who serves, is not changed by two at once: a release waits for this, and this for a release. */
async function alone<T>(
  deps: Deps,
  flags: GlobalFlags,
  target: Target,
  work: () => Promise<T>,
): Promise<T> {
  const { aws, bucket, config, identity } = target;
  await ensureStateBucket(await aws.s3(), bucket, config.region, identity);
  const lock = await takeLock(deps, flags, target, { command: "up", waitSeconds: 0 });
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** A domain of a rehearsal is known to this command line only. */
async function tellWay(deps: Deps, flags: GlobalFlags, stack: StackRecord): Promise<void> {
  const way =
    flags.sandbox === undefined
      ? undefined
      : await curlCommand(deps.env, flags.sandbox, stack.outputs.url);
  if (way !== undefined) {
    deps.reporter.notify({ type: "note", text: `from a shell: ${way}` });
  }
}

/** The image, once the infrastructure stands. */
async function builtImage(build: BackgroundBuild | undefined): Promise<string> {
  if (build === undefined) {
    throw new Error("no build was started for a release that needs one");
  }
  return build.image().catch((error: unknown) => {
    throw error instanceof CommandError ? withoutImage(error) : error;
  });
}
