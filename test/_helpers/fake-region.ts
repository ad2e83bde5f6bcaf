import {
  DescribeAutoScalingGroupsCommand,
  TerminateInstanceInAutoScalingGroupCommand,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import {
  DescribeListenersCommand,
  DescribeTargetHealthCommand,
} from "@aws-sdk/client-elastic-load-balancing-v2";
import { GetParameterCommand } from "@aws-sdk/client-ssm";
import type { AwsClients } from "../../src/aws/clients.ts";
import { stackRecord } from "./rollout-values.ts";

interface Group {
  min: number;
  desired: number;
  max: number;
}

/**
 * As much of a region as `up` asks about the stack of `stackRecord()`, with its state in plain view.
 * It knows the commands below and refuses every other; a listener of null is one that was deleted.
 */
export interface FakeRegion {
  weights: { blue: number; green: number } | null;
  readonly groups: Readonly<Record<"blue" | "green", Group>>;
  /** Instances of the blue group, oldest first, and whether the load balancer finds them healthy. */
  instances: { id: string; healthy: boolean }[];
  /** SSM parameter -> AMI id. */
  readonly images: Record<string, string>;
  readonly aws: AwsClients;
}

export function fakeRegion(): FakeRegion {
  const { outputs } = stackRecord();
  const colours = ["blue", "green"] as const;
  const region: FakeRegion = {
    weights: { blue: 100, green: 0 },
    groups: { blue: { min: 1, desired: 1, max: 4 }, green: { min: 0, desired: 0, max: 4 } },
    instances: [],
    images: {},
    aws: new Proxy({} as AwsClients, {
      get: () => async () => ({ send: async (command: unknown) => answer(command) }),
    }),
  };
  const answer = (command: unknown): unknown => {
    if (command instanceof DescribeListenersCommand) {
      const { weights } = region;
      if (weights === null) {
        throw Object.assign(new Error("no such listener"), { name: "ListenerNotFoundException" });
      }
      const TargetGroups = colours.map((colour) => ({
        TargetGroupArn: outputs.target_group_arns[colour],
        Weight: weights[colour],
      }));
      return {
        Listeners: [{ DefaultActions: [{ Type: "forward", ForwardConfig: { TargetGroups } }] }],
      };
    }
    if (command instanceof DescribeAutoScalingGroupsCommand) {
      const names = command.input.AutoScalingGroupNames ?? [];
      return {
        AutoScalingGroups: colours
          .filter((colour) => names.includes(outputs.autoscaling_group_names[colour]))
          .map((colour) => ({
            AutoScalingGroupName: outputs.autoscaling_group_names[colour],
            MinSize: region.groups[colour].min,
            DesiredCapacity: region.groups[colour].desired,
            MaxSize: region.groups[colour].max,
            Instances: (colour === "blue" ? region.instances : []).map(({ id }) => ({
              InstanceId: id,
              LifecycleState: "InService",
            })),
          })),
      };
    }
    if (command instanceof UpdateAutoScalingGroupCommand) {
      const { AutoScalingGroupName, MinSize, DesiredCapacity } = command.input;
      const colour =
        outputs.autoscaling_group_names.blue === AutoScalingGroupName ? "blue" : "green";
      Object.assign(region.groups[colour], {
        ...(MinSize === undefined ? {} : { min: MinSize }),
        ...(DesiredCapacity === undefined ? {} : { desired: DesiredCapacity }),
      });
      return {};
    }
    if (command instanceof DescribeTargetHealthCommand) {
      return {
        TargetHealthDescriptions: region.instances.map(({ id, healthy }) => ({
          Target: { Id: id },
          TargetHealth: { State: healthy ? "healthy" : "initial" },
        })),
      };
    }
    if (command instanceof TerminateInstanceInAutoScalingGroupCommand) {
      region.instances = region.instances.filter(({ id }) => id !== command.input.InstanceId);
      region.groups.blue.desired -= 1;
      return {};
    }
    if (command instanceof GetParameterCommand) {
      return { Parameter: { Value: region.images[command.input.Name ?? ""] } };
    }
    throw new Error(`the fake region does not know ${(command as object).constructor.name}`);
  };
  return region;
}
