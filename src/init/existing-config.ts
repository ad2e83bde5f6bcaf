import { loadConfig, type LoadedConfig } from "../config/load.ts";
import { CommandError } from "../errors/command-error.ts";

/** What the workflows take from a configuration that is there already, and what it lacks for them. */
export interface ExistingConfig {
  readonly loaded: LoadedConfig;
  readonly regions: Readonly<Record<WorkflowEnvironment, string>>;
  /** Environments without a role for their jobs. */
  readonly lacking: readonly WorkflowEnvironment[];
}

export type WorkflowEnvironment = (typeof workflowEnvironments)[number];
const workflowEnvironments = ["staging", "production"] as const;

/** Throws CommandError (64) when the file is no configuration. */
export async function readExistingConfig(cwd: string): Promise<ExistingConfig> {
  const found = new Map<WorkflowEnvironment, LoadedConfig>();
  for (const environment of workflowEnvironments) {
    const loaded = await load(cwd, environment);
    if (loaded !== undefined) found.set(environment, loaded);
  }
  const loaded =
    found.get("production") ??
    found.get("staging") ??
    (await loadConfig({ asked: {}, cwd, needsImage: false }));
  const regionOf = (environment: WorkflowEnvironment) =>
    (found.get(environment) ?? loaded).config.region;
  return {
    loaded,
    regions: { staging: regionOf("staging"), production: regionOf("production") },
    lacking: workflowEnvironments.filter((environment) => {
      const github = found.get(environment)?.config.github ?? null;
      return github === null || !github.environments.includes(environment);
    }),
  };
}

async function load(
  cwd: string,
  environment: WorkflowEnvironment,
): Promise<LoadedConfig | undefined> {
  const asked = { environment: { value: environment, origin: "init" } };
  try {
    return await loadConfig({ asked, cwd, needsImage: false });
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}
