import { ensureStateBucket } from "../aws/state-bucket.ts";
import type { Deps } from "../deps.ts";
import { takeLock } from "../lock/take-lock.ts";
import type { GlobalFlags } from "../target/flags.ts";
import type { Target } from "../target/target.ts";

/** What is applied, and who serves, is not changed by two at once: a release waits for this, and this for a release. */
export async function alone<T>(
  deps: Deps,
  flags: GlobalFlags,
  target: Target,
  work: () => Promise<T>,
): Promise<T> {
  const { aws, bucket, config, identity } = target;
  await ensureStateBucket(await aws.s3(), bucket, config.region, identity);
  const lock = await takeLock(deps, flags, target, { command: "up", waitSeconds: 0 });
  try {
    return await work();
  } finally {
    await lock.release();
  }
}
