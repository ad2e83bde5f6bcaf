import type { StrategyName } from "../../state/rollout-plan.ts";
import { first } from "./first.ts";
import { recreate } from "./recreate/recreate.ts";
import { rolling } from "./rolling.ts";
import { blueGreen, canary, linear } from "./shift/shifting.ts";
import type { Strategy } from "./strategy.ts";

/** Every strategy by its name. A new one needs its own file, an entry here, and a name in config/fields/strategy-names.ts. */
export const strategies: Readonly<Record<StrategyName, Strategy>> = {
  "blue-green": blueGreen,
  canary,
  linear,
  rolling,
  recreate,
  first,
};
