import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { Graph } from "./read-graphs.ts";

/** An SVG with two graphs in a row, as the dashboard has them. Graphs and lines without a value are left out. */
export async function drawGraphs(graphs: readonly Graph[]): Promise<string> {
  const drawn = graphs
    .map((graph) => ({ ...graph, lines: graph.lines.filter(({ points }) => points.length > 0) }))
    .filter(({ lines }) => lines.length > 0);
  const times = drawn.flatMap(({ lines }) =>
    lines.flatMap(({ points }) => points.map(({ at }) => at)),
  );
  const first = Math.min(...times);
  const last = (Math.max(...times) - first) / 60_000;
  const spec = {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    columns: 2,
    spacing: 30,
    resolve: { scale: { color: "independent" } },
    concat: drawn.map(({ title, isStacked, lines }) => ({
      title: { text: title, fontSize: 12, anchor: "start" },
      width: 330,
      height: 130,
      data: {
        values: lines.flatMap(({ label, points }) =>
          points.map(({ at, value }) => ({ label, minute: (at - first) / 60_000, value })),
        ),
      },
      mark: isStacked ? { type: "area", opacity: 0.7 } : { type: "line", point: { size: 12 } },
      encoding: {
        x: {
          field: "minute",
          type: "quantitative",
          title: "minutes",
          scale: { domain: [0, last] },
        },
        y: {
          field: "value",
          type: "quantitative",
          title: null,
          // A line of zeros has no highest value.
          scale: {
            domainMin: 0,
            ...(lines.every(({ points }) => points.every(({ value }) => value === 0))
              ? { domainMax: 1 }
              : {}),
          },
        },
        color: {
          field: "label",
          type: "nominal",
          title: null,
          sort: null,
          legend: { orient: "bottom", columns: 2, labelLimit: 220 },
          ...(lines.every(({ color }) => color !== null)
            ? {
                scale: {
                  domain: lines.map(({ label }) => label),
                  range: lines.map(({ color }) => color ?? ""),
                },
              }
            : {}),
        },
      },
    })),
  };
  const view = new View(parse(compile(spec as TopLevelSpec).spec), { renderer: "none" });
  return view.toSVG();
}
