import type { Estimate } from "../../cost/estimate.ts";
import type { OpenUse } from "../../cost/open-uses.ts";
import { table } from "./table.ts";

/** The sum, and a line for each part. */
export function estimateLines(estimate: Estimate, region: string): readonly string[] {
  const { usd_per_month_as_fleet: fleet } = estimate;
  const parts = partRows(estimate);
  const width = Math.max(...parts.map(({ price }) => price.length));
  const rows = parts.map(({ part, what, price }) => [`  ${part}`, what, price.padStart(width)]);
  return [
    `estimate: ${sumText(estimate, region)}`,
    ...table(rows).trimEnd().split("\n"),
    `  ${usesText(estimate)}`,
    ...(fleet === null
      ? []
      : [
          `  two such machines behind a load balancer (topology: fleet): about ${fleet.toFixed(2)} USD`,
        ]),
  ];
}

/** A part of the estimate in words. */
export interface PartRow {
  readonly part: string;
  readonly what: string;
  /** USD a month, or that the price is not known. */
  readonly price: string;
}

export function partRows({ parts }: Pick<Estimate, "parts">): readonly PartRow[] {
  return parts.map(({ part, what, usd_per_month: usd }) => ({
    part: part.replaceAll("_", " "),
    what,
    price: usd === null ? "price not known" : usd.toFixed(2),
  }));
}

/** Also whose prices it is made of. */
export function sumText(estimate: Estimate, region: string): string {
  const { missing, usd_per_month: usd } = estimate;
  return missing.length === 0
    ? `about ${usd.toFixed(2)} USD a month, and what depends on the use (${pricesText(estimate)})`
    : `at least ${usd.toFixed(2)} USD a month, WITHOUT ${missing.map((name) => name.replaceAll("_", " ")).join(", ")}, whose price in ${region} is not known (${pricesText(estimate)}): see https://calculator.aws`;
}

/** What depends on the use. */
export function usesText({ by_use: uses }: Pick<Estimate, "by_use">): string {
  return `by use: ${uses.map(useText).join("; ")}`;
}

/** What an estimate cannot have in its sum: a release, and more instances. */
export function furtherTexts(estimate: Estimate): readonly string[] {
  const { usd_per_further_instance: further, usd_per_release_hour: release } = estimate;
  return [
    ...(release === null
      ? []
      : release === 0
        ? ["a release: no further instances"]
        : [`a release: ${release} USD for each hour in which both versions run`]),
    ...(further === null
      ? []
      : [`each further instance: ${further.toFixed(2)} USD a month, with its disk`]),
  ];
}

function useText({ unit, usd, what }: OpenUse): string {
  return usd === null ? what : `${what} at ${usd < 0.1 ? usd : usd.toFixed(2)} USD a ${unit}`;
}

function pricesText({ prices: { source, table_date: date } }: Estimate): string {
  if (source === "list") return "AWS's price list of today";
  const known = `list prices as known in ${date}`;
  return source === "mixed" ? `AWS's price list of today, and ${known}` : known;
}
