import type { StackOutputs } from "../state/stack-record.ts";
import { startAlarm, watchedAlarms } from "./observe/alarms.ts";
import type { Serving } from "./observe/serving.ts";
import type { Alarms } from "./parts.ts";
import type { Session } from "./session.ts";
import { outageText } from "./plan/outage-text.ts";
import { findObjections } from "./plan/objections.ts";
import { wantedInstances } from "./plan/plan-release.ts";
import { shortWatches } from "./plan/short-watch.ts";
import type { Intent } from "./plan/prepare.ts";
import { strategies } from "./strategy/strategies.ts";
import type { Objection } from "./strategy/strategy.ts";

/** The objections to a release now, and the alarms that it will watch. */
export interface Clearance {
  readonly objections: readonly Objection[];
  readonly alarms: readonly string[];
  /** Watches that are too short for them. */
  readonly warnings: readonly string[];
}

/** Quotas that the release would meet, as warnings. An update in place starts no further instances. */
export async function roomWarnings(
  { config, roomFor }: Pick<Session, "config" | "roomFor">,
  { active, fleet }: Pick<Serving, "active" | "fleet">,
  { settings }: Pick<Intent, "settings">,
): Promise<readonly string[]> {
  if (settings.strategy === "rolling" || settings.strategy === "recreate") return [];
  const shortages = await roomFor(wantedInstances(fleet, active, config.instances.min));
  return shortages.map(({ what, next }) => `${what}. Next: ${next}`);
}

/** Reads the alarms from CloudWatch and judges them together with the stack. `minimum`: instances.min. */
export async function clear(
  alarms: Alarms,
  outputs: Pick<StackOutputs, "alarm_names">,
  serving: Pick<Serving, "active" | "fleet">,
  intent: Pick<Intent, "settings" | "force">,
  minimum: number,
): Promise<Clearance> {
  const { settings, force } = intent;
  const { active, fleet } = serving;
  const strategy = strategies[settings.strategy];
  const colour = strategy.colour(active.colour);
  const found = await alarms.describe(watchedAlarms(outputs, colour, settings.alarms));
  // The start alarm lags behind; findObjections sees the targets' health directly.
  const ofStart = startAlarm(outputs, colour);
  const objections = [
    ...roomForTwo(active, settings),
    ...findObjections({
      fleet,
      active,
      strategy,
      instances: wantedInstances(fleet, active, minimum),
      batch: settings.rolling.batch,
      alarms: found.filter(({ name, state }) => name !== ofStart || state === "MISSING"),
    }),
  ];
  return {
    objections: force ? objections.filter((one) => !one.canForce) : objections,
    warnings: [
      ...shortWatches(found, settings),
      ...(settings.strategy === "recreate" ? [outageText] : []),
    ],
    alarms: found
      .filter(({ name, state }) => !force || state !== "ALARM" || name === ofStart)
      .map(({ name }) => name),
  };
}

/** A container that was released by recreate may have grown beyond its half of the machine. */
function roomForTwo(
  { container, version }: Serving["active"],
  { strategy }: Intent["settings"],
): readonly Objection[] {
  return container.alone !== true || strategy === "recreate"
    ? []
    : [
        {
          what: `${version} runs alone and may use all the memory of the machine, so no container starts next to it`,
          next: "release by --strategy recreate; --force starts the new container next to it",
          canForce: true,
        },
      ];
}
