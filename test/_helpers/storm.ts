import { colours } from "../../src/stack/colour.ts";
import type { Call, Weather } from "./fake-parts.ts";
import type { FakeStack } from "./fake-stack.ts";

/** What goes wrong while a release runs; all of it is decided before. */
export interface Storm {
  /** After `after` calls, that kind of call fails `times` times in a row, before its effect or after it. */
  readonly faults: readonly Fault[];
  /** Milliseconds from the beginning between which every call fails, or only notes, or only weights. */
  readonly outages: readonly {
    readonly from: number;
    readonly length: number;
    readonly of: keyof typeof affected;
  }[];
  /** Requests to the bucket that the SDK sends twice, because the first answer was lost: again and again in this order. */
  readonly repeats: readonly boolean[];
  /** Alarms that change, by milliseconds from the beginning. */
  readonly alarms: readonly { readonly at: number; readonly name: string; readonly on: boolean }[];
  /** Instances that die, or containers that start again, by milliseconds from the beginning. */
  readonly crashes: readonly {
    readonly at: number;
    readonly which: number;
    readonly kind: "machine" | "container";
  }[];
  /** Zones that have no capacity for a while, by milliseconds from the beginning. */
  readonly shortages: readonly {
    readonly at: number;
    readonly length: number;
    readonly zone: string;
  }[];
  /** When a scaling policy raises the serving group by one, in milliseconds from the beginning. */
  readonly growth: readonly number[];
  /** From then on the new version's answers are errors; null: never. */
  readonly breaksAt: number | null;
  /** The number of calls after which each process dies; a process without an entry lives. */
  readonly kills: readonly number[];
  /** Ctrl-C in the first process, in milliseconds from the beginning. */
  readonly interruptAt: number | null;
}

export interface Fault {
  readonly after: number;
  readonly times: number;
  readonly when: "before" | "after";
}

export const calm: Storm = {
  faults: [],
  outages: [],
  repeats: [false],
  alarms: [],
  crashes: [],
  shortages: [],
  growth: [],
  breaksAt: null,
  kills: [],
  interruptAt: null,
};

/** Thrown by the weather for a call that fails. */
export class Unavailable extends Error {
  override readonly name = "ServiceUnavailable";
  readonly $metadata = { requestId: "r-503" };
}

/** One process of the tool in a storm. */
export interface Process {
  readonly weather: Weather;
  /** Resolves when it dies; nothing that it still does has an effect. */
  readonly died: Promise<"killed">;
}

export interface StormDeps {
  readonly stack: FakeStack;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Ctrl-C in the first process. */
  readonly press: () => void;
  /** Which calls may fail at all; every call when left out. */
  readonly mayFail?: (call: Call, key: string) => boolean;
}

/** Lets a storm loose on a stack: in its calls, and while time passes. */
export function startStorm(storm: Storm, { stack, now, press, mayFail }: StormDeps) {
  const began = now();
  const bursts = new Map<Call, { left: number; readonly when: string }>();
  let { faults } = storm;
  let sinceFault = 0;
  let isOver = false;
  let events = [
    ...storm.alarms.map(({ at, name, on }) => ({
      at,
      happen: () => void (on ? stack.alarmsOn.add(name) : stack.alarmsOn.delete(name)),
    })),
    ...storm.crashes.map(({ at, which, kind }) => ({ at, happen: () => hit(stack, which, kind) })),
    ...storm.shortages.flatMap(({ at, length, zone }) => [
      { at, happen: () => void stack.refusals.set(zone, "InsufficientInstanceCapacity") },
      { at: at + length, happen: () => void stack.refusals.delete(zone) },
    ]),
    ...storm.growth.map((at) => ({ at, happen: () => grow(stack) })),
    ...once(storm.breaksAt, () => void stack.broken.add(8)),
    ...once(storm.interruptAt, press),
  ];

  const begin = (index: number): Process => {
    let left = storm.kills[index] ?? Number.POSITIVE_INFINITY;
    const { promise: died, resolve: die } = Promise.withResolvers<"killed">();
    const weather: Weather = async (call, when, key) => {
      if (when === "before") left -= 1;
      if (left <= 0 && !isOver) {
        die("killed");
        // It goes no further, at a call that was made or was not.
        return new Promise<void>(() => undefined);
      }
      if (!isOver && (mayFail?.(call, key) ?? true)) failIfDue(call, when, key);
      return undefined;
    };
    return { weather, died };
  };

  const failIfDue = (call: Call, when: "before" | "after", key: string): void => {
    if (when === "before") sinceFault += 1;
    const [next] = faults;
    if (when === "before" && next !== undefined && sinceFault > next.after) {
      faults = faults.slice(1);
      sinceFault = 0;
      bursts.set(call, { left: next.times, when: next.when });
    }
    const burst = bursts.get(call);
    if (burst !== undefined && burst.left > 0 && burst.when === when) {
      burst.left -= 1;
      throw new Unavailable(`${call} failed ${when} its effect`);
    }
    const since = now() - began;
    const over = storm.outages.filter(({ of }) => affected[of](call, key));
    if (over.some(({ from, length }) => since >= from && since < from + length)) {
      throw new Unavailable(`${call} failed: nothing answers`);
    }
  };

  let requests = 0;
  return {
    begin,
    repeats: (): boolean => {
      requests += 1;
      return !isOver && (storm.repeats[requests % storm.repeats.length] ?? false);
    },
    /** What happens by itself until now. */
    passTime: (): void => {
      const since = now() - began;
      const due = events.filter((event) => event.at <= since);
      events = events.filter((event) => event.at > since);
      if (!isOver) for (const event of due) event.happen();
    },
    /** From now on nothing goes wrong any more. */
    end: (): void => {
      isOver = true;
      stack.alarmsOn.clear();
      stack.refusals.clear();
    },
  };
}

function once(milliseconds: number | null, happen: () => void) {
  return milliseconds === null ? [] : [{ at: milliseconds, happen }];
}

/** Never the last instance of a colour that serves: no tool could help there. */
function hit(stack: FakeStack, which: number, kind: "machine" | "container"): void {
  const one = stack.instances[which % Math.max(1, stack.instances.length)];
  if (one === undefined) return;
  const others = stack
    .of(one.colour)
    .some((other) => other.id !== one.id && stack.isServing(other));
  if (stack.isServing(one) && !others) return;
  if (kind === "machine") stack.crash(one.id);
  else stack.restart(one.id);
}

/** Only while an earlier release has all traffic. */
function grow(stack: FakeStack): void {
  for (const colour of colours) {
    const group = stack.groups[colour];
    const isOld = stack.of(colour).some((one) => stack.isServing(one) && one.release !== 8);
    if (isOld && stack.weights?.[colour] === 100 && group.desired < group.max) group.desired += 1;
  }
}

const affected = {
  everything: () => true,
  journal: (call: Call, key: string) => call === "store.put" && key === "journal.json",
  weights: (call: Call) => call === "door.setWeights",
} as const;
