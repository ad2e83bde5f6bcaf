import { serviceAddress } from "./addresses.ts";
import {
  networkName,
  registryVolume,
  sandboxLabel,
  type ServiceRole,
  serviceContainer,
} from "./sandbox-names.ts";
import type { SandboxState } from "../client/sandbox-state.ts";

/** The arguments of `docker run` for one of the region's three services. `serviceSecrets` must be in docker's environment. */
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

/** Docker's environment for `serviceArgv`. Other users of this machine see a program's arguments, but not its environment. */
export function serviceSecrets(state: SandboxState): Readonly<Record<string, string>> {
  return { SANDBOX_KEY: state.key, SANDBOX_REGISTRY_PASSWORD: state.registryPassword };
}

const roleArgv: Readonly<Record<ServiceRole, (state: SandboxState, folder: string) => string[]>> = {
  emulator: (state) => [
    ...publish(new URL(state.endpoint).port, 5000),
    ...["--env", "SANDBOX_KEY", "--env", "SANDBOX_REGISTRY_PASSWORD"],
    ...["--env", `SANDBOX_NAME=${state.name}`],
    ...["--env", `SANDBOX_REGISTRY=${state.registry}`],
    ...["--env", "SANDBOX_REGISTRY_URL=http://registry:5000"],
    ...["--env", `SANDBOX_LISTENER_PORTS=${state.balancer.listenerPorts.join(",")}`],
    ...["--env", "MOTO_IAM_LOAD_MANAGED_POLICIES=true"],
  ],
  registry: (state, folder) => [
    ...publish(state.registry.split(":")[1] ?? "", 5000),
    ...["--env", "SANDBOX_REGISTRY_PASSWORD"],
    ...[
      "--mount",
      `type=volume,source=${registryVolume(state.name)},target=/var/lib/docker-registry,volume-label=${sandboxLabel}=${state.name}`,
    ],
    ...["--volume", `${folder}/certs:/certs:ro,z`],
  ],
  balancer: (state, folder) => [
    ...["--env", "SANDBOX_KEY"],
    ...publish(state.balancer.runtimePort, 9999),
    ...state.balancer.listenerPorts.flatMap((port) => publish(port, port)),
    ...["--volume", `${folder}/balancer:/etc/infer-deploy:ro,z`],
  ],
};

function publish(port: string | number, inside: number): string[] {
  return ["--publish", `127.0.0.1:${port}:${inside}`];
}
