import type { ReleaseRecord } from "../../state/release-record.ts";
import type { StackOutputs } from "../../state/stack-record.ts";
import { watchedAlarms } from "../observe/alarms.ts";
import { isServing } from "../observe/judge.ts";
import type { Serving } from "../observe/serving.ts";
import { newRecord, nextNumber } from "./new-record.ts";
import { planReturn } from "./plan-release.ts";
import type { Intent, Prepared } from "./prepare.ts";

/** Whether a version still runs on enough healthy targets of the idle colour. */
export function isWarm(
  { fleet, active }: Pick<Serving, "active" | "fleet">,
  to: ReleaseRecord,
  minimum: number,
): boolean {
  if (to.colour === active.colour) {
    return false;
  }
  const ready = fleet.instances.filter(
    (instance) => instance.colour === to.colour && isServing(instance, to.deployment),
  );
  return ready.length >= minimum;
}

/** A rollback to a version that still runs. */
export function prepareReturn(
  outputs: Pick<StackOutputs, "alarm_names" | "repository_url">,
  { fleet, active, releases }: Serving,
  to: ReleaseRecord,
  { settings, message, who }: Intent,
  facts: { readonly minimum: number; readonly now: Date },
): Prepared {
  const record = newRecord(outputs, {
    release: nextNumber(releases),
    kind: "rollback",
    deployment: to.deployment,
    colour: to.colour,
    replaces: { release: active.release, version: active.version },
    who,
    created: facts.now.toISOString(),
    message,
    strategy: "blue-green",
    content: to,
  });
  const { minimum } = facts;
  const alarms = watchedAlarms(outputs, to.colour, settings.alarms);
  return {
    record,
    plan: planReturn({ outputs, record, active, fleet, settings, minimum, alarms }),
  };
}
