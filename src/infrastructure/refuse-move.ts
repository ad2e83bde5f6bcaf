import type { Config } from "../config/schema/config.ts";
import { CommandError, exitCodes } from "../errors/command-error.ts";
import type { AppliedFacts } from "../state/stack-record.ts";

/** Throws CommandError (64) when the configuration would replace the load balancer of a stack that exists, and its address with it. */
export function refuseMove(
  { internal }: Pick<Config["network"], "internal">,
  applied: Pick<AppliedFacts, "internal"> | undefined,
): void {
  if (applied === undefined || (applied.internal ?? false) === internal) return;
  throw new CommandError("A stack's address cannot become private or public.", {
    exitCode: exitCodes.usage,
    where: `network.internal: ${internal} in infer-deploy.yml`,
    why: "AWS would replace the load balancer: nothing would answer meanwhile, and the address would be another one",
    next: `set network.internal to ${!internal}, or use another environment`,
  });
}
