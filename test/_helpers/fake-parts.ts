import type { AlarmSnapshot } from "../../src/aws/describe-alarms.ts";
import type { Parts } from "../../src/release/parts.ts";
import { colours } from "../../src/stack/colour.ts";
import type { FakeStack, FakeStackOptions } from "./fake-stack.ts";
import { stackRecord } from "./rollout-values.ts";

/** Every method that a test can let fail, by part and name. */
export type Call =
  | `fleet.${keyof Parts["fleet"]}`
  | `door.${keyof Parts["door"]}`
  | `alarms.${keyof Parts["alarms"]}`
  | `pointers.${keyof Parts["pointers"]}`;

/** The parts with which a release reads and changes a fake stack. Each call is recorded, and the stack advances before it. */
export function fakeParts(stack: FakeStack, options: Pick<FakeStackOptions, "weather">): Parts {
  const call = async <T>(name: Call, effect: () => T): Promise<T> => {
    stack.calls.push(name);
    await options.weather?.(name, "before");
    stack.settle();
    const answer = effect();
    await options.weather?.(name, "after");
    return answer;
  };
  return {
    fleet: {
      groups: async () =>
        call("fleet.groups", () =>
          Object.fromEntries(
            colours.map((colour) => [
              colour,
              {
                name: stackRecord().outputs.autoscaling_group_names[colour],
                ...stack.groups[colour],
                instances: stack.of(colour).map(({ id, lifecycle }) => ({
                  id,
                  lifecycle,
                  zone: "eu-west-1a",
                })),
              },
            ]),
          ),
        ),
      launchFailure: async () => call("fleet.launchFailure", () => stack.launchFailure),
      scale: async (colour, { min, desired }) =>
        call("fleet.scale", () => {
          const group = stack.groups[colour];
          group.min = min;
          group.desired = Math.max(min, desired ?? group.desired);
        }),
      clear: async (colour) =>
        call("fleet.clear", () => {
          stack.groups[colour].min = 0;
          stack.groups[colour].desired = 0;
        }),
      end: async (ids) =>
        call("fleet.end", () => {
          for (const { id, colour } of stack.instances.filter((one) => ids.includes(one.id))) {
            stack.instances = stack.instances.filter((one) => one.id !== id);
            stack.groups[colour].desired -= 1;
          }
        }),
      retireAt: async (colour, at) =>
        call("fleet.retireAt", () => {
          stack.retiring[colour] = at;
        }),
      keep: async (colour) =>
        call("fleet.keep", () => {
          delete stack.retiring[colour];
        }),
      enterStandby: async (_colour, ids) =>
        call("fleet.enterStandby", () => stack.move(ids, "InService", "Standby")),
      exitStandby: async (_colour, ids) =>
        call("fleet.exitStandby", () => stack.move(ids, "Standby", "InService")),
    },
    door: {
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
              state: stack.isHealthy(one) ? "healthy" : "initial",
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
    },
    alarms: {
      describe: async (names) =>
        call("alarms.describe", () =>
          names.map((name): AlarmSnapshot => ({
            name,
            state: stack.alarmsOn.has(name) ? "ALARM" : "OK",
            reason: "",
          })),
        ),
    },
    pointers: {
      write: async (colour, pointer) =>
        call("pointers.write", () => {
          stack.pointers[colour] = pointer;
        }),
    },
  };
}
