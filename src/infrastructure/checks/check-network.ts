import type { Config } from "../../config/schema/config.ts";
import type { ExistingVpc } from "../../config/schema/network.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { judgeVpc } from "../../stack/existing-vpc.ts";
import type { VpcFacts } from "../../stack/vpc-facts.ts";

/** Throws CommandError (64) with every reason why the stack could not use the existing VPC that the configuration names. */
export async function checkNetwork(
  { network, region }: Pick<Config, "network" | "region">,
  look: (vpc: ExistingVpc) => Promise<VpcFacts>,
  isNew: boolean,
): Promise<void> {
  const { vpc } = network;
  if (vpc === null) return;
  const problems = judgeVpc({ region, network, vpc }, await look(vpc), isNew);
  const [first, ...others] = problems;
  if (first === undefined) return;
  if (others.length === 0) {
    throw new CommandError(`The stack cannot use ${vpc.id}: ${first.what}.`, {
      exitCode: exitCodes.usage,
      where: `${first.where} in infer-deploy.yml`,
      next: `name ${first.right}`,
    });
  }
  throw new CommandError(`The stack cannot use ${vpc.id}, for ${problems.length} reasons.`, {
    exitCode: exitCodes.usage,
    where: "network.vpc in infer-deploy.yml",
    detail: problems.flatMap(({ where, what, right }) => [
      `${where}: ${what}`,
      `  right: ${right}`,
    ]),
    next: "correct infer-deploy.yml, or the VPC's routes; nothing was applied",
  });
}
