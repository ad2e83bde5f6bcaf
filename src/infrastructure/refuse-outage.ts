import type { Config } from "../config/schema/config.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import { askAddress } from "../release/observe/address.ts";
import type { ReleaseRecord } from "../state/release-record.ts";

/**
 * Throws CommandError (64) when applying the configuration would take the health of the release that serves: both colours' target groups
 * are changed at once, so every instance would become unhealthy and be replaced for ever.
 * Another health path is fine as soon as the address answers on it, which only a running release can show.
 */
export async function refuseOutage(
  fetcher: typeof fetch,
  config: Pick<Config, "image" | "health">,
  url: string,
  serving: Pick<ReleaseRecord, "version" | "container">,
): Promise<void> {
  const { port, health } = serving.container;
  if (config.image.port !== port) {
    throw new CommandError("The port of a stack cannot change.", {
      exitCode: exitCodes.usage,
      where: `image.port: ${config.image.port} in infer-deploy.yml`,
      why: `version ${serving.version} serves on port ${port}, and a load balancer's target groups keep theirs for life`,
      next: `set image.port back to ${port}, or bring the other port up as another environment`,
    });
  }
  if (config.health.path === health.path) {
    return;
  }
  const answer = await askAddress(fetcher, {
    url,
    healthPath: config.health.path,
    version: null,
  });
  if (!answer.answered) {
    throw new CommandError(
      `Version ${serving.version} serves and is not healthy on ${config.health.path}.`,
      {
        exitCode: exitCodes.usage,
        where: `health.path: ${config.health.path} in infer-deploy.yml`,
        why: `${answer.detail} at ${url}; with this path every instance would be replaced for ever`,
        next: `set health.path back to ${health.path}, release a version that answers on both paths, then change it and run infer-deploy up`,
      },
    );
  }
}
