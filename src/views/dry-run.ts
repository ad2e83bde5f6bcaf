import type { Forecast } from "../release/dry-run.ts";
import type { StrategyName } from "../state/rollout-plan.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { placeOf } from "./parts/place.ts";

/** `release --dry-run --json`. */
export interface DryRunDocument {
  readonly schema_version: 1;
  readonly name: string;
  readonly environment: string;
  readonly region: string;
  /** The number that the release would get. */
  readonly release: number;
  /** Null when the name depends on an image that is not built yet. */
  readonly version: string | null;
  readonly digest: string | null;
  readonly serving: string;
  readonly strategy: StrategyName;
  /** Why release.strategy auto chose it; null when the user chose. */
  readonly strategy_reason: string | null;
  readonly alarms: readonly string[];
  /** Empty when the version is already serving. */
  readonly steps: readonly string[];
  readonly objections: readonly { readonly what: string; readonly next: string }[];
  /** Watches that end before an alarm can go off. */
  readonly warnings: readonly string[];
}

export function dryRunDocument(stack: StackRecord, forecast: Forecast): DryRunDocument {
  const { plan, active, version, digest, alarms, steps, objections, warnings, strategyReason } =
    forecast;
  return {
    ...placeOf(stack),
    release: plan.release,
    version,
    digest,
    serving: active.version,
    strategy: plan.strategy,
    strategy_reason: strategyReason,
    alarms,
    steps,
    objections: objections.map(({ what, next }) => ({ what, next })),
    warnings,
  };
}

export function dryRunText(document: DryRunDocument): string {
  const { name, environment, region, release, serving, strategy, steps, objections } = document;
  const chosen = document.strategy_reason === null ? "" : ` (auto: ${document.strategy_reason})`;
  const version = document.version ?? "a version named after its content";
  const lines = [
    `${name} (${environment}) in ${region}: ${serving} is serving. Release ${release} of ${version} with ${strategy}${chosen} would`,
    ...(steps.length === 0
      ? ["  change nothing: this version is already serving"]
      : steps.map((step, index) => `  ${index + 1}. ${step}`)),
  ];
  if (steps.length > 0) {
    lines.push(`Any of these alarms would roll it back: ${document.alarms.join(", ")}`);
  }
  lines.push(...document.warnings.map((text) => `! ${text}`));
  if (objections.length > 0) {
    lines.push("", "It would be refused now:");
    lines.push(...objections.flatMap((one) => [`  ${one.what}`, `    next: ${one.next}`]));
  }
  return `${lines.join("\n")}\n`;
}
