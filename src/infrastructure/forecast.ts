import { lastGoodRelease, readReleases } from "../state/release-history.ts";
import { readStackRecord, type AppliedFacts } from "../state/stack-record.ts";
import type { PlanResult } from "../terraform/events/plan-result.ts";
import { architectureOf, resolveDesired, type Desired } from "./desired.ts";
import type { BringUpDeps } from "./bring-up.ts";
import { refuseOutage } from "./refuse-outage.ts";
import { openWorkspace, planInfrastructure, type WorkspaceDeps } from "./workspace.ts";

/** What `up` would change: the infrastructure, and the first release. */
export interface InfrastructureForecast {
  readonly result: PlanResult;
  readonly desired: Desired;
  readonly applied: AppliedFacts | undefined;
  readonly firstRelease: boolean;
  readonly newestImage: string;
}

/** Makes a plan. It may create the state bucket, because the plan needs the backend, and nothing else. */
export async function forecastUp(
  deps: WorkspaceDeps &
    Pick<BringUpDeps, "config" | "ensureBucket" | "fetch" | "sources" | "store">,
  { refreshAmi }: { readonly refreshAmi: boolean },
): Promise<InfrastructureForecast> {
  const { config, sources, store } = deps;
  const [applied, releases] = await Promise.all([readStackRecord(store), readReleases(store)]);
  const good = lastGoodRelease(releases);
  if (applied !== undefined && good !== undefined) {
    await refuseOutage(deps.fetch, config, applied.outputs.url, good);
  }
  const options = { refreshAmi, lastColour: good?.colour };
  const desired = await resolveDesired(sources, applied, options);
  await deps.ensureBucket();
  const workspace = await openWorkspace(deps, desired.folder);
  const result = await planInfrastructure(workspace, desired, { destroy: false, applied });
  const newestImage = await sources.newestImage(architectureOf(config));
  return { result, desired, applied, firstRelease: good === undefined, newestImage };
}
