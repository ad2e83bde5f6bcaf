import { expect, test } from "vitest";
import { instanceLines, type InstanceStatus } from "./lists.ts";

const instance: InstanceStatus = {
  id: "i-1",
  zone: "eu-west-1a",
  colour: "blue",
  version: "v7",
  state: "healthy",
  target_health: "healthy",
  reason: "",
  gpus: null,
};
const device = {
  index: 0,
  name: "NVIDIA L4",
  memory_used_mb: 20_480,
  memory_total_mb: 23_034,
  utilisation_percent: 87,
};

test("an instance's GPUs are below it, with memory, use, and the errors that lost none", () => {
  const quiet = { ...device, index: 1, memory_used_mb: null, utilisation_percent: null };
  const gpus = { devices: [device, quiet], xids: [31] };
  expect(instanceLines({ instances: [{ ...instance, gpus }] })).toEqual([
    "    i-1  eu-west-1a  blue  v7  healthy  target healthy",
    "      gpu 0  NVIDIA L4  20480 of 23034 MB  87 % busy",
    "      gpu 1  NVIDIA L4",
    "      gpu errors (Xid) of the app or passing: 31",
  ]);
});

test("an instance without GPUs is one line", () => {
  expect(instanceLines({ instances: [instance] })).toHaveLength(1);
});
