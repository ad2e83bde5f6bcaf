import { expect, test } from "vitest";
import { sandboxStatusText } from "./sandbox-status-text.ts";
import type { SandboxStatus } from "./sandbox-status.ts";

const status: SandboxStatus = {
  name: "demo",
  running: true,
  folder: "/state/demo",
  state: {
    schema_version: 2,
    name: "demo",
    account: "123456789012",
    key: "sandbox0123",
    registryPassword: "fedc",
    endpoint: "http://127.0.0.1:20001",
    registry: "127.0.0.1:20002",
    balancer: { runtimePort: 20003, listenerPorts: [20010, 20011] },
    network: { name: "infer-deploy-demo", subnet: "10.213.0.0/24", gateway: "10.213.0.1" },
    images: { region: "r", instance: "i" },
    engine: "20.10",
    regions: ["eu-west-1"],
    controllerPid: 7,
  },
  parts: [
    { part: "emulator", answers: true },
    { part: "controller", answers: true },
  ],
  failing: {},
  instances: [
    { id: "i-1", region: "eu-west-1", running: true, container: "infer-deploy-demo-i-1" },
  ],
  weather: { "stale-tags": "5m", "slow-boot": true },
  not_modelled: ["quotas and throttling"],
};

test("a running sandbox: its addresses, how to point tools at it, and what it does not model", () => {
  const text = sandboxStatusText(status);
  expect(text).toContain("Sandbox demo is running\n");
  expect(text).toContain("ports 20010 20011\n");
  expect(text).toContain("  export AWS_REGION=eu-west-1\n");
  expect(text).toContain("docker exec -it infer-deploy-demo-i-1 bash\n");
  expect(text).toContain("Weather          stale-tags=5m,slow-boot\n");
  expect(text).toContain("  - quotas and throttling\n");
});

test("an incomplete sandbox: which part is missing, and how to repair it", () => {
  const parts = [{ part: "controller" as const, answers: false }];
  const text = sandboxStatusText({
    ...status,
    running: false,
    parts,
    failing: { alarms: "timed out" },
  });
  expect(text).toContain("is incomplete. Repair it with: infer-deploy sandbox start --name demo\n");
  expect(text).toContain("controller does not answer\n");
  expect(text).toContain("! alarms: timed out\n");
});

test("no sandbox", () => {
  const text = sandboxStatusText({
    ...status,
    name: "default",
    running: false,
    state: null,
    instances: [],
  });
  expect(text).toBe("Sandbox default is not running. Start it with: infer-deploy sandbox start\n");
});
