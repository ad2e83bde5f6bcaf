import { readFileSync, writeFileSync } from "node:fs";
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";

/**
 * Draws the sweep from what `npm run bench:app` prints.
 * Usage: plot.ts OUTPUT OUT.svg
 */
interface SweepRow {
  readonly cores: number;
  readonly tokens: number;
  readonly connections: number;
  readonly ceiling: number;
  readonly [server: string]: string | number;
}

const [results = "", out = ""] = process.argv.slice(2);
const line = readFileSync(results, "utf8")
  .split("\n")
  .find((one) => one.startsWith('{"bench":"app/sweep"'));
if (line === undefined) throw new Error(`${results} has no line of app/sweep`);
const { rows } = JSON.parse(line) as { rows: readonly SweepRow[] };
const servers = ["infer-deploy", "fastapi-batch", "fastapi-loop", "transformers.js"];
const points = rows.flatMap((row) => [
  ...servers.map((server) => ({ ...placeOf(row), server, perSecond: row[server] })),
  { ...placeOf(row), server: "the bare session", perSecond: row.ceiling },
]);
const spec: TopLevelSpec = {
  $schema: "https://vega.github.io/schema/vega-lite/v6.json",
  background: "white",
  data: { values: points },
  facet: {
    row: { field: "machine", title: null, sort: null },
    column: {
      field: "tokens",
      type: "ordinal",
      title: null,
      header: { labelExpr: "datum.value + ' tokens'" },
    },
  },
  resolve: { scale: { y: "independent" } },
  spec: {
    width: 220,
    height: 160,
    mark: { type: "line", point: true },
    encoding: {
      x: {
        field: "connections",
        type: "quantitative",
        scale: { type: "log", base: 2 },
        title: "connections",
      },
      y: { field: "perSecond", type: "quantitative", title: "texts a second" },
      color: { field: "server", type: "nominal", title: null, sort: null },
      strokeDash: {
        condition: { test: "datum.server === 'the bare session'", value: [4, 4] },
        value: [1, 0],
      },
    },
  },
};
const view = new View(parse(compile(spec).spec), { renderer: "none" });
writeFileSync(out, await view.toSVG());

function placeOf({ cores, tokens, connections }: SweepRow) {
  const machine = cores === 1 ? "1 core" : `${cores} cores`;
  return { machine, tokens, connections };
}
