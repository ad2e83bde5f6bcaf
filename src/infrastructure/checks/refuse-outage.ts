import type { Config } from "../../config/schema/config.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { askAddress } from "../../release/observe/address.ts";
import type { AppliedFacts } from "../../state/stack-record.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";

/**
 * Throws CommandError (64) when the configuration would make the serving release unhealthy. Terraform changes both colours' target
 * groups at once, so every instance would become unhealthy and be replaced, forever.
 * Another health path is fine as soon as the address answers on it.
 */
export async function refuseOutage(
  fetcher: typeof fetch,
  config: Pick<Config, "image" | "health" | "requests">,
  {
    login,
    outputs: { url },
  }: Pick<AppliedFacts, "login"> & { readonly outputs: { readonly url: string } },
  serving: Pick<ReleaseRecord, "version" | "container">,
): Promise<void> {
  const { port, health } = serving.container;
  if (config.image.port !== port) {
    throw new CommandError("The port of a stack cannot change.", {
      exitCode: exitCodes.usage,
      where: `image.port: ${config.image.port} in infer-deploy.yml`,
      why: `version ${serving.version} serves on port ${port}, and AWS cannot change the port of a target group`,
      next: `set image.port back to ${port}, or use another environment for the new port`,
    });
  }
  const { protocol } = config.requests;
  const spoken = health.protocol ?? "http1";
  if (protocol !== spoken) {
    throw new CommandError("The protocol of a stack cannot change.", {
      exitCode: exitCodes.usage,
      where: `requests.protocol: ${protocol} in infer-deploy.yml`,
      why: `version ${serving.version} speaks ${spoken}, and AWS cannot change the protocol version of a target group`,
      next: `set requests.protocol back to ${spoken}, or use another environment for ${protocol} and give it the domain when it serves`,
    });
  }
  if (config.health.path === health.path) {
    return;
  }
  if (login !== undefined) {
    throw new CommandError("A health path cannot change while the address asks for a login.", {
      exitCode: exitCodes.usage,
      where: `health.path: ${config.health.path} in infer-deploy.yml`,
      why: `the login answers in place of version ${serving.version}, so nothing shows that it is healthy on that path; if it is not, every instance would be replaced again and again`,
      next: `set health.path back to ${health.path}; or set auth: none with network.allow for your own addresses and run infer-deploy up, then change the path, then set auth: oidc again`,
    });
  }
  const answer = await askAddress(fetcher, {
    url,
    healthPath: config.health.path,
    version: null,
    protocol,
    ...(config.health.codes === null ? {} : { healthCodes: config.health.codes }),
  });
  if (!answer.answered) {
    throw new CommandError(
      `The serving version ${serving.version} is not healthy on ${config.health.path}.`,
      {
        exitCode: exitCodes.usage,
        where: `health.path: ${config.health.path} in infer-deploy.yml`,
        why: `${answer.detail} at ${url}; with this path every instance would be replaced again and again`,
        next: `set health.path back to ${health.path}, release a version that answers on both paths, then change health.path and run infer-deploy up`,
      },
    );
  }
}
