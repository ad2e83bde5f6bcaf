import { describeAlarms } from "../aws/alarms.ts";
import type { Target } from "../target/target.ts";
import type { Config } from "../config/schema/schema.ts";
import type { Deps } from "../deps.ts";
import { CommandError } from "../errors/command-error.ts";
import { startAlarm, watchedAlarms } from "./observe/judge-alarms.ts";
import type { RolloutPlan } from "./plan/rollout-plan.ts";
import type { ReleaseRecord } from "../state/records.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { planRelease, wantedInstances } from "./plan/plan-release.ts";
import { findObjections, type Objection } from "./plan/objections.ts";
import { newRecord, type Content } from "./plan/new-record.ts";
import type { Serving } from "./observe/serving.ts";

export interface Intent {
  readonly kind: ReleaseRecord["kind"];
  readonly settings: Config["release"];
  readonly message: string | null;
  readonly who: string;
  /** Passes over what may be passed over, and leaves alarms that are on already out of the judgement. */
  readonly force: boolean;
}

export interface Prepared {
  readonly record: ReleaseRecord;
  readonly plan: RolloutPlan;
}

/** What speaks against a release now, and the alarms that it will go by. */
export interface Clearance {
  readonly objections: readonly Objection[];
  readonly alarms: readonly string[];
}

export async function clear(
  target: Target,
  stack: StackRecord,
  serving: Serving,
  intent: Pick<Intent, "settings" | "force">,
): Promise<Clearance> {
  const { settings } = intent;
  const colour = newColour(serving, settings);
  const names = watchedAlarms(stack, colour, settings.alarms);
  const alarms = await describeAlarms(await target.aws.cloudWatch(), names);
  // How healthy the targets are is seen directly, and now.
  const ofStart = startAlarm(stack, colour);
  const objections = findObjections({
    fleet: serving.fleet,
    active: serving.active,
    strategy: settings.strategy,
    instances: wantedInstances(serving.fleet, serving.active, target.config.instances.min),
    batch: settings.rolling.batch,
    alarms: alarms.filter(({ name, state }) => name !== ofStart || state === "MISSING"),
  });
  return {
    objections: intent.force ? objections.filter((one) => !one.canForce) : objections,
    alarms: alarms
      .filter(({ name, state }) => !intent.force || state !== "ALARM" || name === ofStart)
      .map(({ name }) => name),
  };
}

/** Throws CommandError (1) with everything that speaks against the release. */
export function refuse({ objections }: Clearance, version: string): void {
  const [first, ...others] = objections;
  if (first === undefined) {
    return;
  }
  if (others.length === 0) {
    throw new CommandError(`${version} cannot be released now: ${first.what}.`, {
      next: first.next,
    });
  }
  throw new CommandError(`${version} cannot be released now, for ${objections.length} reasons.`, {
    detail: objections.flatMap((one) => [one.what, `  next: ${one.next}`]),
  });
}

export function prepare(
  deps: Pick<Deps, "clock">,
  target: Target,
  stack: StackRecord,
  serving: Serving,
  facts: {
    readonly intent: Intent;
    readonly content: Content;
    readonly alarms: readonly string[];
  },
): Prepared {
  const { active, fleet, releases } = serving;
  const { intent } = facts;
  const record = newRecord(stack, {
    release: (releases[0]?.release ?? 0) + 1,
    kind: intent.kind,
    colour: newColour(serving, intent.settings),
    replaces: { release: active.release, version: active.version },
    who: intent.who,
    created: deps.clock.now().toISOString(),
    message: intent.message,
    strategy: intent.settings.strategy,
    content: facts.content,
  });
  const { settings } = intent;
  const minimum = target.config.instances.min;
  return {
    record,
    plan: planRelease({ stack, record, active, fleet, settings, minimum, alarms: facts.alarms }),
  };
}

function newColour(
  { active }: Serving,
  settings: Pick<Config["release"], "strategy">,
): ReleaseRecord["colour"] {
  const other = active.colour === "blue" ? "green" : "blue";
  return settings.strategy === "rolling" ? active.colour : other;
}
