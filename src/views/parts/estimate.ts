import type { Estimate } from "../../cost/estimate.ts";
import type { CostPart } from "../../cost/cost-part.ts";
import type { OpenUse } from "../../cost/open-uses.ts";
import { table } from "./table.ts";

/** The sum, and a line for each part. */
export function estimateLines(estimate: Estimate, region: string): readonly string[] {
  const { by_use: uses, missing, parts, usd_per_month: usd } = estimate;
  const width = Math.max(...parts.map((part) => price(part).length));
  const rows = parts.map((part) => [
    `  ${part.part.replaceAll("_", " ")}`,
    part.what,
    price(part).padStart(width),
  ]);
  return [
    missing.length === 0
      ? `estimate: about ${usd.toFixed(2)} USD a month, and what depends on the use (${pricesText(estimate)})`
      : `estimate: at least ${usd.toFixed(2)} USD a month, WITHOUT ${missing.map((name) => name.replaceAll("_", " ")).join(", ")}, whose price in ${region} is not known (${pricesText(estimate)}): see https://calculator.aws`,
    ...table(rows).trimEnd().split("\n"),
    `  by use: ${uses.map(useText).join("; ")}`,
  ];
}

/** What an estimate cannot have in its sum: a release, and more instances. */
export function furtherLines(estimate: Estimate): readonly string[] {
  const { usd_per_further_instance: further, usd_per_release_hour: release } = estimate;
  return [
    ...(release === null
      ? []
      : release === 0
        ? ["  a release: no instances more, it works inside the serving colour"]
        : [`  a release: ${release} USD for each hour in which both versions run`]),
    ...(further === null
      ? []
      : [`  each further instance: ${further.toFixed(2)} USD a month, with its disk`]),
  ];
}

function price({ usd_per_month: usd }: CostPart): string {
  return usd === null ? "price not known" : usd.toFixed(2);
}

function useText({ unit, usd, what }: OpenUse): string {
  return usd === null ? what : `${what} at ${usd < 0.1 ? usd : usd.toFixed(2)} USD a ${unit}`;
}

function pricesText({ prices: { source, table_date: date } }: Estimate): string {
  if (source === "list") return "AWS's price list of today";
  const known = `list prices as known in ${date}`;
  return source === "mixed" ? `AWS's price list of today, and ${known}` : known;
}
