import type { Config } from "../../config/schema/config.ts";
import type { Desired } from "../desired.ts";

/**
 * The keys come before the plan, which names their rule group. So a stack that gets them accepts them from the first moment. `destroy` deletes a
 * rule group that this makes for a plan that is then refused.
 */
export async function withKeys(
  {
    config,
    ensureKeys,
  }: {
    readonly config: Pick<Config, "auth">;
    readonly ensureKeys: () => Promise<string>;
  },
  desired: Desired,
  resolve: (keyGroup: string) => Promise<Desired>,
): Promise<Desired> {
  if (config.auth !== "keys") return desired;
  const arn = await ensureKeys();
  return arn === desired.keyGroup ? desired : resolve(arn);
}
