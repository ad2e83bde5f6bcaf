import { createHash } from "node:crypto";
import {
  DeleteScheduledActionCommand,
  DescribeScheduledActionsCommand,
  PutScheduledUpdateGroupActionCommand,
  type AutoScalingClient,
} from "@aws-sdk/client-auto-scaling";
import { momentOf } from "../../config/fields/time/moment.ts";
import type { Schedule } from "../../config/schema/fleet/scaling.ts";
import { serverTime } from "../server-time.ts";

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
  const { wanted, past } = await sortActions(autoScaling, schedules);
  const found = (await ownActions(autoScaling, group)).filter((name) => !past.has(name));
  return found.toSorted().join(" ") === [...wanted.keys()].toSorted().join(" ");
}

/** Gives a group exactly these schedules; an empty list takes all of them away. Throws the SDK's own errors. */
export async function putSchedules(
  autoScaling: Pick<AutoScalingClient, "send">,
  group: string,
  schedules: Schedules,
): Promise<void> {
  const { wanted, past } = await sortActions(autoScaling, schedules);
  const found = await ownActions(autoScaling, group);
  for (const name of found.filter((one) => !wanted.has(one) && !past.has(one))) {
    await autoScaling.send(
      new DeleteScheduledActionCommand({ AutoScalingGroupName: group, ScheduledActionName: name }),
    );
  }
  for (const [name, { cron, at, timeZone, min }] of wanted) {
    if (found.includes(name)) continue;
    await autoScaling.send(
      new PutScheduledUpdateGroupActionCommand({
        AutoScalingGroupName: group,
        ScheduledActionName: name,
        ...(cron === null ? {} : { Recurrence: cron, TimeZone: timeZone }),
        ...(at === null ? {} : { StartTime: momentOf(at, timeZone) ?? undefined }),
        MinSize: min,
        // No policy would end the instances above a lower minimum.
        ...(schedules.hasPolicy ? {} : { DesiredCapacity: min }),
      }),
    );
  }
}

/** AWS deletes a one-time action when it is due, and takes none whose time is past: the group's minimum has those. */
async function sortActions(
  autoScaling: Pick<AutoScalingClient, "send">,
  schedules: Schedules,
): Promise<{ readonly wanted: ReadonlyMap<string, Schedule>; readonly past: ReadonlySet<string> }> {
  const all = [...actionsOf(schedules)];
  const isOnce = schedules.list.some(({ at }) => at !== null);
  const now = isOnce ? await serverTime(autoScaling) : new Date(0);
  const isPast = ([, { at, timeZone }]: readonly [string, Schedule]): boolean =>
    at !== null && (momentOf(at, timeZone) ?? now) <= now;
  return {
    wanted: new Map(all.filter((one) => !isPast(one))),
    past: new Set(all.filter(isPast).map(([name]) => name)),
  };
}

/** Name -> schedule. A changed one is another action, because a changed recurrence would keep the old start time. */
function actionsOf({ list, hasPolicy }: Schedules): ReadonlyMap<string, Schedule> {
  return new Map(
    list.map((one) => {
      const facts = JSON.stringify([one.cron ?? one.at, one.timeZone, one.min, hasPolicy]);
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
