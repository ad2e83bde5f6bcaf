import type { Activity } from "@aws-sdk/client-auto-scaling";
import { expect, test } from "vitest";
import { recentLaunches } from "./describe-launches.ts";

/** A group's activities in the order in which AWS lists them: those in progress first, then the newest. */
function groupWith(activities: readonly Partial<Activity>[]) {
  const asked: unknown[] = [];
  const send = async (command: { readonly input: unknown }) => {
    asked.push(command.input);
    return { Activities: activities };
  };
  return { asked, client: { send } as unknown as Parameters<typeof recentLaunches>[0] };
}

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 1, minute));

test("launches are ordered by their start, although AWS lists those in progress first", async () => {
  const { asked, client } = groupWith([
    {
      ActivityId: "ending",
      Description: "Terminating EC2 instance: i-1",
      StatusCode: "InProgress",
      StartTime: at(1),
    },
    {
      ActivityId: "open",
      Description: "Launching a new EC2 instance: i-2",
      StatusCode: "PreInService",
      StartTime: at(2),
      Details: '{"Subnet ID":"subnet-1","Availability Zone":"eu-west-1b"}',
    },
    {
      ActivityId: "failed",
      Description: "Launching a new EC2 instance.  Status Reason: no capacity",
      StatusCode: "Failed",
      StatusMessage: "no capacity",
      StartTime: at(4),
      Details: '{"Availability Zone":"eu-west-1a"}',
    },
    {
      ActivityId: "cancelled",
      Description: "Launching a new EC2 instance",
      StatusCode: "Cancelled",
      StartTime: at(3),
    },
    {
      ActivityId: "good",
      Description: "Launching a new EC2 instance: i-3",
      StatusCode: "Successful",
      StartTime: at(0),
    },
  ]);
  expect(await recentLaunches(client, "app-green")).toEqual([
    { id: "failed", zone: "eu-west-1a", state: "failed", reason: "no capacity" },
    { id: "cancelled", zone: "", state: "failed", reason: "Launching a new EC2 instance" },
    { id: "open", zone: "eu-west-1b", state: "open", reason: "" },
    { id: "good", zone: "", state: "done", reason: "" },
  ]);
  expect(asked).toEqual([{ AutoScalingGroupName: "app-green", MaxRecords: 20 }]);
});
