import type { Chart } from "../page-document.ts";
import type { ChartKind } from "./chart-kinds.ts";
import { element } from "./dom.ts";
import { clockText, valueText } from "../page-words.ts";

/** The chart's values as a table, newest first. `now`: milliseconds since 1970. */
export function chartTable(
  { title, unit, isShare }: Pick<ChartKind, "title" | "unit" | "isShare">,
  { times, lines }: Chart,
  now: number,
): HTMLElement {
  const rows = times.flatMap((time, index) => {
    const values = lines.map((line) => line.values[index] ?? null);
    if (values.every((value) => value === null)) return [];
    return [
      element(
        "tr",
        {},
        element("th", { scope: "row" }, clockText(time * 1000, now, isShare)),
        ...values.map((value) => element("td", {}, valueText(value, unit))),
      ),
    ];
  });
  const head = ["Time", ...lines.map(({ label }) => label)];
  return element(
    "div",
    // A part that scrolls must be reachable by the keyboard.
    { class: "scroll", tabindex: "0", role: "region", "aria-label": `${title}: values` },
    element(
      "table",
      {},
      element(
        "thead",
        {},
        element("tr", {}, ...head.map((text) => element("th", { scope: "col" }, text))),
      ),
      element("tbody", {}, ...rows.toReversed()),
    ),
  );
}
