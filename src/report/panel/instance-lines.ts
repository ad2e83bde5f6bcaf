import type { InstanceSight, Mood, ServiceSight } from "../sights.ts";
import { labelled, labelWidth } from "./labels.ts";
import {
  piece,
  shorten,
  shortenMiddle,
  widthOf,
  wrap,
  type Line,
  type Screen,
  type Style,
} from "./pieces.ts";

/** One line an instance: those in trouble first, then those that are waited for. At most `most` lines, with a count of the rest. */
export function instanceLines(
  { instances }: ServiceSight,
  screen: Screen,
  most: number,
): readonly Line[] {
  if (instances === null) {
    return labelled("instances", ["they cannot be seen now"], "yellow");
  }
  if (instances.length === 0) return labelled("instances", ["none"]);
  const versionWidth = Math.max(...instances.map(({ version }) => (version ?? "-").length));
  const sorted = moodsByNeed.flatMap((mood) => instances.filter((one) => one.mood === mood));
  const blocks = sorted.map((one) => blockOf(one, versionWidth, screen));
  let shown = blocks.length;
  const lines = (): number => blocks.slice(0, shown).reduce((sum, block) => sum + block.length, 0);
  while (shown > 1 && lines() + (shown < blocks.length ? 1 : 0) > most) shown -= 1;
  const rest = sorted.slice(shown);
  return [
    ...blocks.slice(0, shown).flat(),
    ...(rest.length === 0
      ? []
      : labelled(
          "",
          wrap(restText(rest), screen.columns - labelWidth, 2, screen),
          restStyle(rest),
        )),
  ].map((line, index) =>
    index === 0
      ? [{ text: "  instances".padEnd(labelWidth), style: "dim" as const }, ...line.slice(1)]
      : line,
  );
}

/** The state of an instance in trouble takes as many lines as it needs. */
function blockOf(
  { id, colour, version, state, mood }: InstanceSight,
  versionWidth: number,
  screen: Screen,
): readonly Line[] {
  const mark = (screen.hasUnicode ? marks : asciiMarks)[mood];
  const room = screen.columns - labelWidth;
  const isWide = room >= wideRoom + versionWidth;
  const name = isWide ? id : shortenMiddle(id, 8, screen);
  const head: Line = [
    piece(`${mark} `, styles[mood]),
    piece(`${name} `),
    piece(`${colour.padEnd(5)} `, colour),
    ...(isWide ? [piece(`${(version ?? "-").padEnd(versionWidth)} `)] : []),
  ];
  const own = screen.columns - labelWidth - widthOf(head);
  const style = mood === "good" ? undefined : styles[mood];
  const indent = " ".repeat(labelWidth);
  if (mood !== "bad" || widthOf([piece(state)]) <= own) {
    return [[{ text: indent }, ...head, piece(shorten(state, own, screen), style)]];
  }
  return [
    [{ text: indent }, ...head],
    ...wrap(state, room - 2, 5, screen).map((text): Line => [
      { text: `${indent}  ` },
      piece(text, style),
    ]),
  ];
}

function restText(rest: readonly InstanceSight[]): string {
  const counts = moodsByNeed.flatMap((mood) => {
    const count = rest.filter((one) => one.mood === mood).length;
    return count === 0 ? [] : [`${count} ${words[mood]}`];
  });
  return `and ${rest.length} more: ${counts.join(", ")}`;
}

function restStyle(rest: readonly InstanceSight[]): Style {
  return rest.some(({ mood }) => mood === "bad") ? "red" : "dim";
}

const moodsByNeed: readonly Mood[] = ["bad", "waiting", "good"];
const styles: Readonly<Record<Mood, Style>> = { good: "green", waiting: "yellow", bad: "red" };
const words: Readonly<Record<Mood, string>> = {
  good: "healthy",
  waiting: "starting",
  bad: "failing",
};
const marks: Readonly<Record<Mood, string>> = { good: "✔", waiting: "·", bad: "✖" };
const asciiMarks: Readonly<Record<Mood, string>> = { good: "+", waiting: ".", bad: "X" };
/** Cells that a whole instance id and its colour need, with room for a state next to the version. */
const wideRoom = 50;
