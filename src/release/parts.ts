import type { AlarmSnapshot } from "../aws/alarms/describe-alarms.ts";
import type { GroupSnapshot } from "../aws/fleet.ts";
import type { Launch } from "../aws/describe-launches.ts";
import type { PauseAnswer, SeenAnswer } from "../aws/listener/pause-rules.ts";
import type { TargetHealth } from "../aws/load-balancer.ts";
import type { Colour } from "../stack/colour.ts";
import type { StoredSecret } from "../aws/secrets/list-secrets.ts";
import type { ReleasePointer } from "../state/release-pointer.ts";

/*
 * The parts of a stack that a release changes and reads, by colour. target/stack-parts.ts hides AWS's clients and the stack's names
 * behind them, and a test passes a stack in memory. Every method throws the SDK's own errors. Each change can be made twice without harm.
 */

/** The instances: two Auto Scaling groups. */
export interface Fleet {
  /** Leaves out a group that does not exist. */
  readonly groups: () => Promise<Readonly<Partial<Record<Colour, GroupSnapshot>>>>;
  /** The colour's last launches, newest first. */
  readonly launches: (colour: Colour) => Promise<readonly Launch[]>;
  /** Without `desired`, the desired capacity stays. */
  readonly scale: (
    colour: Colour,
    capacity: { readonly min: number; readonly desired?: number },
  ) => Promise<void>;
  /** Ends every instance of the colour. */
  readonly clear: (colour: Colour) => Promise<void>;
  /** Ends these instances and lowers the desired capacity by their number. */
  readonly end: (instances: readonly string[]) => Promise<void>;
  /** Schedules the end of the colour's instances in so many seconds. */
  readonly retireIn: (colour: Colour, seconds: number) => Promise<void>;
  /** Cancels a scheduled retirement. */
  readonly keep: (colour: Colour) => Promise<void>;
  /** Whether the policies and schedules of the colour that serves may change its size. Those of the other colour rest. */
  readonly setScaling: (serving: Colour, isOn: boolean) => Promise<void>;
  /** Whether the colour has the configuration's schedules. */
  readonly hasSchedules: (colour: Colour) => Promise<boolean>;
  /** Whether the group may move instances between its zones by itself. */
  readonly balance: (colour: Colour, isOn: boolean) => Promise<void>;
  readonly enterStandby: (colour: Colour, instances: readonly string[]) => Promise<void>;
  readonly exitStandby: (colour: Colour, instances: readonly string[]) => Promise<void>;
}

/** Sends the incoming requests to a colour: a load balancer's listener. */
export interface Door {
  /** Shares of the traffic. Undefined when the listener is gone, as after an interrupted destroy. */
  readonly weights: () => Promise<Readonly<Record<Colour, number>> | undefined>;
  readonly setWeights: (weights: Readonly<Record<Colour, number>>) => Promise<void>;
  readonly health: (colour: Colour) => Promise<readonly TargetHealth[]>;
  /** Sends requests whose probe header has this value to the colour, whatever the weights are. */
  readonly openProbe: (colour: Colour, token: string) => Promise<void>;
  /** Removes all probe routes, those of killed releases too. */
  readonly closeProbe: () => Promise<void>;
  /** Why the address may not answer, although the app does. Not of a load balancer, of which AWS says nothing. */
  readonly trouble?: () => Promise<DoorTrouble | undefined>;
}

export interface DoorTrouble {
  readonly cause: string;
  readonly next: string;
}

/** Answers in place of the service, except for requests that pass: rules of the listener. Meanwhile the stack's alarms send no messages. */
export interface Barrier {
  readonly close: (answer: PauseAnswer) => Promise<void>;
  readonly open: () => Promise<void>;
  /** What is answered now; undefined when the service answers. */
  readonly answer: () => Promise<SeenAnswer | undefined>;
}

/** Answers that users get without the app. */
export interface Cache {
  /** Forgets all of them; does nothing for a stack that caches nothing. `reference`: another one for each call. */
  readonly empty: (reference: string) => Promise<void>;
}

export interface Alarms {
  /** In the order of the names. */
  readonly describe: (names: readonly string[]) => Promise<readonly AlarmSnapshot[]>;
}

/** Set the release that a colour's instances run. */
export interface Pointers {
  readonly write: (colour: Colour, pointer: ReleasePointer) => Promise<void>;
}

/** The stack's secrets, without their values. */
export interface Secrets {
  readonly list: () => Promise<readonly StoredSecret[]>;
  /** Ids of all versions that a secret still has; empty when there is no such secret. */
  readonly versions: (arn: string) => Promise<readonly string[]>;
}

/** AWS WAF in front of the address. */
export interface Firewall {
  /** The rule that has blocked a probe of a release in the time; undefined when none is known. */
  readonly blockingRule: (time: {
    readonly from: Date;
    readonly to: Date;
  }) => Promise<string | undefined>;
}

/** The credentials of this run. Once they have ended, AWS refuses it, also on its way back. */
export interface Credentials {
  /**
   * Seconds until they end; undefined when that is not known. Has them renewed in the background when not many more than `needed` remain.
   */
  readonly secondsLeft: (needed: number) => number | undefined;
  /** The same after an attempt to renew them, if they end before this many seconds. */
  readonly lasting: (seconds: number) => Promise<number | undefined>;
  /** Whether they end at all, as far as is known. */
  readonly isTemporary: () => boolean;
  /** The command that gives new ones. */
  readonly renewal: () => string;
}

export interface Parts {
  readonly fleet: Fleet;
  readonly door: Door;
  readonly barrier: Barrier;
  readonly alarms: Alarms;
  readonly cache: Cache;
  readonly pointers: Pointers;
}
