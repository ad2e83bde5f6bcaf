import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors.ts";
import { checkVersion } from "../image/version.ts";
import { refuseUnapplied } from "../provision/unapplied.ts";
import { begunMessage, detachRelease } from "../release/detach.ts";
import { describeRelease } from "../release/dry-run.ts";
import { releaseVersion } from "../release/release-version.ts";
import type { ImageRequest } from "../release/resolve-image.ts";
import { dryRunText } from "../report/dry-run-text.ts";
import { begunText, releaseDocument, releaseText } from "../report/release-text.ts";
import { releaseSettings, type ReleaseFlags as SettingFlags } from "../rollout/flags.ts";
import type { GlobalFlags } from "./flags.ts";
import { openTarget, requireStack } from "./target.ts";
import { withReleaseLock } from "./with-release-lock.ts";

export interface ReleaseFlags extends ImageRequest {
  readonly settings: SettingFlags;
  readonly message: string | undefined;
  readonly force: boolean;
  readonly dryRun: boolean;
  readonly detach: boolean;
  readonly skipHooks: boolean;
  /** Seconds. */
  readonly lockWait: number;
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
  const stack = await requireStack(target);
  await refuseUnapplied(target, stack);
  const intent = {
    kind: "release" as const,
    settings,
    message: own.message ?? null,
    force: own.force,
  };
  if (own.dryRun) {
    const document = await describeRelease(deps, target, stack, own, intent);
    deps.out(flags.json ? `${JSON.stringify(document, undefined, 2)}\n` : dryRunText(document));
    return document.objections.length === 0 ? exitCodes.done : exitCodes.failed;
  }
  if (own.detach) {
    const begun = await detachRelease(deps, target);
    deps.out(
      flags.json
        ? `${JSON.stringify({ schema_version: 1, begun: begun ?? null }, undefined, 2)}\n`
        : begunText(begun),
    );
    return exitCodes.done;
  }
  const command = `release --version ${own.version ?? "(from the content)"}`;
  const { record, changed } = await withReleaseLock(
    deps,
    flags,
    { target, stack },
    { command, lockWait: own.lockWait, skipHooks: own.skipHooks },
    async (session, progress) =>
      releaseVersion(session, own, { ...intent, who: session.who }, progress, (begun) => {
        deps.tellParent(begunMessage(begun));
      }),
  );
  const document = releaseDocument(stack, record, changed);
  deps.out(flags.json ? `${JSON.stringify(document, undefined, 2)}\n` : releaseText(document));
  return exitCodes.done;
}
