import type { ChartLine } from "../page-document.ts";

/** How a line differs from the others: by its colour, and by its dashes or its hatching. */
export interface LineLook {
  /** Name of the style sheet's variable. */
  readonly paint: string;
  readonly dash: readonly number[];
}

/** Colours of a stack look the same in every chart. */
export function lookOf({ id }: Pick<ChartLine, "id">): LineLook {
  return looks[id] ?? { paint: "--text", dash: [] };
}

/** A colour of the style sheet, for the canvas. */
export function paintOf(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** A fill of slanted stripes. */
export function hatching(context: CanvasRenderingContext2D, paint: string): CanvasPattern | string {
  const size = 8 * Math.max(1, Math.round(devicePixelRatio));
  const tile = new OffscreenCanvas(size, size).getContext("2d");
  if (tile === null) return paint;
  tile.fillStyle = paintOf("--card");
  tile.fillRect(0, 0, size, size);
  tile.fillStyle = paint;
  tile.globalAlpha = 0.35;
  tile.fillRect(0, 0, size, size);
  tile.globalAlpha = 1;
  tile.strokeStyle = paint;
  tile.lineWidth = size / 5;
  tile.beginPath();
  for (const start of [-size, 0, size]) {
    tile.moveTo(start, size);
    tile.lineTo(start + size, 0);
  }
  tile.stroke();
  return context.createPattern(tile.canvas, "repeat") ?? paint;
}

const looks: Readonly<Record<string, LineLook>> = {
  blue: { paint: "--blue", dash: [] },
  green: { paint: "--green", dash: [6, 3] },
  balancer: { paint: "--violet", dash: [2, 3] },
  p50: { paint: "--violet", dash: [] },
  p95: { paint: "--orange", dash: [8, 4] },
  p99: { paint: "--red", dash: [2, 3] },
};
