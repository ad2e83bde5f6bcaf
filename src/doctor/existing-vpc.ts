import type { Config } from "../config/schema/config.ts";
import type { ExistingVpc } from "../config/schema/network.ts";
import { judgeVpc } from "../stack/existing-vpc.ts";
import type { VpcFacts } from "../stack/vpc-facts.ts";
import { failed, ok, type Finding } from "./finding.ts";

/** Whether the stack can use the existing VPC; nothing for a stack with its own. `isUp`: whether its load balancer is there. */
export async function checkExistingVpc(
  { network, region }: Pick<Config, "network" | "region">,
  isUp: boolean,
  look: (vpc: ExistingVpc) => Promise<VpcFacts>,
): Promise<readonly Finding[]> {
  const { vpc } = network;
  if (vpc === null) return [];
  const problems = judgeVpc({ region, network, vpc }, await look(vpc), !isUp);
  return problems.length === 0
    ? [
        ok(
          "existing VPC",
          `${vpc.id} and its subnets have the zones and the routes that the stack needs`,
        ),
      ]
    : problems.map(({ where, what, right }) =>
        failed("existing VPC", `${where}: ${what}`, `name ${right}`),
      );
}
