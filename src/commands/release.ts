import type { ReleaseSettings } from "../config/schema/release.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { checkVersion } from "../image/version.ts";
import { refuseLocked } from "../lock/take-lock.ts";
import {
  releaseSettings,
  type ReleaseFlags as SettingFlags,
} from "../release/plan/release-flags.ts";
import type { ImageRequest } from "../release/resolve-image.ts";
import { jsonText } from "../report/json-text.ts";
import type { StackRecord } from "../state/stack-record.ts";
import type { GlobalFlags, MoveFlags } from "../target/flags.ts";
import { openTarget } from "../target/open-target.ts";
import { requireStack } from "../target/require-stack.ts";
import type { Target } from "../target/target.ts";

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
  if (!own.dryRun && own.lockWait === 0) {
    await refuseLocked({ clock: deps.clock, store: target.store });
  }
  const stack = await requireStack(target);
  return begin(deps, flags, { target, stack }, { ...own, settings });
}

/** Of a stack that is there and was not seen to be locked. What a release works with takes longer to load than a refusal takes to say. */
async function begin(
  deps: Deps,
  flags: GlobalFlags,
  { target, stack }: { readonly target: Target; readonly stack: StackRecord },
  own: Omit<ReleaseFlags, "settings"> & { readonly settings: ReleaseSettings },
): Promise<number> {
  const { desiredSources } = await import("../target/desired-sources.ts");
  const { refuseUnapplied } = await import("../infrastructure/refuse-unapplied.ts");
  await refuseUnapplied(desiredSources(target), stack);
  const { openSession } = await import("../target/open-session.ts");
  const session = await openSession(deps, target, stack, own);
  const intent = {
    kind: "release" as const,
    settings: own.settings,
    message: own.message ?? null,
    force: own.force,
    who: session.who,
  };
  if (own.dryRun) {
    const { forecastRelease } = await import("../release/dry-run.ts");
    const { dryRunDocument, dryRunText } = await import("../views/dry-run.ts");
    const document = dryRunDocument(stack, await forecastRelease(session, own, intent));
    deps.out(flags.json ? jsonText(document) : dryRunText(document));
    return document.objections.length === 0 ? exitCodes.done : exitCodes.failed;
  }
  const { begunMessage, detachRelease } = await import("../release/detach.ts");
  const views = await import("../views/release.ts");
  if (own.detach) {
    const { stateFolder } = target;
    const begun = await detachRelease({ ...deps, stateFolder }, target.config);
    const document = { schema_version: 1, begun: begun ?? null };
    deps.out(flags.json ? jsonText(document) : views.begunText(begun));
    return exitCodes.done;
  }
  const { releaseVersion } = await import("../release/release.ts");
  const { move } = await import("./move.ts");
  return move(deps, flags, { target, session }, own, async (progress) =>
    releaseVersion(session, own, intent, progress, (record) => {
      deps.tellParent(begunMessage(record));
    }),
  );
}
