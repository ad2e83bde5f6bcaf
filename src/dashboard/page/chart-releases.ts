import type uPlot from "uplot";
import type { PageRelease } from "../page-document.ts";
import { paintOf } from "./chart-look.ts";
import { outcomeSign } from "../page-words.ts";

/** Marks each release where it began, shades the time that it took, and names it where there is room. `now`: milliseconds since 1970. */
export function drawReleases(plot: uPlot, releases: readonly PageRelease[], now: number): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const right = bbox.left + bbox.width;
  const at = (moment: number): number => Math.min(right, plot.valToPos(moment / 1000, "x", true));
  ctx.save();
  ctx.font = `${11 * ratio}px system-ui, sans-serif`;
  ctx.textBaseline = "top";
  ctx.textAlign = "left";
  // How far to the right there is room, by rows. Releases come from right to left.
  const free = [right, right];
  for (const { version, kind, outcome, began, ended } of releases) {
    const start = at(began);
    if (start < bbox.left || start > right) continue;
    ctx.globalAlpha = 0.12;
    ctx.fillStyle = paintOf("--text");
    ctx.fillRect(start, bbox.top, Math.max(0, at(ended ?? now) - start), bbox.height);
    ctx.globalAlpha = 1;
    ctx.fillRect(start, bbox.top, ratio, bbox.height);
    const label = `${outcomeSign[outcome]} ${words[kind]}${version}`;
    const width = ctx.measureText(label).width + 8 * ratio;
    // At the right edge the name stands left of its line.
    const x = start + width > right ? start - width : start + ratio;
    const row = free.findIndex((edge) => x + width <= edge);
    if (x < bbox.left || row === -1) continue;
    free[row] = x;
    const y = bbox.top + (3 + 18 * row) * ratio;
    ctx.globalAlpha = 0.92;
    ctx.fillStyle = paintOf("--card");
    ctx.fillRect(x, y, width, 16 * ratio);
    ctx.globalAlpha = 1;
    ctx.fillStyle = paintOf("--text");
    ctx.fillText(label, x + 4 * ratio, y + 2 * ratio);
  }
  ctx.restore();
}

const words: Readonly<Record<PageRelease["kind"], string>> = {
  release: "",
  rollback: "back to ",
  restart: "restart of ",
};
