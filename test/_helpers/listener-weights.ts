import { ModifyListenerCommand } from "@aws-sdk/client-elastic-load-balancing-v2";
import type { AwsClients } from "../../src/aws/clients.ts";
import { listenerWeights } from "../../src/aws/load-balancer.ts";
import type { FleetOutputs } from "../../src/state/stack-record.ts";

interface Stack {
  readonly aws: Pick<AwsClients, "loadBalancing">;
  readonly outputs: Pick<FleetOutputs, "listener_arn" | "target_group_arns">;
}

interface Weights {
  readonly blue: number;
  readonly green: number;
}

/** Weights of the listener that the stack names now. */
export async function readWeights({ aws, outputs }: Stack): Promise<Weights> {
  const found = await listenerWeights(await aws.loadBalancing(), outputs.listener_arn);
  const { blue, green } = outputs.target_group_arns;
  return { blue: found.get(blue) ?? -1, green: found.get(green) ?? -1 };
}

/** Moves the traffic as a release does. */
export async function moveTraffic({ aws, outputs }: Stack, to: Weights): Promise<void> {
  const TargetGroups = (["blue", "green"] as const).map((colour) => ({
    TargetGroupArn: outputs.target_group_arns[colour],
    Weight: to[colour],
  }));
  const loadBalancing = await aws.loadBalancing();
  await loadBalancing.send(
    new ModifyListenerCommand({
      ListenerArn: outputs.listener_arn,
      DefaultActions: [{ Type: "forward", ForwardConfig: { TargetGroups } }],
    }),
  );
}
