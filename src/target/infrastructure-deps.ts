import { awaitEnd } from "../aws/credentials/await-end.ts";
import { lookAtVpc } from "../aws/network/existing-vpc.ts";
import { removeHeaders } from "../aws/listener/headers.ts";
import { serveOnPort80 } from "../aws/listener/port-80.ts";
import { ensureStateBucket } from "../aws/s3/state-bucket.ts";
import type { Deps } from "../deps.ts";
import { needOf } from "../doctor/account.ts";
import { upWarnings } from "../doctor/launch-warnings.ts";
import { checkDomain } from "../domain/check-domain.ts";
import { checkNetwork } from "../infrastructure/checks/check-network.ts";
import { checkProvider, ensureProvider } from "../infrastructure/github-provider.ts";
import type { WorkspaceDeps } from "../infrastructure/workspace.ts";
import { rememberToken, withPass } from "../release/pause/pass.ts";
import type { AppliedFacts, StackRecord } from "../state/stack-record.ts";
import { withAbsolutePaths } from "../terraform/run/environment.ts";
import { openTerraform } from "../terraform/run/open.ts";
import { createApiKeys, keyedFetch } from "./parts/api-keys.ts";
import { desiredSources } from "./desired-sources.ts";
import { domainSources } from "./parts/domain-sources.ts";
import { createLogin } from "./parts/login.ts";
import { githubProvider } from "./parts/github-provider.ts";
import { openModel } from "./parts/model.ts";
import { openReferenced } from "./parts/referenced.ts";
import { ownFetch, publicFetch } from "./parts/own-fetch.ts";
import { createAlarms } from "./stack-parts.ts";
import { statePlace } from "./parts/state-place.ts";
import { requireSecrets } from "./require-secrets.ts";
import type { Target } from "./target.ts";
import { machineTraffic } from "./machine/machine-parts.ts";

/** What `up`, `plan` and `destroy` change a target's infrastructure with. */
export function infrastructureDeps(
  deps: Pick<
    Deps,
    | "clock"
    | "cwd"
    | "env"
    | "fetch"
    | "fetchHttp2"
    | "fetchRegistry"
    | "fetchThrough"
    | "interrupts"
    | "publicDns"
    | "reporter"
    | "run"
  >,
  target: Target,
  { yes }: { readonly yes: boolean },
) {
  const { access, aws, bucket, config, identity, root, store } = target;
  const { clock, env, interrupts, reporter, run } = deps;
  const terraform: WorkspaceDeps["openTerraform"] = async (folder, onEvent) =>
    openTerraform({
      run,
      env: withAbsolutePaths({ ...env, ...(await access.terraformEnv()) }, deps.cwd),
      folder,
      interrupts,
      onEvent,
      keysEnd: async (over) =>
        (await awaitEnd(aws.sts, clock, over)) ? access.renewal() : undefined,
    });
  const provider = githubProvider(target);
  const keys = createApiKeys(deps, target);
  const asUser = (fetcher: typeof fetch): typeof fetch =>
    withPass(
      config.auth === "keys" ? keyedFetch(deps, keys, fetcher) : fetcher,
      rememberToken(store),
    );
  return {
    account: identity.account,
    checkDomain: async () => checkDomain(config, domainSources(deps, target), reporter),
    checkNetwork: async (isNew: boolean) =>
      checkNetwork(config, async (vpc) => lookAtVpc(await aws.ec2(), vpc), isNew),
    checkGithub: async () => {
      if (config.github !== null)
        await checkProvider(provider, reporter, target.placeOf(["github"]));
    },
    ensureGithub: async () => {
      if (config.github !== null) await ensureProvider(provider);
    },
    checkModel: async () => void (await openModel(deps, target).find()),
    checkSecrets: async () => requireSecrets(target),
    warnOfQuotas: async () => {
      for (const text of await upWarnings(aws, needOf(config, false), config.region)) {
        reporter.notify({ type: "warning", text });
      }
    },
    alarms: createAlarms(aws),
    // One machine has no listeners: its door follows its settings.
    serveOnPort80: async ({ outputs }: AppliedFacts) => {
      if ("machine" in outputs) return;
      await serveOnPort80(await aws.loadBalancing(), outputs.listener_arn);
    },
    setLeaving: async ({ outputs }: StackRecord, leaving: boolean) => {
      if (!("machine" in outputs)) return;
      // A machine that does not follow must not keep the stack from moving back.
      await machineTraffic({ aws, clock, store }, outputs).change(() => ({ leaving }));
    },
    removeHeaders: async ({ outputs }: StackRecord) => {
      if ("machine" in outputs) return;
      const balancing = await aws.loadBalancing();
      await removeHeaders(balancing, outputs.listener_arn, config.responseHeaders);
    },
    clock,
    config,
    ensureBucket: async () =>
      ensureStateBucket(await aws.s3(), bucket, config.region, identity, async (milliseconds) =>
        clock.sleep(milliseconds, interrupts.aborted),
      ),
    fetch: asUser(publicFetch(deps, config.requests.protocol)),
    fetchOwn: ({ outputs }: AppliedFacts) =>
      asUser(ownFetch(deps, config.requests.protocol, outputs)),
    ensureKeys: keys.ensure,
    login: createLogin(deps, target),
    removeKeyGroup: keys.removeGroup,
    interrupts,
    openTerraform: terraform,
    referenced: openReferenced(deps, target),
    reporter,
    root,
    run,
    state: statePlace(target),
    sources: desiredSources(deps, target),
    store,
    yes,
  };
}
