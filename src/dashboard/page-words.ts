import type { Charts, PageRelease } from "./page-document.ts";

/** Such as 14:03, or 14:03:20 with `seconds`; with the day when it is not the day of `now`. Milliseconds, the reader's own time zone. */
export function clockText(at: number, now: number, seconds = false): string {
  const date = new Date(at);
  const time = date.toLocaleTimeString("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    ...(seconds ? { second: "2-digit" } : {}),
  });
  if (date.toDateString() === new Date(now).toDateString()) return time;
  return `${date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })} ${time}`;
}

/** In the largest unit that leaves a number worth reading: 12 s, 4 min, 3 h, 5 days. */
export function spanText(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 90) return `${seconds} s`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} min`;
  if (seconds < 48 * 3600) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / (24 * 3600))} days`;
}

export const outcomeText: Readonly<Record<PageRelease["outcome"], string>> = {
  "in-progress": "in progress",
  succeeded: "succeeded",
  failed: "failed",
  "timed-out": "timed out",
  "rolled-back": "rolled back",
  cancelled: "cancelled",
};

/** A sign in addition to the colour. */
export const outcomeSign: Readonly<Record<PageRelease["outcome"], string>> = {
  "in-progress": "…",
  succeeded: "✔",
  failed: "✖",
  "timed-out": "✖",
  "rolled-back": "↩",
  cancelled: "✖",
};

export function valueText(value: number | null | undefined, unit: Unit): string {
  if (value === null || value === undefined) return "–";
  const number = Math.abs(value) >= 100 ? Math.round(value) : Math.round(value * 10) / 10;
  const text = number.toLocaleString("en-GB");
  return unit === "" ? text : `${text} ${unit}`;
}

export type Unit = "%" | "ms" | "";

/** What a chart says, for those who do not see it. */
export function chartText(
  { from, to }: Pick<Charts, "from" | "to">,
  lines: readonly { readonly label: string; readonly values: readonly (number | null)[] }[],
  unit: Unit,
): string {
  const parts = lines.map(({ label, values }) => {
    const known = values.filter((value) => value !== null);
    if (known.length === 0) return `${label}: no data`;
    return `${label}: ${valueText(known.at(-1), unit)} now, ${valueText(Math.max(...known), unit)} at most`;
  });
  return `The last ${spanText((to - from) * 1000)}. ${parts.join("; ")}.`;
}
