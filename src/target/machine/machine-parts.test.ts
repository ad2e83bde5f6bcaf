import { expect, test } from "vitest";
import { fakeClock } from "../../../test/_helpers/fake-clock.ts";
import { stackRecord } from "../../../test/_helpers/rollout-values.ts";
import type { AwsClients } from "../../aws/clients.ts";
import type { DoorReport } from "../../state/reports/door-report.ts";
import type { SingleOutputs } from "../../state/stack-record.ts";
import type { Traffic } from "../../state/traffic.ts";
import { createMachineParts } from "./machine-parts.ts";

const { outputs: fleet } = stackRecord();
const outputs: SingleOutputs = {
  url: "http://192.0.2.7",
  release_pointers: fleet.release_pointers,
  repository_url: fleet.repository_url,
  repository_name: fleet.repository_name,
  log_groups: fleet.log_groups,
  alarm_names: fleet.alarm_names,
  machine: {
    group: "app-production-machine",
    address: "192.0.2.7",
    parameters: { settings: "/door/settings", traffic: "/door/traffic" },
    alarm_names: [],
  },
};

const initial: Traffic = {
  generation: 0,
  image: null,
  weights: { blue: 100, green: 0 },
  probe: null,
  pause: null,
  slots: { blue: { run: false, until: null }, green: { run: false, until: null } },
};

/** An account with one machine whose door follows after `lag` reads of its report; never with `lag: null`. */
function machine({ lag = 0, problem = "" }: { lag?: number | null; problem?: string } = {}) {
  const clock = fakeClock();
  const world = { traffic: initial, size: 0, reads: 0, muted: false };
  const send = async ({ constructor, input }: { constructor: { name: string }; input: never }) => {
    const { Value, MinSize } = input as { Value?: string; MinSize?: number };
    switch (constructor.name) {
      case "GetParameterCommand":
        return { Parameter: { Value: JSON.stringify(world.traffic) } };
      case "PutParameterCommand":
        world.traffic = JSON.parse(Value ?? "") as Traffic;
        world.reads = 0;
        return {};
      case "UpdateAutoScalingGroupCommand":
        world.size = MinSize ?? world.size;
        return {};
      case "DescribeAutoScalingGroupsCommand":
        return {
          AutoScalingGroups: [
            {
              AutoScalingGroupName: outputs.machine.group,
              AvailabilityZones: ["eu-west-1a"],
              Instances:
                world.size === 0
                  ? []
                  : [
                      {
                        InstanceId: "i-1",
                        AvailabilityZone: "eu-west-1a",
                        LifecycleState: "InService",
                      },
                    ],
            },
          ],
        };
      case "DisableAlarmActionsCommand":
      case "EnableAlarmActionsCommand":
        world.muted = constructor.name.startsWith("Disable");
        return {};
      default:
        throw new Error(constructor.name);
    }
  };
  const client = async () => ({ send });
  const aws = { ssm: client, autoScaling: client, cloudWatch: client } as unknown as AwsClients;
  const report = (): DoorReport => {
    world.reads += 1;
    const follows = lag !== null && world.reads > lag;
    const slot = (colour: "blue" | "green") => ({
      state: world.traffic.slots[colour].run ? "healthy" : "unused",
      reason: "",
      in_flight: 0,
    });
    return {
      schema_version: 1,
      instance: "i-1",
      zone: "eu-west-1a",
      at: "2026-01-01T00:00:00Z",
      generation: follows ? world.traffic.generation : world.traffic.generation - 1,
      problem,
      slots: { blue: slot("blue"), green: slot("green") },
      certificate: null,
    };
  };
  const store = {
    get: async (key: string) =>
      key === "agents/i-1-door.json" ? { value: report(), version: "1" } : undefined,
  } as never;
  return { world, clock, ...createMachineParts({ aws, store, clock }, outputs) };
}

test("each colour that runs is one instance, with its own id", async () => {
  const { door, fleet: colours } = machine();
  await colours.scale("blue", { min: 1, desired: 1 });
  expect(await colours.groups()).toMatchObject({
    blue: { desired: 1, max: 1, instances: [{ id: "i-1-blue", lifecycle: "InService" }] },
    green: { desired: 0, instances: [] },
  });
  expect(await door.health("blue")).toEqual([
    { instance: "i-1-blue", state: "healthy", reason: "" },
  ]);
});

test("the machine starts with the first container, and ends with the last one", async () => {
  const { fleet: colours, world } = machine();
  await colours.scale("blue", { min: 1, desired: 1 });
  expect(world.size).toBe(1);
  await colours.scale("green", { min: 1, desired: 1 });
  await colours.scale("blue", { min: 0, desired: 0 });
  expect(world.size).toBe(1);
  await colours.clear("green");
  expect(world.size).toBe(0);
});

test("a colour that is retired runs until then, and what is kept runs on", async () => {
  const { clock, fleet: colours } = machine();
  await colours.scale("blue", { min: 1, desired: 1 });
  await colours.scale("green", { min: 1, desired: 1 });
  await colours.retireIn("blue", 600);
  await clock.sleep(599_000);
  expect((await colours.groups()).blue?.desired).toBe(1);
  await clock.sleep(2000);
  expect((await colours.groups()).blue?.desired).toBe(0);
  await colours.keep("blue");
  expect((await colours.groups()).blue?.desired).toBe(0);
  await colours.retireIn("green", 600);
  await colours.keep("green");
  await clock.sleep(601_000);
  expect((await colours.groups()).green?.desired).toBe(1);
});

test("traffic has moved when the machine says so, not before", async () => {
  const { clock, door, fleet: colours, world } = machine({ lag: 3 });
  await colours.scale("blue", { min: 1, desired: 1 });
  const began = clock.now().getTime();
  await door.setWeights({ blue: 90, green: 10 });
  expect(clock.now().getTime() - began).toBe(750);
  expect(world.reads).toBe(4);
  expect(await door.weights()).toEqual({ blue: 90, green: 10 });
});

test("a machine that does not follow is an error with its own words", async () => {
  const { door, fleet: colours } = machine({ lag: null, problem: "Caddy refuses it: bad header" });
  await colours.scale("blue", { min: 1, desired: 1 });
  await expect(door.setWeights({ blue: 0, green: 100 })).rejects.toMatchObject({
    message: "The machine does not follow the change of its traffic.",
    why: "Caddy refuses it: bad header",
    where: "instance i-1",
  });
});

test("without a machine the change waits in the parameter", async () => {
  const { door, world } = machine({ lag: null });
  await door.setWeights({ blue: 0, green: 100 });
  expect(world.traffic.weights).toEqual({ blue: 0, green: 100 });
});

test("what changes nothing is not written", async () => {
  const { door, world } = machine();
  await door.setWeights(initial.weights);
  await door.closeProbe();
  expect(world.traffic.generation).toBe(0);
});

test("maintenance has its header, a way past it, and silent alarms", async () => {
  const { barrier, world } = machine();
  const answer = { contentType: "text/html", body: "<p>later</p>" };
  await barrier.close({ ...answer, retryAfterSeconds: 600, token: "secret" });
  expect(world.traffic.pause).toEqual({
    content_type: "text/html",
    body: "<p>later</p>",
    token: "secret",
    retry_after: 600,
  });
  expect(world.muted).toBe(true);
  expect(await barrier.answer()).toEqual(answer);
  await barrier.open();
  expect(world.traffic.pause).toBeNull();
  expect(world.muted).toBe(false);
  expect(await barrier.answer()).toBeUndefined();
});
