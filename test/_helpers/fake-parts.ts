import type { AlarmSnapshot } from "../../src/aws/alarms/describe-alarms.ts";
import type { Parts } from "../../src/release/parts.ts";
import { colours } from "../../src/stack/colour.ts";
import type { ObjectStore } from "../../src/state/object-store.ts";
import { awsFailure } from "./aws-failure.ts";
import type { FakeInstance } from "./fake-instance.ts";
import type { FakeStack } from "./fake-stack.ts";
import { fakeZones } from "./fake-zones.ts";
import { stackRecord } from "./rollout-values.ts";

/** Every method that a test can let fail, by part and name. */
export type Call =
  | `fleet.${keyof Parts["fleet"]}`
  | `door.${keyof Parts["door"]}`
  | `barrier.${keyof Parts["barrier"]}`
  | `alarms.${keyof Parts["alarms"]}`
  | `cache.${keyof Parts["cache"]}`
  | `pointers.${keyof Parts["pointers"]}`
  | `store.${keyof ObjectStore}`;

/**
 * Awaited before each call has its effect, and again before its answer: what it throws is what the caller gets, so that a call can fail
 * undone or done. `key`: of the object, where the call has one.
 */
export type Weather = (call: Call, when: "before" | "after", key: string) => void | Promise<void>;

export type Caller = <T>(name: Call, effect: () => T | Promise<T>, key?: string) => Promise<T>;

/** Makes calls on a stack: each is recorded, the stack advances before it, and the weather may let it fail. */
export function caller(stack: FakeStack, { weather }: { readonly weather?: Weather }): Caller {
  return async (name, effect, key = "") => {
    stack.calls.push(name);
    await weather?.(name, "before", key);
    stack.settle();
    const answer = await effect();
    await weather?.(name, "after", key);
    return answer;
  };
}

/** What a release changes and looks at a fake stack with. */
export function fakeParts(stack: FakeStack, call: Caller): Parts {
  return {
    fleet: fleetOf(stack, call),
    door: doorOf(stack, call),
    barrier: barrierOf(stack, call),
    ...othersOf(stack, call),
  };
}

function fleetOf(stack: FakeStack, call: Caller): Parts["fleet"] {
  return {
    groups: async () =>
      call("fleet.groups", () =>
        Object.fromEntries(
          colours.map((colour) => [
            colour,
            {
              name: stackRecord().outputs.autoscaling_group_names[colour],
              ...stack.groups[colour],
              zones: fakeZones,
              instances: stack.of(colour).map(({ id, lifecycle }) => ({
                id,
                lifecycle,
                zone: "eu-west-1a",
              })),
            },
          ]),
        ),
      ),
    launches: async (colour) =>
      call("fleet.launches", () => stack.launches[colour].toReversed().slice(0, 20)),
    scale: async (colour, { min, desired }) =>
      call("fleet.scale", () => {
        const group = stack.groups[colour];
        // A minimum above the capacity brings the capacity with it, unless the call names one.
        const wanted = desired ?? Math.max(min, group.desired);
        refuseUnless(
          min <= wanted && wanted <= group.max,
          `Desired capacity:${wanted} must be between the specified min size:${min} and max size:${group.max}`,
        );
        Object.assign(group, { min, desired: wanted });
      }),
    clear: async (colour) =>
      call("fleet.clear", () => {
        Object.assign(stack.groups[colour], { min: 0, desired: 0 });
      }),
    end: async (ids) =>
      call("fleet.end", () => {
        for (const { id, colour } of stack.instances.filter((one) => ids.includes(one.id))) {
          const group = stack.groups[colour];
          refuseUnless(group.desired > group.min, "it would violate group's min size constraint");
          stack.crash(id);
          group.desired -= 1;
        }
      }),
    retireIn: async (colour, seconds) =>
      call("fleet.retireIn", () => {
        stack.retire(colour, seconds);
      }),
    keep: async (colour) =>
      call("fleet.keep", () => {
        delete stack.retiring[colour];
      }),
    setScaling: async (serving, isOn) =>
      call("fleet.setScaling", () => {
        Object.assign(stack.scaling, { blue: false, green: false, [serving]: isOn });
      }),
    hasSchedules: async () => call("fleet.hasSchedules", () => true),
    balance: async (colour, isOn) =>
      call("fleet.balance", () => {
        stack.balancing[colour] = isOn;
      }),
    enterStandby: async (colour, ids) =>
      call("fleet.enterStandby", () => {
        const group = stack.groups[colour];
        requireAll(stack, ids, "InService");
        refuseUnless(
          group.desired - ids.length >= group.min,
          `has min-size=${group.min}, desired-size=${group.desired}: to place ${ids.length} into standby, update its sizes`,
        );
        stack.move(ids, "Standby");
      }),
    exitStandby: async (colour, ids) =>
      call("fleet.exitStandby", () => {
        const group = stack.groups[colour];
        requireAll(stack, ids, "Standby");
        refuseUnless(group.desired + ids.length <= group.max, `has max-size=${group.max}`);
        stack.move(ids, "InService");
      }),
  };
}

function doorOf(stack: FakeStack, call: Caller): Parts["door"] {
  return {
    weights: async () => call("door.weights", () => stack.weights),
    setWeights: async (weights) =>
      call("door.setWeights", () => {
        stack.weights = { ...weights };
      }),
    health: async (colour) =>
      call("door.health", () =>
        stack
          .of(colour)
          .filter(({ lifecycle }) => lifecycle === "InService")
          .map((one) => ({
            instance: one.id,
            state: stack.isServing(one) ? "healthy" : "initial",
            reason: "",
          })),
      ),
    openProbe: async (colour, token) =>
      call("door.openProbe", () => {
        stack.probe = { colour, token };
      }),
    closeProbe: async () =>
      call("door.closeProbe", () => {
        stack.probe = null;
      }),
  };
}

function barrierOf(stack: FakeStack, call: Caller): Parts["barrier"] {
  return {
    close: async (answer) =>
      call("barrier.close", () => {
        stack.pause = answer;
      }),
    open: async () =>
      call("barrier.open", () => {
        stack.pause = null;
      }),
    answer: async () => call("barrier.answer", () => stack.pause ?? undefined),
  };
}

function othersOf(stack: FakeStack, call: Caller): Pick<Parts, "alarms" | "cache" | "pointers"> {
  const alarm = (name: string): AlarmSnapshot => ({
    name,
    state: stack.alarmsMissing.has(name) ? "MISSING" : stack.alarmsOn.has(name) ? "ALARM" : "OK",
    reason: stack.alarmsOn.has(name) ? "Threshold Crossed" : "",
  });
  return {
    alarms: {
      describe: async (names) => call("alarms.describe", () => names.map(alarm)),
    },
    cache: { empty: async () => call("cache.empty", () => undefined) },
    pointers: {
      write: async (colour, pointer) =>
        call("pointers.write", () => {
          stack.pointers[colour] = pointer;
        }),
    },
  };
}

function requireAll(
  stack: FakeStack,
  ids: readonly string[],
  lifecycle: FakeInstance["lifecycle"],
): void {
  for (const id of ids) {
    const found = stack.instances.find((one) => one.id === id);
    refuseUnless(found?.lifecycle === lifecycle, `The instance ${id} is not in ${lifecycle}.`);
  }
}

function refuseUnless(allowed: boolean, why: string): void {
  if (!allowed) throw awsFailure("ValidationError", why);
}
