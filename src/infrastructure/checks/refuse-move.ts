import type { Config } from "../../config/schema/config.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import type { AppliedFacts } from "../../state/stack-record.ts";

interface Moved {
  readonly https?: Config["https"];
  readonly network: Pick<Config["network"], "internal" | "vpc">;
}

/** Throws CommandError (64) when the configuration would replace the load balancer of a stack that exists, and its address with it. */
export function refuseMove(
  { https = null, network: { internal, vpc } }: Moved,
  applied: Pick<AppliedFacts, "cloudfront" | "internal" | "vpc"> | undefined,
): void {
  if (applied === undefined) return;
  if (applied.vpc !== vpc?.id) {
    throw refusal(
      "A stack cannot move to another VPC.",
      vpc === null ? "no network.vpc" : `network.vpc.id: ${vpc.id}`,
      applied.vpc === undefined ? "remove network.vpc" : `set network.vpc.id to ${applied.vpc}`,
    );
  }
  if ((applied.cloudfront ?? false) !== (https === "cloudfront")) {
    throw refusal(
      "A stack's address cannot become CloudFront's, or cease to be.",
      https === null ? "no https" : `https: ${https}`,
      https === null ? "set https to cloudfront" : "remove https",
    );
  }
  if ((applied.internal ?? false) !== internal) {
    throw refusal(
      "A stack's address cannot become private or public.",
      `network.internal: ${internal}`,
      `set network.internal to ${!internal}`,
    );
  }
}

function refusal(message: string, where: string, next: string): CommandError {
  return new CommandError(message, {
    exitCode: exitCodes.usage,
    where: `${where} in infer-deploy.yml`,
    why: "AWS would replace the load balancer: nothing would answer meanwhile, and the address would be another one",
    next: `${next}, or use another environment`,
  });
}
