import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { checkVersion } from "../image/version.ts";
import type { ImageRequest } from "../release/resolve-image.ts";
import {
  releaseSettings,
  type ReleaseFlags as SettingFlags,
} from "../release/plan/release-flags.ts";
import type { GlobalFlags, MoveFlags } from "../target/flags.ts";
import { refuseLocked } from "../lock/take-lock.ts";
import { openTarget, requireStack } from "../target/target.ts";

export interface ReleaseFlags extends ImageRequest, MoveFlags {
  readonly settings: SettingFlags;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly detach: boolean;
}

/** Builds, pushes and moves the traffic to a version by a strategy. Never runs Terraform. */
export async function release(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  own: ReleaseFlags,
): Promise<number> {
  const settings = releaseSettings(loaded.config, own.settings);
  if (own.version !== undefined) {
    checkVersion(own.version);
  }
  const isBuilt = own.build && own.fromImage === undefined;
  const target = await openTarget(deps, flags, loaded, { tools: isBuilt ? ["engine"] : [] });
  if (!own.dryRun) await refuseLocked(deps, target, own);
  const stack = await requireStack(target);
  // What a release works with takes longer to load than a refusal takes to say.
  const { makeRelease } = await import("../release/make-release.ts");
  return makeRelease(deps, flags, { target, stack }, { ...own, settings });
}
