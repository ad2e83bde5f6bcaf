import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { checkVersion } from "../image/version.ts";
import { onOff, text } from "../options/kinds.ts";
import type { Values } from "../options/read-options.ts";
import { jsonText } from "../report/json-text.ts";
import type { StackRecord } from "../state/stack-record.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { buildArg } from "./build-arg.ts";
import { stackVerb } from "./stack-verb.ts";

const options = {
  version: text(
    "--version <version>",
    "version of the first release, by default from the image's content",
    checkVersion,
  ),
  buildArgs: buildArg,
  refresh: onOff("--refresh", "make a Terraform plan even when nothing seems changed"),
  refreshAmi: onOff("--refresh-ami", "take Canonical's newest machine image"),
};

export const up = stackVerb({
  name: "up",
  summary: "infrastructure and first release; returns when the address answers",
  options,
  needsImage: true,
  run,
});

/** Infrastructure and first release; resolves when the address answers. A second `up` changes nothing. */
async function run(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  own: Values<typeof options>,
): Promise<number> {
  const { startBuild } = await import("../image/background-build.ts");
  const { hashContext } = await import("../image/context-hash.ts");
  const { imageSource } = await import("../image/source.ts");
  const { alone } = await import("../infrastructure/alone.ts");
  const { readApplied } = await import("../infrastructure/applied.ts");
  const { builtImage } = await import("../infrastructure/built-image.ts");
  const { resolveDesired } = await import("../infrastructure/desired.ts");
  const { applyMinimum, bringUpFirstRelease, lastGoodRelease } =
    await import("../infrastructure/minimum.ts");
  const { provision } = await import("../infrastructure/provision.ts");
  const { refuseOutage } = await import("../infrastructure/refuse-outage.ts");
  const { isApplied } = await import("../infrastructure/workspace.ts");
  const { changedSettings } = await import("../release/plan/changed-settings.ts");
  const { containerSettings } = await import("../release/plan/new-record.ts");
  const { readReleases } = await import("../state/release-history.ts");
  const { openTarget } = await import("../target/target.ts");
  const { upDocument, upText } = await import("../views/up.ts");

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

/** A domain of a rehearsal is known to this command line only. */
async function tellWay(deps: Deps, flags: GlobalFlags, stack: StackRecord): Promise<void> {
  const { describeWay } = await import("../../sandbox/src/client/sandbox-fetch.ts");
  const way =
    flags.sandbox === undefined
      ? undefined
      : await describeWay(deps.env, flags.sandbox, stack.outputs.url);
  if (way !== undefined) {
    deps.reporter.notify({ type: "note", text: `from a shell: ${way}` });
  }
}
