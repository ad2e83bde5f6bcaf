import { onOff } from "../../options/kinds.ts";
import { lockWait, stackVerb } from "../kinds/stack-verb.ts";
import { changePause } from "./change-pause.ts";

/** Starts the instances that ran before `sleep`; users get 503 until all of them are healthy. */
export const wake = stackVerb({
  name: "wake",
  summary: "starts the instances that ran before sleep, then gives them the traffic",
  options: {
    force: onOff("--force", "give them the traffic without waiting for their health"),
    lockWait,
  },
  needsImage: false,
  run: async (deps, flags, loaded, own) => {
    const { wakeUp } = await import("../../release/pause/wake.ts");
    const { presentMinimum } = await import("../../stack/present-minimum.ts");

    const { health, instances, scaling } = loaded.config;
    return changePause(
      deps,
      flags,
      loaded,
      { verb: "wake", lockWait: own.lockWait },
      async (pausing, stack) =>
        wakeUp(pausing, stack, {
          force: own.force,
          minimum:
            scaling.schedules.length === 0
              ? undefined
              : presentMinimum(loaded.config, deps.clock.now()),
          seconds: instances.bootTimeoutSeconds + health.timeoutSeconds,
        }),
    );
  },
});
