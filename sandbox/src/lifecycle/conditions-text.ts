import type { WeatherCondition } from "../client/weather.ts";

/** What `sandbox weather` prints for people: what is on first. */
export function conditionsText(conditions: readonly WeatherCondition[]): string {
  const on = conditions.filter(({ value }) => value !== null);
  const off = conditions.filter(({ value }) => value === null);
  return [
    ...(on.length === 0 ? ["Every condition is off."] : ["On", ...on.map(line)]),
    ...(off.length === 0 ? [] : ["", "Off", ...off.map(line)]),
    "",
  ].join("\n");
}

function line({ name, summary, takes, default: usual, value }: WeatherCondition): string {
  const set = typeof value === "string" ? `=${value}` : "";
  const values = takes === null ? "" : ` (${takes}${usual === null ? "" : `; default ${usual}`})`;
  return `  ${`${name}${set}`.padEnd(columnWidth)}${summary}${values}`;
}

const columnWidth = 22;
