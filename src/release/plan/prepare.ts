import type { ReleaseConfig, ReleaseSettings } from "../../config/schema/release.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import type { RolloutPlan } from "../../state/rollout-plan.ts";
import type { StackOutputs } from "../../state/stack-record.ts";
import type { Serving } from "../observe/serving.ts";
import { strategies } from "../strategy/strategies.ts";
import { newRecord, nextNumber, type Content } from "./new-record.ts";
import { planRelease } from "./plan-release.ts";

/** The user's wishes, apart from the image. */
export interface Intent {
  readonly kind: ReleaseRecord["kind"];
  readonly settings: ReleaseSettings;
  readonly message: string | null;
  readonly who: string;
  /** Skips the objections that can be forced, and ignores alarms that are already on. */
  readonly force: boolean;
}

/** The same before a strategy is chosen. */
export interface Wish extends Omit<Intent, "settings"> {
  readonly settings: ReleaseConfig;
}

/** A release that is ready to begin. */
export interface Prepared {
  readonly record: ReleaseRecord;
  readonly plan: RolloutPlan;
}

export interface PrepareFacts {
  readonly outputs: Pick<StackOutputs, "alarm_names" | "repository_url">;
  readonly serving: Serving;
  readonly intent: Intent;
  /** Why `auto` chose the strategy; left out when the user chose. */
  readonly strategyReason?: string | undefined;
  readonly content: Content;
  /** The alarms that the release watches. */
  readonly alarms: readonly string[];
  /** instances.min */
  readonly minimum: number;
  readonly now: Date;
}

export function prepare(facts: PrepareFacts): Prepared {
  const { outputs, serving, intent, content, alarms, minimum, now } = facts;
  const { active, fleet, releases } = serving;
  const { settings } = intent;
  const record = newRecord(outputs, {
    release: nextNumber(releases),
    kind: intent.kind,
    colour: strategies[settings.strategy].colour(active.colour),
    replaces: { release: active.release, version: active.version },
    who: intent.who,
    created: now.toISOString(),
    message: intent.message,
    strategy: settings.strategy,
    // A return or a restart starts what has run before.
    before: intent.kind === "release" ? settings.before : null,
    ...(facts.strategyReason === undefined ? {} : { strategy_reason: facts.strategyReason }),
    content,
  });
  return {
    record,
    plan: planRelease({ outputs, record, active, fleet, settings, minimum, alarms }),
  };
}
