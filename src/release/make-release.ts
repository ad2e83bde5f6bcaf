import type { ReleaseSettings } from "../config/schema/release-settings.ts";
import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { refuseUnapplied } from "../infrastructure/refuse-unapplied.ts";
import { begunMessage, detachRelease } from "./detach.ts";
import { describeRelease } from "./dry-run.ts";
import { releaseVersion } from "./release.ts";
import { dryRunText } from "../views/dry-run.ts";
import { begunText } from "../views/release-text.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import type { ReleaseFlags } from "../commands/release.ts";
import type { Target } from "../target/target.ts";
import { withReleaseLock } from "./with-release-lock.ts";

type Own = Omit<ReleaseFlags, "settings"> & {
  readonly settings: ReleaseSettings;
};

/** The release itself, or what it would do, or its beginning in the background: of a stack that is there and was not seen to be locked. */
export async function makeRelease(
  deps: Deps,
  flags: GlobalFlags,
  { target, stack }: { readonly target: Target; readonly stack: StackRecord },
  own: Own,
): Promise<number> {
  await refuseUnapplied(target, stack);
  const intent = {
    kind: "release" as const,
    settings: own.settings,
    message: own.message ?? null,
    force: own.force,
  };
  if (own.dryRun) {
    const document = await describeRelease(deps, target, stack, own, intent);
    deps.out(flags.json ? jsonText(document) : dryRunText(document));
    return document.objections.length === 0 ? exitCodes.done : exitCodes.failed;
  }
  if (own.detach) {
    const begun = await detachRelease(deps, target);
    deps.out(flags.json ? jsonText({ schema_version: 1, begun: begun ?? null }) : begunText(begun));
    return exitCodes.done;
  }
  return withReleaseLock(deps, flags, { target, stack }, own, async (session, progress) =>
    releaseVersion(session, own, { ...intent, who: session.who }, progress, (begun) => {
      deps.tellParent(begunMessage(begun));
    }),
  );
}
