import { expect, test } from "vitest";
import type { SandboxContainer } from "../../containers/list-containers.ts";
import type { InstanceView } from "../observe/region-view.ts";
import { type InstancesSeen, planInstances } from "./plan-instances.ts";

const instance: InstanceView = {
  id: "i-1",
  region: "us-east-1",
  instanceType: "t3.small",
  state: "running",
  launched: 0,
};
const container: SandboxContainer = {
  name: "infer-deploy-x-i-1",
  running: true,
  instance: "i-1",
  region: "us-east-1",
  address: "10.0.0.10",
};
const empty: InstancesSeen = {
  regions: new Set(["us-east-1"]),
  instances: [],
  containers: [],
  phases: new Map(),
  busy: new Set(),
  subnet: "10.0.0.0/24",
  lastAddress: null,
};

test("an instance that has no container is launched, each at its own address", () => {
  const instances = [instance, { ...instance, id: "i-2", state: "pending" as const }];
  expect(plan({ instances })).toEqual([
    {
      type: "launch",
      id: "i-1",
      region: "us-east-1",
      address: "10.0.0.10",
      instanceType: "t3.small",
    },
    {
      type: "launch",
      id: "i-2",
      region: "us-east-1",
      address: "10.0.0.11",
      instanceType: "t3.small",
    },
  ]);
});

test("without a difference, or while an action is in progress, nothing changes", () => {
  expect(plan({ instances: [instance], containers: [container] })).toEqual([]);
  expect(plan({ instances: [instance], busy: new Set(["i-1"]) })).toEqual([]);
  expect(plan({ containers: [container], busy: new Set(["i-1"]) })).toEqual([]);
});

test("a terminated instance loses its container", () => {
  expect(plan({ containers: [container] })).toEqual([{ type: "remove", id: "i-1" }]);
});

test("a killed container is a failed machine: it is terminated, not restarted", () => {
  const givenUp = [{ type: "give-up", id: "i-1", region: "us-east-1" }];
  expect(plan({ instances: [instance], containers: [{ ...container, running: false }] })).toEqual(
    givenUp,
  );
  expect(plan({ instances: [instance], phases: new Map([["i-1", "launched"]]) })).toEqual(givenUp);
});

test("an instance that is stopped and started keeps its container", () => {
  const stopped = { ...instance, state: "stopped" as const };
  const halted = new Map([["i-1", "halted" as const]]);
  expect(plan({ instances: [stopped], containers: [container] })).toEqual([
    { type: "halt", id: "i-1" },
  ]);
  expect(
    plan({ instances: [stopped], containers: [{ ...container, running: false }], phases: halted }),
  ).toEqual([]);
  expect(
    plan({ instances: [instance], containers: [{ ...container, running: false }], phases: halted }),
  ).toEqual([{ type: "resume", id: "i-1" }]);
  expect(plan({ instances: [instance], phases: halted })).toEqual([
    { type: "give-up", id: "i-1", region: "us-east-1" },
  ]);
});

test("containers of a region that did not answer, and the sandbox's services, are left alone", () => {
  expect(plan({ containers: [{ ...container, region: "eu-west-1" }] })).toEqual([]);
  expect(
    plan({ containers: [{ ...container, instance: null, region: null, address: null }] }),
  ).toEqual([]);
});

test("nothing is launched into a full network", () => {
  const containers = Array.from({ length: 245 }, (_, index) => ({
    ...container,
    instance: `i-x${index}`,
    address: `10.0.0.${index + 10}`,
    region: "eu-west-1",
  }));
  expect(plan({ instances: [instance], containers })).toEqual([]);
});

function plan(seen: Partial<InstancesSeen>): unknown {
  return planInstances({ ...empty, ...seen });
}
