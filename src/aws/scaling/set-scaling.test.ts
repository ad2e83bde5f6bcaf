import { expect, test } from "vitest";
import { setScaling } from "./set-scaling.ts";

/** Auto Scaling that remembers which processes are suspended. */
function groups() {
  const suspended: Record<string, Set<string>> = {
    blue: new Set(["AZRebalance"]),
    green: new Set(["AlarmNotification", "ScheduledActions"]),
  };
  const send = async (command: {
    readonly constructor: { readonly name: string };
    readonly input: { readonly AutoScalingGroupName: string; readonly ScalingProcesses: string[] };
  }) => {
    const { AutoScalingGroupName: group, ScalingProcesses: processes } = command.input;
    for (const one of processes) {
      if (command.constructor.name === "SuspendProcessesCommand") suspended[group]?.add(one);
      else suspended[group]?.delete(one);
    }
    return {};
  };
  return { suspended, client: { send } as never };
}

test("the serving group's policies and schedules act; the idle one can only be cleaned up", async () => {
  const { suspended, client } = groups();
  await setScaling(client, { serving: "green", idle: "blue" }, true);
  expect(suspended).toEqual({
    blue: new Set(["AZRebalance", "AlarmNotification"]),
    green: new Set(),
  });
});

test("while a release runs both rest, and the idle one can still be cleaned up", async () => {
  const { suspended, client } = groups();
  await setScaling(client, { serving: "blue", idle: "green" }, false);
  expect(suspended).toEqual({
    blue: new Set(["AZRebalance", "AlarmNotification", "ScheduledActions"]),
    green: new Set(["AlarmNotification"]),
  });
});
