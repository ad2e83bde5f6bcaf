import {
  DescribeAutoScalingGroupsCommand,
  type AutoScalingGroup,
} from "@aws-sdk/client-auto-scaling";
import { expect } from "vitest";
import { otherColour, type Colour } from "../../src/stack/colour.ts";
import type { StatusDocument } from "../../src/views/status/status.ts";
import type { Project } from "./project.ts";
import { openStack } from "./stack-inside.ts";

/** The colour serves, has so many instances and follows its policy; the other one rests. */
export async function expectOneAwake(
  project: Project,
  stack: Parameters<typeof openStack>[1],
  colour: Colour | undefined,
  desired: number,
): Promise<void> {
  const status = await project.run("status", "--json");
  expect((JSON.parse(status.stdout) as StatusDocument).active?.colour).toBe(colour);
  const serving = colour ?? "blue";
  const group = await groupOf(project, stack, serving);
  expect(group?.DesiredCapacity).toBe(desired);
  expect(suspended(group)).toEqual([]);
  expect(suspended(await groupOf(project, stack, otherColour(serving)))).toEqual([
    "AlarmNotification",
  ]);
}

/** As Auto Scaling describes it; undefined when it is gone. */
export async function groupOf(
  project: Project,
  stack: Parameters<typeof openStack>[1],
  colour: Colour,
): Promise<AutoScalingGroup | undefined> {
  const { aws, outputs } = await openStack(project, stack);
  const AutoScalingGroupNames = [outputs.autoscaling_group_names[colour]];
  const found = await (
    await aws.autoScaling()
  ).send(new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames }));
  return found.AutoScalingGroups?.[0];
}

function suspended(group: AutoScalingGroup | undefined): readonly (string | undefined)[] {
  return (group?.SuspendedProcesses ?? []).map(({ ProcessName: name }) => name);
}
