import { lockWait, stackVerb } from "../kinds/stack-verb.ts";
import type { VerbGroup } from "../kinds/verb.ts";
import { changePause, wishOptions } from "./change-pause.ts";

/** Both verbs end with 0 whether there was something to change or not. */
export const maintenance: VerbGroup = {
  name: "maintenance",
  summary: "answers 503 with a message in place of the service",
  verbs: [
    stackVerb({
      name: "on",
      summary: "gives users the message; instances and releases are as before",
      options: { ...wishOptions, lockWait },
      needsImage: false,
      run: async (deps, flags, loaded, own) => {
        const { beginMaintenance } = await import("../../release/pause/maintenance.ts");
        const { wishOf } = await import("../../release/pause/wish.ts");

        const wish = wishOf(own);
        return changePause(
          deps,
          flags,
          loaded,
          { verb: "maintenance on", lockWait: own.lockWait },
          async (pausing) => beginMaintenance(pausing, wish),
        );
      },
    }),
    stackVerb({
      name: "off",
      summary: "gives users the service again",
      options: { lockWait },
      needsImage: false,
      run: async (deps, flags, loaded, own) => {
        const { endMaintenance } = await import("../../release/pause/maintenance.ts");

        return changePause(
          deps,
          flags,
          loaded,
          { verb: "maintenance off", lockWait: own.lockWait },
          endMaintenance,
        );
      },
    }),
  ],
};
