import type { ProbeSight } from "../sights.ts";
import type { Line, Screen, Style } from "./pieces.ts";

/** A bar that is full at `share` 1. */
export function bar(share: number, cells: number, style: Style, { hasUnicode }: Screen): Line {
  const whole = Math.max(0, Math.min(1, share)) * cells;
  let full = Math.floor(whole);
  let part = "";
  if (hasUnicode) {
    const eighths = Math.round((whole - full) * 8);
    if (eighths === 8) full += 1;
    else if (eighths > 0) part = eighthBlocks[eighths - 1] ?? "";
  } else {
    full = Math.round(whole);
  }
  // What is more than nothing must be seen.
  if (share > 0 && full === 0 && part === "") part = hasUnicode ? "▏" : "#";
  const filled = `${(hasUnicode ? "█" : "#").repeat(full)}${part}`;
  const rest = (hasUnicode ? "░" : "-").repeat(Math.max(0, cells - full - (part === "" ? 0 : 1)));
  return [
    { text: filled, style },
    { text: rest, style: "dim" },
  ];
}

/** One character a probe, the newest at the right: the higher, the longer it took. A failure has its own mark. */
export function sparkline(
  probes: readonly ProbeSight[],
  cells: number,
  { hasUnicode }: Screen,
): Line {
  const shown = probes.slice(-Math.max(1, cells));
  const slowest = Math.max(leastScale, ...shown.map((one) => one.milliseconds ?? 0));
  const levels = hasUnicode ? blocks : asciiLevels;
  return shown.map(({ good, milliseconds }) => {
    if (!good) return { text: hasUnicode ? "✖" : "X", style: "red" };
    const level = Math.ceil(((milliseconds ?? 0) / slowest) * levels.length) - 1;
    return { text: levels[Math.max(0, level)] ?? "", style: "green" };
  });
}

const eighthBlocks = ["▏", "▎", "▍", "▌", "▋", "▊", "▉"];
const blocks = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];
const asciiLevels = ["_", ".", "-", "=", "^"];

/** Milliseconds. A difference between 2 and 4 ms is no news, and should not fill the height. */
const leastScale = 50;
