import { expect, test } from "vitest";
import type { SandboxState } from "../../client/sandbox-state.ts";
import { instanceArgv } from "./instance-argv.ts";

const state: SandboxState = {
  schema_version: 2,
  name: "demo",
  account: "123456789012",
  key: "sandbox0123",
  registryPassword: "fedc",
  endpoint: "http://127.0.0.1:20001",
  registry: "127.0.0.1:20002",
  balancer: { runtimePort: 20003, listenerPorts: [20010] },
  network: { name: "infer-deploy-demo", subnet: "10.213.0.0/24", gateway: "10.213.0.1" },
  images: { region: "infer-deploy-region:abc", instance: "infer-deploy-instance:def" },
  engine: "20.10",
  regions: ["us-east-1"],
  controllerPid: null,
};

const launch = { id: "i-1", region: "eu-west-1", address: "10.213.0.12", instanceType: "t3.small" };

test("the container of an instance", () => {
  expect(instanceArgv(state, "/state", launch, 0).join(" ")).toBe(
    "run --detach --name infer-deploy-demo-i-1 --hostname i-1 --label infer-deploy.sandbox=demo --label infer-deploy.instance=i-1" +
      " --label infer-deploy.region=eu-west-1 --label infer-deploy.address=10.213.0.12 --network infer-deploy-demo --ip 10.213.0.12" +
      " --add-host 123456789012.dkr.ecr.eu-west-1.amazonaws.com:10.213.0.3 --add-host acme-v02.api.letsencrypt.org:10.213.0.4" +
      " --add-host acme-staging-v02.api.letsencrypt.org:10.213.0.4 --add-host acme.zerossl.com:10.213.0.2" +
      " --add-host api.zerossl.com:10.213.0.2 --cap-add ALL --cap-drop SYS_RESOURCE" +
      " --security-opt seccomp=unconfined --security-opt apparmor=unconfined --cgroupns private --stop-signal SIGRTMIN+3" +
      " --tmpfs /run --tmpfs /run/lock --mount type=volume,target=/var/lib/docker,volume-label=infer-deploy.sandbox=demo" +
      " --volume /state/instances/i-1/seed:/var/lib/cloud/seed/nocloud:ro,z" +
      " --volume /state/certs/ca.crt:/etc/docker/certs.d/123456789012.dkr.ecr.eu-west-1.amazonaws.com/ca.crt:ro,z" +
      " --volume /state/certs/ca.crt:/usr/local/share/ca-certificates/sandbox.crt:ro,z" +
      " --env AWS_ENDPOINT_URL=http://emulator:5000 --log-driver json-file --log-opt max-size=5m --log-opt max-file=1 infer-deploy-instance:def",
  );
});

test("a type with GPUs has stand-ins for as many, which its containers may be given", () => {
  const argv = instanceArgv(state, "/state", { ...launch, instanceType: "g5.12xlarge" }, 0);
  expect(argv.join(" ")).toContain(
    "--device-cgroup-rule c 195:* rwm --env SANDBOX_GPUS=4 --env SANDBOX_GPU=NVIDIA A10G, 23028",
  );
});

test("an instance that boots slowly sleeps before its init, and ends while it sleeps", () => {
  const argv = instanceArgv(state, "/state", launch, 90);
  expect(argv.slice(-5)).toEqual([
    "--entrypoint",
    "/bin/sh",
    "infer-deploy-instance:def",
    "-c",
    "trap 'exit 0' 37; sleep 90 & wait; trap - 37; exec /sbin/sandbox-init",
  ]);
});
