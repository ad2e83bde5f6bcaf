import { serviceAddress } from "./addresses.ts";
import {
  networkName,
  registryVolume,
  sandboxLabel,
  type ServiceRole,
  serviceContainer,
} from "./sandbox-names.ts";
import type { SandboxState } from "../client/sandbox-state.ts";

/** The arguments of `docker run` for one of the region's three services. */
export function serviceArgv(state: SandboxState, folder: string, role: ServiceRole): string[] {
  return [
    "run",
    "--detach",
    ...["--name", serviceContainer(state.name, role)],
    ...["--label", `${sandboxLabel}=${state.name}`],
    ...["--hostname", role, "--network", networkName(state.name), "--network-alias", role],
    ...["--ip", serviceAddress(state.network.subnet, role)],
    // The engine's default log driver may be unreadable with `docker logs`, or may grow without limit.
    ...["--log-driver", "json-file", "--log-opt", "max-size=10m", "--log-opt", "max-file=2"],
    ...roleArgv[role](state, folder),
    state.images.region,
    role,
  ];
}

const roleArgv: Readonly<Record<ServiceRole, (state: SandboxState, folder: string) => string[]>> = {
  emulator: (state) => [
    ...publish(new URL(state.endpoint).port, 5000),
    ...["--env", `SANDBOX_NAME=${state.name}`],
    ...["--env", `SANDBOX_REGISTRY=${state.registry}`],
    ...["--env", "SANDBOX_REGISTRY_URL=http://registry:5000"],
    ...["--env", `SANDBOX_LISTENER_PORTS=${state.balancer.listenerPorts.join(",")}`],
    ...["--env", "MOTO_IAM_LOAD_MANAGED_POLICIES=true"],
  ],
  registry: (state, folder) => [
    ...publish(state.registry.split(":")[1] ?? "", 5000),
    ...[
      "--mount",
      `type=volume,source=${registryVolume(state.name)},target=/var/lib/docker-registry,volume-label=${sandboxLabel}=${state.name}`,
    ],
    ...["--volume", `${folder}/certs:/certs:ro,z`],
  ],
  balancer: (state, folder) => [
    ...publish(state.balancer.runtimePort, 9999),
    ...state.balancer.listenerPorts.flatMap((port) => publish(port, port)),
    ...["--volume", `${folder}/balancer:/etc/infer-deploy:ro,z`],
  ],
};

function publish(port: string | number, inside: number): string[] {
  return ["--publish", `127.0.0.1:${port}:${inside}`];
}
