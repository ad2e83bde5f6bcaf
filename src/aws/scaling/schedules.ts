import { createHash } from "node:crypto";
import {
  DeleteScheduledActionCommand,
  DescribeScheduledActionsCommand,
  PutScheduledUpdateGroupActionCommand,
  type AutoScalingClient,
} from "@aws-sdk/client-auto-scaling";
import type { Schedule } from "../../config/schema/fleet/scaling.ts";

/** The schedules of a configuration, and whether a policy ends the instances that a lower minimum allows to end. */
export interface Schedules {
  readonly list: readonly Schedule[];
  readonly hasPolicy: boolean;
}

/** Whether a group has exactly these schedules. Throws the SDK's own errors. */
export async function hasSchedules(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
  schedules: Schedules,
): Promise<boolean> {
  const wanted = [...actionsOf(schedules).keys()].toSorted();
  const found = (await ownActions(autoScaling, group)).toSorted();
  return found.join(" ") === wanted.join(" ");
}

/** Gives a group exactly these schedules; an empty list takes all of them away. Throws the SDK's own errors. */
export async function putSchedules(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
  schedules: Schedules,
): Promise<void> {
  const wanted = actionsOf(schedules);
  const found = await ownActions(autoScaling, group);
  for (const name of found.filter((one) => !wanted.has(one))) {
    await autoScaling.send(
      new DeleteScheduledActionCommand({ AutoScalingGroupName: group, ScheduledActionName: name }),
    );
  }
  for (const [name, { cron, timeZone, min }] of wanted) {
    if (found.includes(name)) continue;
    await autoScaling.send(
      new PutScheduledUpdateGroupActionCommand({
        AutoScalingGroupName: group,
        ScheduledActionName: name,
        Recurrence: cron,
        TimeZone: timeZone,
        MinSize: min,
        // No policy would end the instances above a lower minimum.
        ...(schedules.hasPolicy ? {} : { DesiredCapacity: min }),
      }),
    );
  }
}

/** Name -> schedule. A changed one is another action, because a changed recurrence would keep the old start time. */
function actionsOf({ list, hasPolicy }: Schedules): ReadonlyMap<string, Schedule> {
  return new Map(
    list.map((one) => {
      const facts = JSON.stringify([one.cron, one.timeZone, one.min, hasPolicy]);
      return [`${prefix}${createHash("sha256").update(facts).digest("hex").slice(0, 12)}`, one];
    }),
  );
}

async function ownActions(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
): Promise<readonly string[]> {
  // A group has few: 20 of a configuration, the clean-up, and a person's own.
  const answer = await autoScaling.send(
    new DescribeScheduledActionsCommand({ AutoScalingGroupName: group, MaxRecords: 100 }),
  );
  const names = (answer.ScheduledUpdateGroupActions ?? []).flatMap(
    ({ ScheduledActionName: name }) => name ?? [],
  );
  return names.filter((name) => name.startsWith(prefix));
}

const prefix = "infer-deploy-schedule-";
