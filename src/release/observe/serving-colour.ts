import type { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { listenerWeights } from "../../aws/load-balancer.ts";

import type { AppliedFacts } from "../../state/stack-record.ts";
import { servingColour } from "../../views/status-document.ts";
import type { Colour } from "../../stack/colour.ts";

/** The colour that has more of the traffic; undefined when the listener is gone, as in a stack that was destroyed half-way. */
export async function readServingColour(
  loadBalancing: Pick<ElasticLoadBalancingV2Client, "send">,
  { outputs }: Pick<AppliedFacts, "outputs">,
): Promise<Colour | undefined> {
  try {
    const weights = await listenerWeights(loadBalancing, outputs.listener_arn);
    const weight = (colour: Colour): number => weights.get(outputs.target_group_arns[colour]) ?? 0;
    return servingColour({ blue: weight("blue"), green: weight("green") });
  } catch (error) {
    if (error instanceof Error && gone.has(error.name)) {
      return undefined;
    }
    throw error;
  }
}

const gone = new Set(["ListenerNotFound", "ListenerNotFoundException"]);
