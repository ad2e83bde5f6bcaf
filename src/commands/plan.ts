import { ensureStateBucket } from "../aws/state-bucket.ts";
import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { newestImage, resolveDesired } from "../infrastructure/desired.ts";
import { openWorkspace, planInfrastructure } from "../infrastructure/workspace.ts";
import { planText, processorText } from "../infrastructure/plan-text.ts";
import { lastGoodRelease } from "../infrastructure/minimum.ts";
import { refuseOutage } from "../infrastructure/refuse-outage.ts";
import { readReleases } from "../state/release-history.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { openTarget, readStackRecord } from "../target/target.ts";

export interface PlanFlags {
  readonly detailedExitcode: boolean;
  readonly refreshAmi: boolean;
}

/** What `up` would change, in the infrastructure and as a release. Exits with 2 for changes when asked to. */
export async function plan(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  own: PlanFlags,
): Promise<number> {
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
