import { ensureStateBucket } from "../aws/state-bucket.ts";
import type { Deps } from "../deps.ts";
import { desiredSources } from "./desired-sources.ts";
import type { Target } from "./target.ts";

/** What `up`, `plan` and `destroy` change a target's infrastructure with. */
export function infrastructureDeps(
  deps: Pick<Deps, "clock" | "env" | "fetch" | "interrupts" | "reporter" | "run">,
  target: Target,
  { yes }: { readonly yes: boolean },
) {
  const { aws, bucket, config, identity, programEnv, root, store } = target;
  const { clock, env, interrupts, reporter, run } = deps;
  return {
    account: identity.account,
    clock,
    config,
    ensureBucket: async () => ensureStateBucket(await aws.s3(), bucket, config.region, identity),
    fetch: deps.fetch,
    interrupts,
    reporter,
    root,
    run,
    sources: desiredSources(target),
    store,
    terraformEnv: { ...env, ...programEnv },
    yes,
  };
}
