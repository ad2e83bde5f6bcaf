import { exportLines } from "../client/environment.ts";
import type { SandboxStatus } from "./status.ts";

/** What `sandbox status` prints for a person. */
export function statusText(status: SandboxStatus): string {
  const { state } = status;
  if (state === null && status.instances.length === 0) {
    return `Sandbox ${status.name} does not run. Start it with: infer-deploy sandbox start${nameFlag(status.name)}\n`;
  }
  const lines = [
    `Sandbox ${status.name} ${status.running ? "runs" : `is not whole; bring it back with: infer-deploy sandbox start${nameFlag(status.name)}`}`,
    ...status.parts.map(
      ({ part, answers }) => `  ${part.padEnd(11)}${answers ? "answers" : "is gone"}`,
    ),
    ...Object.entries(status.failing).map(([part, reason]) => `  ! ${part}: ${reason}`),
    ...(state === null ? [] : describe(state, status.folder)),
    "",
    status.instances.length === 0 ? "No instances" : "Instances",
    ...status.instances.map(
      ({ id, region, running, container }) =>
        `  ${id}  ${region}  ${running ? "running" : "ended"}  docker exec -it ${container} bash`,
    ),
    "",
    "Not modelled, and different on AWS:",
    ...notModelled.map((line) => `  - ${line}`),
  ];
  return `${lines.join("\n")}\n`;
}

/** In short; docs/reference/sandbox.md has the whole list with reasons. */
export const notModelled: readonly string[] = [
  "the boot of a real EC2 instance (20 to 40 s, then its user-data; here about 5 s with it) and of a load balancer (2 to 3 minutes)",
  "IAM: every call is allowed, whoever makes it",
  "quotas and throttling",
  "DNS propagation: load balancers are ports of this machine",
  "network rules: security groups, route tables and gateways are stored and do not act",
  "what is kept: the region lives in memory and is empty after `sandbox stop`",
];

function describe(state: NonNullable<SandboxStatus["state"]>, folder: string): string[] {
  return [
    "",
    `AWS endpoint     ${state.endpoint}`,
    `Registry         ${state.registry}`,
    `Load balancers   127.0.0.1, ports ${state.balancer.listenerPorts.join(" ")}`,
    `Network          ${state.network.name} (${state.network.subnet})`,
    `State and log    ${folder}`,
    "",
    "For the AWS CLI and other tools, in a shell:",
    ...exportLines(state, state.regions[0] ?? "us-east-1").map((line) => `  ${line}`),
  ];
}

function nameFlag(name: string): string {
  return name === "default" ? "" : ` --name ${name}`;
}
