import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { Referenced } from "../image/ref/referenced.ts";
import type { Run } from "../process/programs/run.ts";
import { changedSettings, configuredSettings } from "../release/plan/container-settings.ts";
import { lastGoodRelease, readReleases } from "../state/release-history.ts";
import type { ReleaseRecord } from "../state/release-record.ts";
import type { AppliedFacts, StackRecord } from "../state/stack-record.ts";
import { readApplied } from "./applied.ts";
import { presentMinimum } from "../stack/present-minimum.ts";
import { lowerSize, needsSize, settleSize } from "./size/settle-size.ts";
import { resolveDesired, type Desired } from "./desired.ts";
import { firstRelease, startBuilds, tellRecords } from "./first-up.ts";
import { provideCaddy } from "./door/provide-caddy.ts";
import { closeDoor, needsLogin, settleLogin, type Login } from "./door/login.ts";
import { withKeys } from "./door/with-keys.ts";
import { provision } from "./provision.ts";
import { prepareBucket, type PrepareBucketDeps } from "./prepare-bucket.ts";
import { readSources } from "./read-sources.ts";
import { refuseMove } from "./checks/refuse-move.ts";
import { refuseOutage } from "./checks/refuse-outage.ts";
import { requireState } from "./state/require-state.ts";
import { warnUnlessDomainAnswers } from "./warn-of-domain.ts";
import { isApplied } from "./workspace.ts";
import { moveTopology, type MoveDeps } from "./topology/move-topology.ts";

export interface BringUpDeps extends MoveDeps {
  /** The image that image.ref names; null when the image is built. */
  readonly referenced: Pick<Referenced, "find"> | null;
  /** The folder of infer-deploy.yml. The paths in that file are relative to it. */
  readonly root: string;
  readonly run: Run;
  readonly fetch: typeof fetch;
  /** Throws CommandError (64) when the existing VPC could not be used. `isNew`: whether there is no load balancer in it yet. */
  readonly checkNetwork: (isNew: boolean) => Promise<void>;
  /** Throws CommandError (64) when the account's provider for GitHub would refuse the workflows' tokens. */
  readonly checkGithub: () => Promise<void>;
  /** Makes the account's provider for GitHub, if the configuration needs it and there is none. */
  readonly ensureGithub: () => Promise<void>;
  /** Makes the first API key and the rule group, where they are missing, and lets the keys pass. Resolves to the rule group's ARN. */
  readonly ensureKeys: () => Promise<string>;
  /** Deletes the rule group of the API keys. */
  readonly removeKeyGroup: () => Promise<boolean>;
  readonly login: Login;
  readonly ensureBucket: PrepareBucketDeps["ensureBucket"];
  /** Makes port 80 of an applied stack forward as the listener that serves does, instead of redirecting to it. */
  readonly serveOnPort80: (applied: AppliedFacts) => Promise<void>;
  /** Removes the response headers that the listener has and the configuration does not. */
  readonly removeHeaders: (stack: StackRecord) => Promise<void>;
}

export interface BringUpRequest {
  readonly version: string | undefined;
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly refresh: boolean;
  readonly refreshAmi: boolean;
  /** Takes the newest AWS provider for Terraform. */
  readonly upgradeProvider?: boolean;
}

/** The stack and the release that are up now. */
export interface BroughtUp {
  readonly stack: StackRecord;
  readonly release: ReleaseRecord;
  readonly changed: boolean;
  readonly sourcesChanged: boolean;
  /** Keys of the config that the running version does not have yet. */
  readonly changedSettings: readonly string[];
}

/** Infrastructure and first release; resolves when the address answers. A second time it changes nothing. */
export async function bringUp(deps: BringUpDeps, request: BringUpRequest): Promise<BroughtUp> {
  // The user who agreed to the move has agreed to the end of the old parts.
  const hasMoved = await moveTopology(deps, request);
  return bringUpAsItIs(hasMoved ? { ...deps, yes: true } : deps, request);
}

async function bringUpAsItIs(deps: BringUpDeps, request: BringUpRequest): Promise<BroughtUp> {
  const { config, store } = deps;
  const { refresh, upgradeProvider = false } = request;
  const [{ record: applied, facts }, releases] = await Promise.all([
    readApplied(deps, { tolerant: refresh }),
    readReleases(store),
  ]);
  refuseMove(config, facts);
  const good = lastGoodRelease(releases);
  const { contextHash, found } = await readSources(deps, good);
  const options = { refreshAmi: request.refreshAmi, lastColour: good?.colour };
  const desired = await resolveDesired(deps.sources, facts, options);
  if (upgradeProvider) refuseMixed(applied, desired);
  await deps.checkSecrets();
  // A stack that serves may change while its source does not answer.
  if (good === undefined) await deps.checkModel();
  const login = config.oidc === null ? undefined : await deps.login.wanted();
  const builds = good === undefined ? startBuilds(deps, request) : undefined;
  try {
    const unchanged =
      !refresh && !upgradeProvider && (await isApplied(deps.state, desired, applied));
    if (!unchanged) await requireState(deps.state, facts);
    if (!unchanged && facts !== undefined && good !== undefined) {
      await refuseOutage(deps.fetchOwn(facts), config, facts, good);
    }
    if (!unchanged) {
      await Promise.all([
        deps.checkDomain(),
        deps.checkNetwork(facts === undefined),
        deps.checkGithub(),
        facts === undefined ? deps.warnOfQuotas() : undefined,
      ]);
    }
    const min = presentMinimum(config, deps.clock.now());
    // A second `up` needs no lock, unless it has to change the minimum: a release changes that too.
    const isQuiet =
      unchanged &&
      applied !== undefined &&
      good !== undefined &&
      !needsLogin(applied, login) &&
      !(await needsSize(await deps.openSession(applied), min));
    const work = async () => {
      let lowered = false;
      const beforeApply = async (): Promise<void> => {
        // The roles name it in their trust policies.
        await deps.ensureGithub();
        await closeDoor(deps.login, facts, login);
        if (applied !== undefined && good !== undefined) {
          lowered = await lowerSize(await deps.openSession(applied), min);
        }
        // Without the domain port 80 serves. Terraform leaves what a listener forwards to releases, so it does not end the redirect.
        if (
          facts?.outputs.url.startsWith("https:") === true &&
          config.domains.length === 0 &&
          config.https === null
        ) {
          await deps.serveOnPort80(facts);
        }
      };
      const provisioned =
        unchanged && applied !== undefined
          ? applied
          : await provision(deps, {
              desired: await withKeys(deps, desired, async (keyGroup) =>
                resolveDesired(deps.sources, facts, { ...options, keyGroup }),
              ),
              applied: facts,
              build: builds?.image,
              beforeApply,
              upgradeProvider,
            });
      const stack = await settleLogin(deps, provisioned, login, refresh);
      if (config.auth !== "keys" && facts?.key_group !== undefined) await deps.removeKeyGroup();
      if (!unchanged) await deps.removeHeaders(stack);
      // `up --refresh` makes a provider again that was deleted.
      if (!unchanged) await deps.ensureGithub();
      if (isQuiet) {
        return { stack, other: false, release: good };
      }
      const other = stack !== provisioned;
      if (deps.caddy !== undefined && (!unchanged || good === undefined)) {
        await provideCaddy(deps.caddy, stack, builds?.caddy);
      }
      const session = await deps.openSession(stack);
      if (good !== undefined) {
        const minimumChanged = await settleSize(session, min);
        return { stack, other: other || minimumChanged || lowered, release: good };
      }
      tellRecords(deps.reporter, config, stack);
      const release = await firstRelease(
        session,
        { build: builds?.image, found },
        contextHash,
        request.version,
      );
      await warnUnlessDomainAnswers(deps, stack);
      return { stack, other, release };
    };
    const { stack, other, release } = isQuiet ? await work() : await alone(deps, work);
    return {
      stack,
      release,
      changed: !unchanged || good === undefined || other,
      // A release of an existing image has no sources to compare.
      sourcesChanged: release.context_hash !== "" && release.context_hash !== contextHash,
      changedSettings: changedSettings(
        release.container,
        configuredSettings(config, stack.outputs),
      ),
    };
  } finally {
    await Promise.all([builds?.image?.stop(), builds?.caddy?.stop()]);
  }
}

/** A new provider gets its own plan: among other changes its effect would be hidden. */
function refuseMixed(applied: StackRecord | undefined, desired: Pick<Desired, "hash">): void {
  if (applied !== undefined && applied.applied_hash !== desired.hash) {
    throw new CommandError("The AWS provider is upgraded without other changes.", {
      exitCode: exitCodes.usage,
      why: "infer-deploy.yml has infrastructure changes that are not applied yet, or another version of infer-deploy ran the last up",
      next: "infer-deploy up applies them with the present provider; then run infer-deploy up --upgrade-provider",
    });
  }
}

/** Holds the lock meanwhile, so that `up` and a release never change the stack at the same time. */
async function alone<T>(
  deps: PrepareBucketDeps & Pick<BringUpDeps, "takeLock">,
  work: () => Promise<T>,
): Promise<T> {
  await prepareBucket(deps);
  const lock = await deps.takeLock();
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
