import {
  DeleteScheduledActionCommand,
  paginateDescribeScheduledActions,
  UpdateAutoScalingGroupCommand,
} from "@aws-sdk/client-auto-scaling";
import type { RegionClients } from "../observe/region-clients.ts";
import type { ScalingGroupView } from "../observe/region-view.ts";
import type { ControllerLog } from "../controller-log.ts";
import { dueActions, type ScheduledActionView } from "./schedule.ts";

/** Runs the scheduled actions that are due. `since`: the time of the run before; both in milliseconds since 1970. */
export async function runScheduledActions(
  { scaling }: RegionClients,
  groups: readonly ScalingGroupView[],
  { since, now }: { readonly since: number; readonly now: number },
  log: ControllerLog,
): Promise<void> {
  const actions: ScheduledActionView[] = [];
  for await (const page of paginateDescribeScheduledActions({ client: scaling }, {})) {
    for (const action of page.ScheduledUpdateGroupActions ?? []) {
      actions.push({
        group: action.AutoScalingGroupName ?? "",
        name: action.ScheduledActionName ?? "",
        start: (action.StartTime ?? action.Time)?.getTime() ?? null,
        recurrence: action.Recurrence ?? null,
        timeZone: action.TimeZone ?? null,
        min: action.MinSize ?? null,
        max: action.MaxSize ?? null,
        desired: action.DesiredCapacity ?? null,
      });
    }
  }
  for (const action of dueActions(actions, since, now)) {
    log.info("scheduled action", { ...action });
    const sizes = {
      ...(action.min === null ? {} : { MinSize: action.min }),
      ...(action.max === null ? {} : { MaxSize: action.max }),
      ...(action.desired === null ? {} : { DesiredCapacity: action.desired }),
    };
    // AWS deletes a one-time action when it is due, even if it fails.
    if (action.recurrence === null) {
      await scaling.send(
        new DeleteScheduledActionCommand({
          AutoScalingGroupName: action.group,
          ScheduledActionName: action.name,
        }),
      );
    }
    // What is due while the process is suspended is lost, as on AWS.
    if (groups.some(({ name, suspended }) => name === action.group && suspended.has(process)))
      continue;
    await scaling.send(
      new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: action.group, ...sizes }),
    );
  }
}

const process = "ScheduledActions";
