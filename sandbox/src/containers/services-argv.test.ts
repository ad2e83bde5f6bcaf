import { expect, test } from "vitest";
import { serviceArgv, serviceSecrets } from "./services-argv.ts";
import type { SandboxState } from "../client/sandbox-state.ts";

const state: SandboxState = {
  schema_version: 2,
  name: "demo",
  account: "123456789012",
  key: "sandbox0123",
  registryPassword: "fedc",
  endpoint: "http://127.0.0.1:20001",
  registry: "127.0.0.1:20002",
  balancer: { runtimePort: 20003, listenerPorts: [20010, 20011] },
  network: { name: "infer-deploy-demo", subnet: "10.213.0.0/24", gateway: "10.213.0.1" },
  images: { region: "infer-deploy-region:abc", instance: "infer-deploy-instance:def" },
  engine: "20.10",
  regions: ["us-east-1"],
  controllerPid: null,
};

test("the emulator", () => {
  expect(serviceArgv(state, "/state", "emulator").join(" ")).toBe(
    "run --detach --name infer-deploy-demo-emulator --label infer-deploy.sandbox=demo --hostname emulator --network infer-deploy-demo --network-alias emulator" +
      " --ip 10.213.0.2 --log-driver json-file --log-opt max-size=10m --log-opt max-file=2 --publish 127.0.0.1:20001:5000 --env SANDBOX_KEY --env SANDBOX_REGISTRY_PASSWORD --env SANDBOX_NAME=demo" +
      " --env SANDBOX_REGISTRY=127.0.0.1:20002 --env SANDBOX_REGISTRY_URL=http://registry:5000 --env SANDBOX_LISTENER_PORTS=20010,20011" +
      " --env MOTO_IAM_LOAD_MANAGED_POLICIES=true infer-deploy-region:abc emulator",
  );
});

test.each(["emulator", "registry", "balancer"] as const)(
  "the %s gets its secrets by docker's environment, as everyone sees its arguments",
  (role) => {
    const argv = serviceArgv(state, "/state", role);
    const secrets = Object.entries(serviceSecrets(state));
    for (const [, value] of secrets) expect(argv.join(" ")).not.toContain(value);
    expect(secrets.some(([name]) => argv.includes(name))).toBe(true);
  },
);

test("the registry keeps its storage in a volume that `stop` finds", () => {
  const argv = serviceArgv(state, "/state", "registry");
  expect(argv).toContain(
    "type=volume,source=infer-deploy-demo-registry,target=/var/lib/docker-registry,volume-label=infer-deploy.sandbox=demo",
  );
  expect(argv).toContain("/state/certs:/certs:ro,z");
});

test.each(["emulator", "registry", "balancer"] as const)(
  "the %s publishes on loopback only",
  (role) => {
    const argv = serviceArgv(state, "/state", role);
    const published = argv.filter((_, index) => argv[index - 1] === "--publish");
    expect(published.length).toBeGreaterThan(0);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  },
);

test("the balancer has its runtime API and every listener port", () => {
  const argv = serviceArgv(state, "/state", "balancer");
  expect(argv.filter((_, index) => argv[index - 1] === "--publish")).toEqual([
    "127.0.0.1:20003:9999",
    "127.0.0.1:20010:20010",
    "127.0.0.1:20011:20011",
  ]);
});
