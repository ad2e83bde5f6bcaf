import type { Config } from "../config/schema/config.ts";
import { releaseAlarms } from "../release/observe/alarms.ts";
import { findImageStep } from "../release/image/put-image.ts";
import type { Alarms } from "../release/parts.ts";
import { changedSettings, configuredSettings } from "../release/plan/container-settings.ts";
import { shortWatches } from "../release/plan/short-watch.ts";
import { lastGoodRelease, readReleases } from "../state/release-history.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import {
  readStackRecord,
  topologyOf,
  type AppliedFacts,
  type StackOutputs,
} from "../state/stack-record.ts";
import type { PlanResult } from "../terraform/events/plan-result.ts";
import { loginPlan } from "./door/login.ts";
import { architectureOf, imageKindOf, resolveDesired, type Desired } from "./desired.ts";
import type { BringUpDeps } from "./bring-up.ts";
import { prepareBucket } from "./prepare-bucket.ts";
import { refuseMove } from "./checks/refuse-move.ts";
import { refuseOutage } from "./checks/refuse-outage.ts";
import { requireState } from "./state/require-state.ts";
import { checkMove, wayTo } from "./topology/check-move.ts";
import { resolveBeside } from "./topology/resolve-beside.ts";
import { movingText } from "./topology/text.ts";
import { openWorkspace, planInfrastructure, type WorkspaceDeps } from "./workspace.ts";

/** What `up` would change: the infrastructure, and the first release. */
export interface InfrastructureForecast {
  readonly result: PlanResult;
  readonly desired: Desired;
  readonly applied: AppliedFacts | undefined;
  readonly firstRelease: boolean;
  readonly newestImage: string;
  /** The digest of the image that image.ref names; null when the image is built, or is not asked for because a version serves. */
  readonly digest: string | null;
  /** What `up` does to the login; null for nothing. */
  readonly login: string | null;
  /** Watches of a release that end before an alarm can go off, settings that wait for a release, and a move to the other topology. */
  readonly warnings: readonly string[];
}

/** Makes a plan. It may create the state bucket, because the plan needs the backend, and nothing else. */
export async function forecastUp(
  deps: WorkspaceDeps &
    Pick<
      BringUpDeps,
      | "checkDomain"
      | "checkNetwork"
      | "checkGithub"
      | "checkModel"
      | "checkSecrets"
      | "config"
      | "ensureBucket"
      | "fetchOwn"
      | "login"
      | "referenced"
      | "reporter"
      | "sources"
      | "store"
      | "warnOfQuotas"
    > & {
      readonly alarms: Alarms;
    },
  { refreshAmi }: { readonly refreshAmi: boolean },
): Promise<InfrastructureForecast> {
  const { config, sources, store } = deps;
  const [applied, releases] = await Promise.all([readStackRecord(store), readReleases(store)]);
  refuseMove(config, applied);
  const good = lastGoodRelease(releases);
  const { referenced, reporter } = deps;
  const image =
    referenced === null || good !== undefined
      ? undefined
      : await findImageStep(reporter, referenced, config.image.ref ?? "");
  await requireState(deps.state, applied);
  if (applied !== undefined && good !== undefined) {
    await refuseOutage(deps.fetchOwn(applied), config, applied, good);
  }
  const options = { refreshAmi, lastColour: good?.colour };
  // A stack that serves gets the new parts next to the present ones first.
  const moves = wayTo(config, applied, { hasServed: good !== undefined }) === "build";
  if (moves && applied !== undefined) await checkMove(store, config, applied);
  const desired =
    moves && applied !== undefined
      ? await resolveBeside(sources, applied, options, topologyOf(applied.outputs))
      : await resolveDesired(sources, applied, options);
  await deps.checkSecrets();
  if (good === undefined) await deps.checkModel();
  const login = config.oidc === null ? undefined : await deps.login.wanted();
  await Promise.all([
    deps.checkDomain(),
    deps.checkNetwork(applied === undefined),
    deps.checkGithub(),
    applied === undefined ? deps.warnOfQuotas() : undefined,
  ]);
  await prepareBucket(deps);
  const workspace = await openWorkspace(deps, desired.folder);
  const planning = { destroy: false, applied, lock: false };
  const result = await planInfrastructure(workspace, desired, planning);
  // A newer image is no news for a stack with its own.
  const newestImage =
    config.instances.machineImage ??
    (await sources.newestImage(architectureOf(config), imageKindOf(config)));
  const waiting =
    applied === undefined
      ? []
      : [
          ...(await watchesOf(deps, applied.outputs)),
          ...(good === undefined ? [] : waitingSettings(config, applied.outputs, good)),
        ];
  const warnings = [...(moves ? [movingText(config)] : []), ...waiting];
  return {
    result,
    desired,
    applied,
    firstRelease: good === undefined,
    newestImage,
    digest: image?.digest ?? null,
    login: loginPlan(applied, login),
    warnings,
  };
}

function waitingSettings(
  config: Config,
  outputs: StackOutputs,
  { container }: Pick<ReleaseRecord, "container">,
): readonly string[] {
  const names = changedSettings(container, configuredSettings(config, outputs));
  return names.length === 0
    ? []
    : [`the next release brings what the running version does not have: ${names.join(", ")}`];
}

/** None where the alarms cannot be read: a plan needs no permission for CloudWatch. */
async function watchesOf(
  { alarms, config }: { readonly alarms: Alarms; readonly config: Config },
  outputs: StackOutputs,
): Promise<readonly string[]> {
  const names = [...releaseAlarms(outputs), ...config.release.alarms];
  const found = await alarms.describe(names).catch(() => []);
  return shortWatches(found, config.release);
}
