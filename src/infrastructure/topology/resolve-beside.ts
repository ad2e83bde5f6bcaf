import type { Config, Topology } from "../../config/schema/config.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import type { StackRecord } from "../../state/stack-record.ts";
import { resolveDesired, type Desired, type DesiredSources } from "../desired.ts";

/** The stack with the parts of both topologies. `serves`: where its names lead. Throws as besideConfig and resolveDesired. */
export async function resolveBeside(
  sources: DesiredSources,
  applied: StackRecord,
  options: Parameters<typeof resolveDesired>[2],
  serves: Topology,
): Promise<Desired> {
  const config = besideConfig(sources.config, applied);
  return resolveDesired({ ...sources, config }, applied, { ...options, beside: { serves } });
}

/**
 * The settings while a stack has the parts of both topologies: the configuration's. Only a fleet that is left keeps what its instances need,
 * which is their way to the internet and their number.
 * Throws CommandError (64) when stack.json does not have that.
 */
export function besideConfig(
  config: Config,
  { egress, max }: Pick<StackRecord, "egress" | "max">,
): Config {
  if (config.topology === "fleet") return config;
  if (egress === undefined || max === undefined) {
    throw new CommandError("It is not known what the stack's instances need.", {
      exitCode: exitCodes.usage,
      where: "stack.json",
      why: "the last up was by a version that did not write it down",
      next: "set topology back to fleet and run infer-deploy up --refresh, then set it to single again",
    });
  }
  return {
    ...config,
    network: { ...config.network, egress },
    instances: { ...config.instances, max },
  };
}
