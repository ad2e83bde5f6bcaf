import type { Run } from "../../../src/process/programs/run.ts";
import { tryDocker } from "./docker.ts";
import { sandboxLabel } from "./sandbox-names.ts";

export interface SandboxContainer {
  readonly name: string;
  readonly running: boolean;
  /** The EC2 instance that it represents; null for the region's services. */
  readonly instance: string | null;
  readonly region: string | null;
  readonly address: string | null;
}

export const instanceLabel = "infer-deploy.instance";
export const regionLabel = "infer-deploy.region";
export const addressLabel = "infer-deploy.address";

/** Every container of a sandbox, running or not. Throws when Docker does not answer, because an empty list would be wrong. */
export async function listContainers(run: Run, sandbox: string): Promise<SandboxContainer[]> {
  const format = [
    "{{.Names}}",
    "{{.State}}",
    ...[instanceLabel, regionLabel, addressLabel].map((label) => `{{.Label "${label}"}}`),
  ].join("\t");
  const args = [
    "ps",
    "--all",
    "--no-trunc",
    "--filter",
    `label=${sandboxLabel}=${sandbox}`,
    "--format",
    format,
  ];
  const result = await tryDocker(run, args, { writes: false });
  if (result.exitCode !== 0) throw new Error(`docker ps: ${result.stderr.trim()}`);
  return result.stdout.split("\n").filter(Boolean).map(parseLine);
}

function parseLine(line: string): SandboxContainer {
  const [name = "", state = "", instance, region, address] = line.split("\t");
  return {
    name,
    running: runningStates.has(state),
    instance: instance || null,
    region: region || null,
    address: address || null,
  };
}

const runningStates = new Set(["running", "restarting", "paused"]);
