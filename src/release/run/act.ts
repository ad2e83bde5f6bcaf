import type { ObjectStore } from "../../state/object-store.ts";
import { readRelease } from "../../state/release-history.ts";
import { pointerTo } from "../../state/release-pointer.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import { readPause } from "../../state/pause.ts";
import type { Barrier, Door, Fleet, Pointers } from "../parts.ts";
import type { Action } from "../strategy/machine.ts";
import { outageAnswer } from "./outage.ts";

/** What the actions need to change the stack. */
export interface ActDeps {
  readonly fleet: Fleet;
  readonly door: Pick<Door, "openProbe" | "closeProbe" | "setWeights">;
  readonly barrier: Pick<Barrier, "close" | "open">;
  readonly pointers: Pointers;
  readonly store: Pick<ObjectStore, "get">;
  /** The release that is being made: known, so that no failed read of it can end it. */
  readonly record: ReleaseRecord;
  /** S3 prefix of the stack in the state bucket. */
  readonly prefix: string;
  /** Value of the probe's header. */
  readonly token: string;
}

/** Makes one change. Throws the SDK's own errors. Each change can be made twice without harm. */
export async function act(deps: ActDeps, action: Action): Promise<void> {
  const { fleet, door } = deps;
  switch (action.do) {
    case "claim":
      return fleet.keep(action.colour);
    case "clear":
      return fleet.clear(action.colour);
    case "point": {
      const { record: own, store } = deps;
      const record =
        action.deployment === own.release ? own : await readRelease(store, action.deployment);
      return deps.pointers.write(
        action.colour,
        pointerTo(record, deps.prefix, action.update, action.before),
      );
    }
    case "scale":
      return fleet.scale(action.colour, {
        min: action.minimum,
        ...(action.desired === null ? {} : { desired: action.desired }),
      });
    case "open-probe":
      return door.openProbe(action.colour, deps.token);
    case "close-probe":
      return door.closeProbe();
    case "weigh":
      return door.setWeights(action.weights);
    case "answer": {
      // In maintenance users get its message, before and after.
      if ((await readPause(deps.store)) !== undefined) return;
      return action.by === "service"
        ? deps.barrier.open()
        : deps.barrier.close(outageAnswer(deps.token));
    }
    case "retire":
      return fleet.retireIn(action.colour, action.seconds);
    case "scaling":
      return fleet.setScaling(action.serving, action.isOn);
    case "balance":
      return fleet.balance(action.colour, action.isOn);
    case "enter-standby":
      return fleet.enterStandby(action.colour, action.instances);
    case "exit-standby":
      return fleet.exitStandby(action.colour, action.instances);
  }
}
