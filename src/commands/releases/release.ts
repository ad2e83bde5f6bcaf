import { strategyChoices } from "../../config/fields/strategy-names.ts";
import type { ReleaseConfig } from "../../config/schema/release.ts";
import type { Deps } from "../../deps.ts";
import { exitCodes } from "../../errors/command-error.ts";
import { checkVersion } from "../../image/version.ts";
import { asked, onOff, text } from "../../options/kinds.ts";
import type { Values } from "../../options/read-options.ts";
import { jsonText } from "../../report/json-text.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import type { GlobalFlags, MoveFlags } from "../../target/flags.ts";
import type { Target } from "../../target/target.ts";
import { buildArg } from "../kinds/build-arg.ts";
import { movingVerb } from "../kinds/moving-verb.ts";

const options = {
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
  strategy: asked("--strategy <strategy>", "how traffic is moved", { choices: strategyChoices }),
  canaryWeight: asked("--canary-weight <percent>", "first share of a canary"),
  bake: asked("--bake <duration>", "how long the new version is watched with all traffic"),
  timeout: asked("--timeout <duration>", "after which everything is rolled back"),
  keepPrevious: asked("--keep-previous <duration>", "how long the previous version stays warm"),
  force: onOff("--force", "release although the serving version is unhealthy or an alarm is on"),
  dryRun: onOff("--dry-run", "show the steps, and change nothing"),
  detach: onOff("--detach", "continue in the background once the release has begun"),
};

/** Builds, pushes and moves the traffic to a version by a strategy. Never runs Terraform. */
export const release = movingVerb({
  name: "release",
  summary: "builds, pushes and moves traffic to a version",
  options,
  needsImage: isBuilt,
  command: ({ version }) => (version === undefined ? "release" : `release --version ${version}`),
  // A run that changes nothing, or leaves it to a background process, takes no lock.
  takesLock: ({ dryRun, detach }) => !dryRun && !detach,
  run: async (deps, flags, loaded, own) => {
    const { refuseLocked } = await import("../../lock/take-lock.ts");
    const { releaseSettings } = await import("../../release/plan/release-flags.ts");
    const { imageTools } = await import("../../target/parts/image-needs.ts");
    const { openTarget } = await import("../../target/open-target.ts");
    const { requireStack } = await import("../../target/require-stack.ts");
    const { checkMemory } = await import("../../target/machine/check-memory.ts");

    const settings = releaseSettings(loaded.config, own);
    const tools = isBuilt(own) ? imageTools(loaded, own.buildArgs) : [];
    const target = await openTarget(deps, flags, loaded, { tools });
    if (!own.dryRun && own.lockWait === 0) {
      await refuseLocked({ clock: deps.clock, store: target.store });
    }
    const stack = await requireStack(target);
    await checkMemory(target, settings);
    return begin(deps, flags, { target, stack }, { ...own, settings });
  },
});

interface Wishes extends Values<typeof options>, MoveFlags {
  readonly settings: ReleaseConfig;
}

/** Of a stack that is there and was not seen to be locked. What a release works with takes longer to load than a refusal takes to say. */
async function begin(
  deps: Deps,
  flags: GlobalFlags,
  { target, stack }: { readonly target: Target; readonly stack: StackRecord },
  own: Wishes,
): Promise<number> {
  const { refusePaused } = await import("../../release/pause/refuse-paused.ts");
  await refusePaused(target.store, stack);
  const { requireSecrets } = await import("../../target/require-secrets.ts");
  await requireSecrets(target);
  const { desiredSources } = await import("../../target/desired-sources.ts");
  const { refuseUnapplied } = await import("../../infrastructure/checks/refuse-unapplied.ts");
  await refuseUnapplied(desiredSources(deps, target), stack);
  if (!own.dryRun) {
    const { agreeToHooks } = await import("../../target/agree-to-hooks.ts");
    await agreeToHooks(deps, target, { ...flags, ...own });
  }
  const { openSession } = await import("../../target/open-session.ts");
  const session = await openSession(deps, target, stack, own);
  const image = { ...own, build: !own.noBuild };
  const intent = {
    kind: "release" as const,
    settings: own.settings,
    message: own.message ?? null,
    force: own.force,
    who: session.who,
  };
  const { completeCommands } = await import("../../errors/printed-commands.ts");
  if (own.dryRun) {
    const { forecastRelease } = await import("../../release/dry-run.ts");
    const { dryRunDocument, dryRunText } = await import("../../views/dry-run.ts");
    const document = dryRunDocument(stack, await forecastRelease(session, image, intent));
    deps.out(flags.json ? jsonText(document) : completeCommands(dryRunText(document), deps.args));
    return document.objections.length === 0 ? exitCodes.done : exitCodes.failed;
  }
  const { begunMessage, detachRelease } = await import("../../release/detach.ts");
  const views = await import("../../views/release.ts");
  if (own.detach) {
    const { stateFolder } = target;
    const start = await target.access.inBackground({ args: deps.args, env: deps.env });
    const begun = await detachRelease({ ...deps, ...start, stateFolder }, target.config);
    const document = { schema_version: 1, begun: begun ?? null };
    deps.out(flags.json ? jsonText(document) : completeCommands(views.begunText(begun), deps.args));
    return exitCodes.done;
  }
  const { releaseVersion } = await import("../../release/release.ts");
  const { move } = await import("../kinds/move.ts");
  return move(deps, flags, { target, session }, own, async (progress) =>
    releaseVersion(session, image, intent, progress, (record) => {
      deps.tellParent(begunMessage(record));
    }),
  );
}

function isBuilt(own: {
  readonly noBuild: boolean;
  readonly fromImage: string | undefined;
}): boolean {
  return !own.noBuild && own.fromImage === undefined;
}
