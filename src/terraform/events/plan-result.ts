import type {
  ChangeSummary,
  OutputChange,
  PlannedChange,
  TerraformEvent,
} from "./terraform-events.ts";

/** What a plan would change. The plan itself is in its file. */
export interface PlanResult {
  /** Resources that change, in terraform's order, without data sources. */
  readonly changes: readonly PlannedChange[];
  /** Resources that were changed outside terraform since its last run. */
  readonly drift: readonly PlannedChange[];
  /** Addresses of the changes that undo what someone did outside infer-deploy; left out when there are none. */
  readonly outside?: readonly string[];
  /** Outputs that change, by name. */
  readonly outputs: Readonly<Record<string, OutputChange>>;
  readonly summary: ChangeSummary;
  /** Also true when nothing but an output or an address changes. */
  readonly hasChanges: boolean;
}

/** What an apply did. */
export interface ApplyResult {
  readonly summary: ChangeSummary;
  /** Values of the outputs that are not sensitive. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

export function collectPlan(events: readonly TerraformEvent[], hasChanges: boolean): PlanResult {
  return {
    changes: events.flatMap((event) =>
      event.type === "planned_change" && !passive.has(event.change.action) ? [event.change] : [],
    ),
    drift: events.flatMap((event) => (event.type === "resource_drift" ? [event.change] : [])),
    outputs: Object.fromEntries(
      lastOutputs(events).filter(([, output]) => output.action !== "noop"),
    ),
    summary: lastSummary(events),
    hasChanges,
  };
}

export function collectApply(events: readonly TerraformEvent[]): ApplyResult {
  return {
    summary: lastSummary(events),
    outputs: Object.fromEntries(
      lastOutputs(events).flatMap(([name, output]) =>
        "value" in output ? [[name, output.value]] : [],
      ),
    ),
  };
}

function lastSummary(events: readonly TerraformEvent[]): ChangeSummary {
  return (
    events.findLast((event) => event.type === "change_summary")?.summary ?? {
      add: 0,
      change: 0,
      remove: 0,
    }
  );
}

function lastOutputs(
  events: readonly TerraformEvent[],
): readonly (readonly [string, OutputChange])[] {
  return Object.entries(events.findLast((event) => event.type === "outputs")?.outputs ?? {});
}

const passive: ReadonlySet<string> = new Set(["noop", "read"]);
