import type { AlarmSnapshot } from "../aws/describe-alarms.ts";
import type { GroupSnapshot, LaunchFailure } from "../aws/fleet.ts";
import type { TargetHealth } from "../aws/load-balancer.ts";
import type { Colour } from "../stack/colour.ts";
import type { ReleasePointer } from "../state/release-pointer.ts";

/*
 * What a release changes and looks at, by colour. AWS's clients and the stack's names are behind it (target/stack-parts.ts), so a release
 * knows neither, and a test gives it a stack that lives in memory. Every method throws the SDK's own errors; each change can be made twice
 * without harm.
 */

/** The instances: two Auto Scaling groups. */
export interface Fleet {
  /** A group that does not exist is left out. */
  readonly groups: () => Promise<Readonly<Partial<Record<Colour, GroupSnapshot>>>>;
  /** Why the colour's newest launch failed; null when it did not fail. */
  readonly launchFailure: (colour: Colour) => Promise<LaunchFailure | null>;
  /** Without `desired` that one is left alone. */
  readonly scale: (
    colour: Colour,
    capacity: { readonly min: number; readonly desired?: number },
  ) => Promise<void>;
  /** Ends every instance of the colour. */
  readonly clear: (colour: Colour) => Promise<void>;
  /** Ends these instances and lowers the desired capacity by their number. */
  readonly end: (instances: readonly string[]) => Promise<void>;
  /** The colour goes to no instances at that time, by itself. */
  readonly retireAt: (colour: Colour, at: Date) => Promise<void>;
  /** Takes a planned retirement back. */
  readonly keep: (colour: Colour) => Promise<void>;
  readonly enterStandby: (colour: Colour, instances: readonly string[]) => Promise<void>;
  readonly exitStandby: (colour: Colour, instances: readonly string[]) => Promise<void>;
}

/** Where requests come in, and which colour they go to: a load balancer's listener. */
export interface Door {
  /** Shares of the traffic. Undefined when the listener is gone, as in a stack that was destroyed half-way. */
  readonly weights: () => Promise<Readonly<Record<Colour, number>> | undefined>;
  readonly setWeights: (weights: Readonly<Record<Colour, number>>) => Promise<void>;
  readonly health: (colour: Colour) => Promise<readonly TargetHealth[]>;
  /** Requests whose probe header has this value go to the colour, whatever the weights are. */
  readonly openProbe: (colour: Colour, token: string) => Promise<void>;
  /** Removes every probe's route: this release's, and what a killed one left. */
  readonly closeProbe: () => Promise<void>;
}

export interface Alarms {
  /** In the order of the names. */
  readonly describe: (names: readonly string[]) => Promise<readonly AlarmSnapshot[]>;
}

/** Which release the instances of a colour are to run. */
export interface Pointers {
  readonly write: (colour: Colour, pointer: ReleasePointer) => Promise<void>;
}

export interface Parts {
  readonly fleet: Fleet;
  readonly door: Door;
  readonly alarms: Alarms;
  readonly pointers: Pointers;
}
