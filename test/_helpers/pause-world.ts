import type { PauseDeps } from "../../src/release/pause/pause-deps.ts";
import { beginMaintenance, endMaintenance } from "../../src/release/pause/maintenance.ts";
import { fallAsleep } from "../../src/release/pause/sleep.ts";
import { wakeUp } from "../../src/release/pause/wake.ts";
import type { PauseDocument } from "../../src/state/pause.ts";
import type { Weather } from "./fake-parts.ts";
import { address, releaseWorld, type WorldOptions } from "./release-world.ts";
import { stackRecord } from "./rollout-values.ts";

export type PauseCommand = "maintenance on" | "maintenance off" | "sleep" | "wake";

/** A stack on which release 7 serves with two instances, and the commands that pause it. */
export function pauseWorld({
  onCall = () => undefined,
  ...options
}: WorldOptions & {
  /** Called after the effect of each call, and while time passes. */
  readonly onCall?: () => void;
} = {}) {
  const world = releaseWorld({ during: () => onCall(), ...options });
  const { bucket, stack } = world;
  const depsWith = (weather?: Weather): PauseDeps => ({
    ...world.deps,
    ...stack.connect(bucket.connect(), async (...call) => {
      await weather?.(...call);
      if (call[1] === "after") onCall();
    }),
    address,
    newToken: () => "a-token-of-a-pause",
    who: "ada@laptop",
  });
  const wish = { message: undefined, retryAfterSeconds: undefined };
  const run = async (command: PauseCommand, deps = depsWith()) => {
    switch (command) {
      case "maintenance on":
        return beginMaintenance(deps, wish);
      case "maintenance off":
        return endMaintenance(deps);
      case "sleep":
        return fallAsleep(deps, stackRecord(), wish);
      case "wake":
        return wakeUp(deps, stackRecord(), { force: false, minimum: undefined, seconds: 60 });
    }
  };
  /** Runs the command until its call of this number, where its process is killed: before or after the call has its effect. */
  const runKilled = async (command: PauseCommand, at: number, when: "before" | "after") => {
    const death = Promise.withResolvers<"killed">();
    let calls = 0;
    let isDead = false;
    const deps = depsWith(async (_call, moment) => {
      if (moment === "before") calls += 1;
      isDead ||= calls === at && moment === when;
      if (!isDead) return;
      death.resolve("killed");
      await new Promise<never>(() => {});
    });
    return Promise.race([run(command, deps).then(() => "lived" as const), death.promise]);
  };
  return {
    ...world,
    depsWith,
    run,
    runKilled,
    pause: (): PauseDocument | undefined => {
      const text = bucket.read("pause.json");
      return text === undefined ? undefined : (JSON.parse(text) as PauseDocument);
    },
  };
}
