import uPlot from "uplot";
import type { Chart, Charts, PageRelease } from "../page-document.ts";
import { hatching, lookOf, paintOf } from "./chart-look.ts";
import type { ChartKind } from "./chart-kinds.ts";
import { drawReleases } from "./chart-releases.ts";
import { chartTable } from "./chart-table.ts";
import { element } from "./dom.ts";
import { chartText, valueText } from "../page-words.ts";

interface Drawn {
  readonly chart: Chart;
  readonly axis: Pick<Charts, "from" | "to">;
  readonly releases: readonly PageRelease[];
  readonly now: number;
}

/** One chart with its legend and its table. `update` draws what has changed. */
export class ChartView {
  readonly figure: HTMLElement;
  private readonly kind: ChartKind;
  private readonly picture = element("div", { class: "picture", role: "img" });
  private readonly legend = element("ul", { class: "legend" });
  private readonly table: HTMLDetailsElement;
  private plot: uPlot | undefined;
  private drawn: Drawn | undefined;
  private text = "";

  constructor(kind: ChartKind) {
    this.kind = kind;
    const title = element("h2", { id: `${kind.id}-chart` }, kind.title);
    this.table = element("details", {}, element("summary", {}, `${kind.title} as a table`));
    this.table.addEventListener("toggle", () => {
      this.fillTable();
    });
    this.figure = element(
      "section",
      { class: "chart", "aria-labelledby": `${kind.id}-chart` },
      title,
      element("p", { class: "note" }, kind.note),
      this.legend,
      this.picture,
      this.table,
    );
    new ResizeObserver(() => {
      this.fit();
    }).observe(this.picture);
  }

  update(drawn: Drawn): void {
    const text = JSON.stringify(drawn.chart) + JSON.stringify(drawn.releases);
    const isNew = this.text !== text;
    this.drawn = drawn;
    this.text = text;
    this.picture.setAttribute(
      "aria-label",
      chartText(drawn.axis, drawn.chart.lines, this.kind.unit),
    );
    if (this.plot === undefined) this.redraw();
    else this.plot.setData(this.data(drawn.chart));
    this.showValues();
    if (isNew) this.fillTable();
  }

  /** From nothing: after the colours have changed. */
  redraw(): void {
    const { drawn } = this;
    if (drawn === undefined) return;
    this.plot?.destroy();
    this.plot = new uPlot(this.options(drawn), this.data(drawn.chart), this.picture);
  }

  private fit(): void {
    const width = this.picture.clientWidth;
    if (this.plot !== undefined && width > 0 && width !== this.plot.width) {
      this.plot.setSize({ width, height });
    }
  }

  /** The whole is drawn below its first part, so that the parts fill it. */
  private data({ times, lines }: Chart): uPlot.AlignedData {
    const values = lines.map((line) => [...line.values]);
    const [, second] = values;
    if (!this.kind.isShare || second === undefined) return [[...times], ...values];
    const whole = second.map((value) => (value === null ? null : 100));
    return [[...times], whole, second];
  }

  private options({ chart, axis }: Drawn): uPlot.Options {
    const { isShare, unit } = this.kind;
    const grid = { stroke: paintOf("--line"), width: 1 };
    const text = {
      stroke: paintOf("--muted"),
      font: "12px system-ui, sans-serif",
      grid,
      ticks: grid,
    };
    const stepped = uPlot.paths.stepped?.({ align: 1 });
    return {
      width: Math.max(200, this.picture.clientWidth),
      height,
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { size: 7 },
        sync: { key: "time" },
      },
      scales: {
        x: { time: true, range: () => this.range(axis) },
        y: { range: (_plot, _low, high) => [0, isShare ? 100 : Math.max(1, (high ?? 0) * 1.15)] },
      },
      axes: [
        { ...text, size: 30, space: 70, values: axisTimes },
        {
          ...text,
          size: 64,
          space: 36,
          // Requests come in whole numbers.
          ...(unit === "" ? { incrs: wholeSteps } : {}),
          values: (_plot, splits) => splits.map((value) => valueText(value, unit)),
        },
      ],
      series: [
        {},
        ...chart.lines.map((line, index): uPlot.Series => {
          const { paint, dash } = lookOf(line);
          const colour = paintOf(paint);
          return {
            label: line.label,
            stroke: colour,
            width: 2,
            dash: [...dash],
            spanGaps: false,
            points: { size: 5 },
            ...(isShare
              ? {
                  width: 1,
                  dash: [],
                  points: { show: false },
                  ...(stepped === undefined ? {} : { paths: stepped }),
                  fill: (plot: uPlot) => (index === 0 ? `${colour}d0` : hatching(plot.ctx, colour)),
                }
              : {}),
          };
        }),
      ],
      hooks: {
        draw: [
          (plot) => {
            if (this.drawn !== undefined) drawReleases(plot, this.drawn.releases, this.drawn.now);
          },
        ],
        setCursor: [
          () => {
            this.showValues();
          },
        ],
      },
    };
  }

  private range(axis: Drawn["axis"]): [number, number] {
    const { from, to } = this.drawn?.axis ?? axis;
    return [from, to];
  }

  /** At the cursor, or the newest. */
  private showValues(): void {
    const { drawn } = this;
    if (drawn === undefined) return;
    const at = this.plot?.cursor.idx ?? null;
    const rows = drawn.chart.lines.map((line) => {
      const value = at === null ? line.values.findLast((one) => one !== null) : line.values[at];
      const swatch = element("span", { class: `swatch ${line.id}`, "aria-hidden": "true" });
      if (this.kind.isShare) swatch.classList.add("area");
      return element(
        "li",
        {},
        swatch,
        ` ${line.label} `,
        element("b", {}, valueText(value, this.kind.unit)),
      );
    });
    this.legend.replaceChildren(...rows);
  }

  private fillTable(): void {
    const { drawn, table } = this;
    if (drawn === undefined || !table.open) return;
    const [summary] = table.children;
    if (summary !== undefined) {
      table.replaceChildren(summary, chartTable(this.kind, drawn.chart, drawn.now));
    }
  }
}

/** As a clock of 24 hours; with the day where one begins. */
function axisTimes(_plot: uPlot, splits: readonly number[]): string[] {
  return splits.map((at) => {
    const date = new Date(at * 1000);
    const isDay = date.getHours() === 0 && date.getMinutes() === 0;
    return isDay
      ? date.toLocaleDateString("en-GB", { day: "numeric", month: "short" })
      : date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  });
}

const height = 210;
const wholeSteps = [1, 2, 5]
  .flatMap((step) => [0, 1, 2, 3, 4, 5].map((power) => step * 10 ** power))
  .toSorted((one, other) => one - other);
