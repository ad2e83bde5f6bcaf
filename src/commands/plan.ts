import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { onOff } from "../options/kinds.ts";
import type { Values } from "../options/read-options.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { stackVerb } from "./stack-verb.ts";

const options = {
  detailedExitcode: onOff("--detailed-exitcode", "exit with 2 when there are changes"),
  refreshAmi: onOff("--refresh-ami", "plan with Canonical's newest machine image"),
};

export const plan = stackVerb({
  name: "plan",
  summary: "what `up` would change",
  options,
  needsImage: true,
  run,
});

/** What `up` would change, in the infrastructure and as a release. Exits with 2 for changes when asked to. */
async function run(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  own: Values<typeof options>,
): Promise<number> {
  const { ensureStateBucket } = await import("../aws/state-bucket.ts");
  const { newestImage, resolveDesired } = await import("../infrastructure/desired.ts");
  const { lastGoodRelease } = await import("../infrastructure/minimum.ts");
  const { planText, processorText } = await import("../infrastructure/plan-text.ts");
  const { refuseOutage } = await import("../infrastructure/refuse-outage.ts");
  const { openWorkspace, planInfrastructure } = await import("../infrastructure/workspace.ts");
  const { readReleases } = await import("../state/release-history.ts");
  const { openTarget, readStackRecord } = await import("../target/target.ts");

  const target = await openTarget(deps, flags, loaded, { tools: ["terraform"] });
  const [applied, releases] = await Promise.all([
    readStackRecord(target),
    readReleases(target.store),
  ]);
  const good = lastGoodRelease(releases);
  if (applied !== undefined && good !== undefined) {
    await refuseOutage(deps.fetch, target.config, applied.outputs.url, good);
  }
  const desired = await resolveDesired(target, applied, { ...own, lastColour: good?.colour });
  // The plan needs the backend, so the one thing that it may make is the bucket.
  await ensureStateBucket(
    await target.aws.s3(),
    target.bucket,
    target.config.region,
    target.identity,
  );
  const workspace = await openWorkspace(deps, target, desired.folder);
  const result = await planInfrastructure(deps, workspace, desired, { destroy: false });
  const newest = await newestImage(target);
  const releaseNeeded = good === undefined;
  const changes = result.hasChanges || releaseNeeded;
  const document = {
    schema_version: 1,
    name: target.config.name,
    environment: target.config.environment,
    region: target.config.region,
    has_changes: changes,
    summary: result.summary,
    changes: result.changes.map(({ address, action }) => ({ address, action })),
    first_release: releaseNeeded,
    https: target.config.domain !== null,
    machine_image: { current: desired.amiId, newest },
  };
  if (flags.json) {
    deps.out(jsonText(document));
  } else {
    const lines = result.hasChanges
      ? [...planText(result)]
      : ["The infrastructure is as configured."];
    if (releaseNeeded) {
      lines.push("+ the first release, built from the Dockerfile");
    }
    if (target.config.domain === null) {
      lines.push(
        "! no domain is set, so the address speaks plain HTTP: fine for a trial, not for production",
      );
    }
    const processor = processorText(applied, desired);
    if (processor !== undefined) {
      lines.push(`! ${processor}`);
    }
    if (newest !== desired.amiId) {
      lines.push(
        `! a newer machine image is out: ${newest} (now ${desired.amiId}); infer-deploy up --refresh-ami takes it`,
      );
    }
    deps.out(`${lines.join("\n")}\n`);
  }
  return changes && own.detailedExitcode ? exitCodes.changes : exitCodes.done;
}
