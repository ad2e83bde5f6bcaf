import { DescribeAutoScalingGroupsCommand } from "@aws-sdk/client-auto-scaling";
import { hasTags, type Question } from "../question.ts";

/** Auto Scaling groups, which the tag index does not list. */
export const groups: Question = {
  service: "autoscaling",
  kinds: ["autoScalingGroup"],
  ask: async (aws, stack) => {
    const { AutoScalingGroups = [] } = await (
      await aws.autoScaling()
    ).send(
      new DescribeAutoScalingGroupsCommand({
        AutoScalingGroupNames: [...Object.values(stack.names.groups), stack.names.machine],
      }),
    );
    return AutoScalingGroups.filter(({ Tags }) => hasTags(stack, Tags)).map(
      ({ AutoScalingGroupName }) => `Auto Scaling group ${AutoScalingGroupName}`,
    );
  },
};
