import { checkVersion } from "../image/version.ts";
import { asked, onOff, text } from "../options/kinds.ts";
import type { ImageRequest } from "../release/resolve-image.ts";
import type { ReleaseFlags as SettingFlags } from "../release/plan/release-flags.ts";
import type { MoveFlags } from "../target/flags.ts";
import { buildArg } from "./build-arg.ts";
import { movingVerb } from "./moving-verb.ts";

export interface ReleaseFlags extends ImageRequest, MoveFlags {
  readonly settings: SettingFlags;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly detach: boolean;
}

/** Builds, pushes and moves the traffic to a version by a strategy. Never runs Terraform. */
export const release = movingVerb({
  name: "release",
  summary: "builds, pushes and moves traffic to a version",
  options: {
    version: text(
      "--version <version>",
      "name of the version, by default from the image's content",
      checkVersion,
    ),
    buildArgs: buildArg,
    noBuild: onOff("--no-build", "release an image that the registry has"),
    fromImage: text(
      "--from-image <image>",
      "release this digest or tag of the registry; builds nothing",
    ),
    strategy: asked("--strategy <strategy>", "how traffic is moved", {
      choices: ["blue-green", "canary", "linear", "rolling"],
    }),
    canaryWeight: asked("--canary-weight <percent>", "first share of a canary"),
    bake: asked("--bake <duration>", "how long the new version is watched with all traffic"),
    timeout: asked("--timeout <duration>", "after which everything is rolled back"),
    keepPrevious: asked("--keep-previous <duration>", "how long the previous version stays warm"),
    force: onOff("--force", "release although the serving version is unwell or an alarm is on"),
    dryRun: onOff("--dry-run", "say what would happen, step by step, and change nothing"),
    detach: onOff("--detach", "continue in the background once the release has begun"),
  },
  needsImage: isBuilt,
  command: ({ version }) => `release --version ${version ?? "(from the content)"}`,
  // A run that changes nothing, or leaves it to a process of its own, takes no lock.
  takesLock: ({ dryRun, detach }) => !dryRun && !detach,
  run: async (deps, flags, loaded, own) => {
    const { refuseLocked } = await import("../lock/take-lock.ts");
    const { releaseSettings } = await import("../release/plan/release-flags.ts");
    const { openTarget, requireStack } = await import("../target/target.ts");

    const settings = releaseSettings(loaded.config, own);
    const target = await openTarget(deps, flags, loaded, { tools: isBuilt(own) ? ["engine"] : [] });
    if (!own.dryRun) await refuseLocked(deps, target, own);
    const stack = await requireStack(target);
    // What a release works with takes longer to load than a refusal takes to say.
    const { makeRelease } = await import("../release/make-release.ts");
    const request = { ...own, build: !own.noBuild, settings };
    return makeRelease(deps, flags, { target, stack }, request);
  },
});

function isBuilt(own: {
  readonly noBuild: boolean;
  readonly fromImage: string | undefined;
}): boolean {
  return !own.noBuild && own.fromImage === undefined;
}
