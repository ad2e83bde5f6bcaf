import type { PageCost } from "../page-document.ts";
import { element } from "./dom.ts";
import { moodSigns } from "./lists.ts";

export function costParts({ budget, notes, parts, sum }: PageCost): readonly Node[] {
  return [
    element("p", {}, capital(sum)),
    ...(budget === null
      ? []
      : [
          element(
            "p",
            { class: `mood ${budget.mood}` },
            `${moodSigns[budget.mood]} ${capital(budget.text)}`,
          ),
        ]),
    partTable(parts),
    ...notes.map((text) => element("p", { class: "note" }, capital(text))),
  ];
}

function partTable(parts: PageCost["parts"]): Node {
  const head = ["Part", "What", "USD a month"];
  const rows = parts.map(({ part, what, price }) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, part),
      element("td", {}, what),
      element("td", {}, price),
    ),
  );
  const titles = head.map((text) => element("th", { scope: "col" }, text));
  return element(
    "table",
    {},
    element("thead", {}, element("tr", {}, ...titles)),
    element("tbody", {}, ...rows),
  );
}

function capital(text: string): string {
  return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}
