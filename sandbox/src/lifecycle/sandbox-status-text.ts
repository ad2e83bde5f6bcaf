import { exportLines } from "../client/sandbox-environment.ts";
import { weatherText } from "../client/weather-text.ts";
import type { SandboxStatus } from "./sandbox-status.ts";

/** What `sandbox status` prints for people. */
export function sandboxStatusText(status: SandboxStatus): string {
  const { state } = status;
  if (state === null && status.instances.length === 0) {
    return `Sandbox ${status.name} is not running. Start it with: infer-deploy sandbox start${nameFlag(status.name)}\n`;
  }
  const lines = [
    `Sandbox ${status.name} is ${status.running ? "running" : `incomplete. Repair it with: infer-deploy sandbox start${nameFlag(status.name)}`}`,
    ...status.parts.map(
      ({ part, answers }) => `  ${part.padEnd(11)}${answers ? "answers" : "does not answer"}`,
    ),
    ...Object.entries(status.failing).map(([part, reason]) => `  ! ${part}: ${reason}`),
    ...(state === null ? [] : describe(state, status)),
    "",
    status.instances.length === 0 ? "No instances" : "Instances",
    ...status.instances.map(
      ({ id, region, running, container }) =>
        `  ${id}  ${region}  ${running ? "running" : "ended"}  docker exec -it ${container} bash`,
    ),
    "",
    "Not modelled here, and different on AWS:",
    ...status.not_modelled.map((line) => `  - ${line}`),
  ];
  return `${lines.join("\n")}\n`;
}

function describe(
  state: NonNullable<SandboxStatus["state"]>,
  { folder, weather }: SandboxStatus,
): string[] {
  return [
    "",
    `AWS endpoint     ${state.endpoint}`,
    `Registry         ${state.registry}`,
    `Load balancers   127.0.0.1, ports ${state.balancer.listenerPorts.join(" ")}`,
    `Network          ${state.network.name} (${state.network.subnet})`,
    `State and log    ${folder}`,
    ...(weather === null ? [] : [`Weather          ${weatherText(weather)}`]),
    "",
    "For the AWS CLI and other tools, in a shell:",
    ...exportLines(state, state.regions[0] ?? "us-east-1").map((line) => `  ${line}`),
  ];
}

function nameFlag(name: string): string {
  return name === "default" ? "" : ` --name ${name}`;
}
