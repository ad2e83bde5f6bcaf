import { AutoScalingClient } from "@aws-sdk/client-auto-scaling";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { EC2Client } from "@aws-sdk/client-ec2";
import { ElasticLoadBalancingV2Client } from "@aws-sdk/client-elastic-load-balancing-v2";
import { controllerCredentials } from "../../client/sandbox-key.ts";
import type { SandboxState } from "../../client/sandbox-state.ts";

/** The emulator in one AWS region. */
export interface RegionClients {
  readonly region: string;
  readonly ec2: EC2Client;
  readonly scaling: AutoScalingClient;
  readonly balancing: ElasticLoadBalancingV2Client;
  readonly watch: CloudWatchClient;
}

/** Clients for a region, created at its first use: most sandboxes use one region. */
export function openRegions(
  state: Pick<SandboxState, "endpoint" | "key">,
): (region: string) => RegionClients {
  const open = new Map<string, RegionClients>();
  return (region) => {
    const found = open.get(region);
    if (found !== undefined) return found;
    // One attempt: the next cycle is the retry, and a hanging call would delay all others.
    const options = {
      region,
      endpoint: state.endpoint,
      credentials: controllerCredentials(state),
      maxAttempts: 1,
      requestHandler: { requestTimeout: 10_000, connectionTimeout: 2000 },
    };
    const clients: RegionClients = {
      region,
      ec2: new EC2Client(options),
      scaling: new AutoScalingClient(options),
      balancing: new ElasticLoadBalancingV2Client(options),
      watch: new CloudWatchClient(options),
    };
    open.set(region, clients);
    return clients;
  };
}
