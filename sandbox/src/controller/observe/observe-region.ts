import {
  type AutoScalingGroup,
  paginateDescribeAutoScalingGroups,
} from "@aws-sdk/client-auto-scaling";
import { type Instance, paginateDescribeInstances } from "@aws-sdk/client-ec2";
import type { RegionClients } from "./region-clients.ts";
import type { LoadBalancing } from "./observe-load-balancing.ts";
import type { InstanceView, RegionView, ScalingGroupView } from "./region-view.ts";

/** Reads a region completely, or throws, because missing resources would look deleted. */
export async function observeRegion(
  clients: RegionClients,
  balancing: () => Promise<LoadBalancing>,
): Promise<RegionView> {
  const [instances, balancers] = await Promise.all([readInstances(clients), balancing()]);
  return { region: clients.region, instances, ...balancers };
}

async function readInstances({ ec2, region }: RegionClients): Promise<InstanceView[]> {
  const found: InstanceView[] = [];
  const Filters = [{ Name: "instance-state-name", Values: [...liveStates] }];
  for await (const page of paginateDescribeInstances({ client: ec2 }, { Filters })) {
    found.push(
      ...(page.Reservations ?? []).flatMap((reservation) =>
        (reservation.Instances ?? []).flatMap((one) => readInstance(one, region)),
      ),
    );
  }
  return found;
}

function readInstance(instance: Instance, region: string): InstanceView[] {
  const state = liveStates.find((known) => known === instance.State?.Name);
  if (instance.InstanceId === undefined || state === undefined) return [];
  const { InstanceId: id, InstanceType: instanceType = "", LaunchTime: launch } = instance;
  return [{ id, region, instanceType, state, launched: launch?.getTime() ?? 0 }];
}

/** The Auto Scaling groups of a region; read less often than the rest. */
export async function readGroups({ scaling, region }: RegionClients): Promise<ScalingGroupView[]> {
  const found: ScalingGroupView[] = [];
  for await (const page of paginateDescribeAutoScalingGroups({ client: scaling }, {})) {
    found.push(...(page.AutoScalingGroups ?? []).map((group) => readGroup(group, region)));
  }
  return found;
}

function readGroup(group: AutoScalingGroup, region: string): ScalingGroupView {
  const members = (group.Instances ?? []).filter(
    (one) => one.LifecycleState === "InService" && one.HealthStatus !== "Unhealthy",
  );
  return {
    name: group.AutoScalingGroupName ?? "",
    region,
    checksLoadBalancer: group.HealthCheckType?.includes("ELB") ?? false,
    targetGroupArns: group.TargetGroupARNs ?? [],
    healthyMembers: members.flatMap((one) => one.InstanceId ?? []),
    min: group.MinSize ?? 0,
    max: group.MaxSize ?? 0,
    desired: group.DesiredCapacity ?? 0,
    warmup: group.DefaultInstanceWarmup ?? group.DefaultCooldown ?? 300,
    suspended: new Set((group.SuspendedProcesses ?? []).flatMap((one) => one.ProcessName ?? [])),
  };
}

const liveStates = ["pending", "running", "stopping", "stopped"] as const;
