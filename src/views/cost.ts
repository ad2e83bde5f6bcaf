import type { Advice } from "../cost/advise.ts";
import type { Estimate } from "../cost/estimate.ts";
import type { Spent } from "../cost/spent.ts";
import { estimateLines, furtherTexts } from "./parts/estimate.ts";
import { placeOf, type Place } from "./parts/place.ts";
import { table } from "./parts/table.ts";

/** `cost --json` */
export interface CostDocument extends Place {
  readonly estimate: Estimate;
  /** Null before the first `up`. */
  readonly spent: Spent | null;
  /** Null without `--advise`. */
  readonly use: UseFindings | null;
}

/** What `--advise` found. */
export interface UseFindings {
  /** With data. */
  readonly hours: number;
  /** Advice needs so many. */
  readonly hours_needed: number;
  readonly advice: readonly Advice[];
}

export function costDocument(
  place: Omit<Place, "schema_version">,
  findings: Omit<CostDocument, keyof Place>,
): CostDocument {
  return { ...placeOf(place), ...findings };
}

export function costText({
  name,
  environment,
  region,
  estimate,
  spent,
  use,
}: CostDocument): string {
  const lines = [
    `${name} (${environment}) in ${region}`,
    ...estimateLines(estimate, region),
    ...furtherTexts(estimate).map((text) => `  ${text}`),
    ...(spent === null ? ["spent: nothing, the stack is not up"] : spentLines(spent)),
    ...(use === null ? [] : useLines(use)),
  ];
  return `${lines.join("\n")}\n`;
}

/** `cost --activate-tags --json` */
export interface ActivatedDocument extends Place {
  /** Keys of tags. */
  readonly activated: readonly string[];
}

export function activatedDocument(
  place: Omit<Place, "schema_version">,
  activated: readonly string[],
): ActivatedDocument {
  return { ...placeOf(place), activated };
}

export function activatedText({ activated }: Pick<ActivatedDocument, "activated">): string {
  return `AWS counts costs by ${activated.join(", ")} from now on; the first figures come within a day.\n`;
}

function spentLines({ from, note, services, usd }: Spent): readonly string[] {
  if (usd === null) return [`spent: ${note ?? "not known"}`];
  const width = Math.max(0, ...services.map((one) => one.usd.toFixed(2).length));
  return [
    `spent: ${usd.toFixed(2)} USD since ${from}, by what Cost Explorer has counted until now`,
    ...table(services.map((one) => [`  ${one.service}`, one.usd.toFixed(2).padStart(width)]))
      .split("\n")
      .filter((line) => line !== ""),
    ...(note === null ? [] : [`  ${note}`]),
  ];
}

function useLines({ advice, hours, hours_needed: needed }: UseFindings): readonly string[] {
  if (hours < needed) {
    return [`advice: none yet, after ${hours} hours of use; it needs ${needed}`];
  }
  if (advice.length === 0) return [`advice: none, the size fits ${hours} hours of use`];
  return advice.flatMap((one) => [
    `advice: ${one.advice}${one.saves_usd_per_month === null ? "" : `, which saves about ${one.saves_usd_per_month.toFixed(2)} USD a month`}`,
    `  because ${one.figure}`,
    ...(one.config ?? "").split("\n").flatMap((line) => (line === "" ? [] : [`    ${line}`])),
  ]);
}
