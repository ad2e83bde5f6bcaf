import type { Deps } from "../deps.ts";
import { releaseShortages } from "../doctor/launch-warnings.ts";
import { readServing } from "../release/observe/serving.ts";
import { chooseStrategy, type Choice } from "../release/plan/choose-strategy.ts";
import { readStackRecord } from "../state/stack-record.ts";
import { schedulesOf } from "./open-session.ts";
import { createParts } from "./stack-parts.ts";
import type { Target } from "./target.ts";

/** What `release.strategy: auto` would choose now; null for another strategy, before the first release, and where AWS may not be asked. */
export async function foreseeStrategy(
  { clock }: Pick<Deps, "clock">,
  { aws, config, store }: Target,
): Promise<Choice | null> {
  if (config.release.strategy !== "auto") return null;
  const stack = await readStackRecord(store);
  if (stack === undefined) return null;
  const parts = createParts({ aws, store, clock }, stack.outputs, schedulesOf(config, clock));
  try {
    const { active, fleet } = await readServing({ ...parts, store }, stack);
    return await chooseStrategy(config.release, {
      fleet,
      active,
      minimum: config.instances.min,
      roomFor: async (instances) => releaseShortages(aws, config, instances),
    });
  } catch {
    return null;
  }
}
