import { gpuCountOf } from "../../../../src/config/fields/gpu-types.ts";
import { serviceAddress } from "../../containers/addresses.ts";
import {
  absentHosts,
  authorityHosts,
  instanceContainer,
  networkName,
  registryHost,
  sandboxLabel,
} from "../../containers/sandbox-names.ts";
import { addressLabel, instanceLabel, regionLabel } from "../../containers/list-containers.ts";
import type { SandboxState } from "../../client/sandbox-state.ts";

export interface Launch {
  readonly id: string;
  readonly region: string;
  readonly address: string;
  /** EC2's instance type. */
  readonly instanceType: string;
}

/** The arguments of `docker run` for the container of an EC2 instance; sandbox/instance/README.md gives the reason for each. */
export function instanceArgv(
  state: SandboxState,
  folder: string,
  launch: Launch,
  bootSeconds: number,
): string[] {
  const { name } = state;
  const registry = registryHost(state.account, launch.region);
  return [
    "run",
    "--detach",
    ...["--name", instanceContainer(name, launch.id), "--hostname", launch.id],
    ...["--label", `${sandboxLabel}=${name}`],
    ...["--label", `${instanceLabel}=${launch.id}`],
    ...["--label", `${regionLabel}=${launch.region}`],
    ...["--label", `${addressLabel}=${launch.address}`],
    ...["--network", networkName(name), "--ip", launch.address],
    ...["--add-host", `${registry}:${serviceAddress(state.network.subnet, "registry")}`],
    ...hosts(authorityHosts, serviceAddress(state.network.subnet, "balancer")),
    // Nothing listens on 443 there.
    ...hosts(absentHosts, serviceAddress(state.network.subnet, "emulator")),
    // systemd and the inner Docker engine need all this; --privileged fails where the machine itself lacks a capability.
    ...["--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE"],
    ...["--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"],
    ...["--cgroupns", "private", "--stop-signal", "SIGRTMIN+3"],
    ...["--tmpfs", "/run", "--tmpfs", "/run/lock"],
    // An overlay file system cannot be stacked on the container's own overlay. `sandbox stop` finds a leftover volume by its label.
    ...["--mount", `type=volume,target=/var/lib/docker,volume-label=${sandboxLabel}=${name}`],
    ...["--volume", `${seedFolder(folder, launch.id)}:/var/lib/cloud/seed/nocloud:ro,z`],
    ...["--volume", `${folder}/certs/ca.crt:/etc/docker/certs.d/${registry}/ca.crt:ro,z`],
    ...["--volume", `${folder}/certs/ca.crt:${trustedCertificate}:ro,z`],
    ...["--env", "AWS_ENDPOINT_URL=http://emulator:5000"],
    ...gpuArgv(launch.instanceType),
    ...["--log-driver", "json-file", "--log-opt", "max-size=5m", "--log-opt", "max-file=1"],
    ...(bootSeconds === 0 ? [] : ["--entrypoint", "/bin/sh"]),
    state.images.instance,
    ...(bootSeconds === 0 ? [] : ["-c", slowBoot(bootSeconds)]),
  ];
}

/** Stand-ins for the GPUs of the type: the image's init makes device nodes of NVIDIA's major number, behind which there is no driver. */
function gpuArgv(instanceType: string): string[] {
  const count = gpuCountOf(instanceType);
  if (count === null) return [];
  const [model, megabytes] = models[instanceType.split(".")[0] ?? ""] ?? ["NVIDIA GPU", 24_576];
  return [
    ...["--device-cgroup-rule", "c 195:* rwm"],
    ...["--env", `SANDBOX_GPUS=${count}`, "--env", `SANDBOX_GPU=${model}, ${megabytes}`],
  ];
}

/** By family: what nvidia-smi calls the GPU, and its MiB of memory. */
const models: Readonly<Record<string, readonly [string, number]>> = {
  g4dn: ["Tesla T4", 15_360],
  g5: ["NVIDIA A10G", 23_028],
  g5g: ["NVIDIA T4G", 15_360],
  g6: ["NVIDIA L4", 23_034],
  gr6: ["NVIDIA L4", 23_034],
  g6e: ["NVIDIA L40S", 46_068],
  p4d: ["NVIDIA A100-SXM4-40GB", 40_960],
  p4de: ["NVIDIA A100-SXM4-80GB", 81_920],
  p5: ["NVIDIA H100 80GB HBM3", 81_559],
  p5e: ["NVIDIA H200", 143_771],
  p5en: ["NVIDIA H200", 143_771],
  "p6-b200": ["NVIDIA B200", 183_359],
};

function hosts(names: readonly string[], address: string): string[] {
  return names.flatMap((name) => ["--add-host", `${name}:${address}`]);
}

/** Where the image's init finds an authority that the machine must trust. */
const trustedCertificate = "/usr/local/share/ca-certificates/sandbox.crt";

/** Sleeps before the image's init, and ends when the container is stopped meanwhile: 37 is SIGRTMIN+3. */
function slowBoot(seconds: number): string {
  return `trap 'exit 0' 37; sleep ${seconds} & wait; trap - 37; exec /sbin/sandbox-init`;
}

/** cloud-init's NoCloud files of one instance. */
export function seedFolder(folder: string, id: string): string {
  return `${instanceFolder(folder, id)}/seed`;
}

export function instanceFolder(folder: string, id: string): string {
  return `${folder}/instances/${id}`;
}
