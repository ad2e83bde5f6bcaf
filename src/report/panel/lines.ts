import type { RunningStep } from "../running-steps.ts";
import { durationText } from "../text.ts";
import type { PanelModel } from "./model.ts";
import { piece, lineText, widthOf, wrap, type Line, type Screen } from "./pieces.ts";
import { resourceLines } from "./resource-lines.ts";
import { serviceLines } from "./service-lines.ts";

/**
 * The panel: the running steps, then the picture. Pure: `now` in milliseconds since 1970; `frame` counts the drawings and turns the
 * spinner. No line is longer than the screen, and no more lines than it has rows, as far as nothing that failed would be hidden.
 */
export function panelLines(
  { resources, service }: PanelModel,
  steps: readonly RunningStep[],
  screen: Screen,
  now: number,
  frame: number,
): readonly string[] {
  const heads = steps.flatMap((step) => {
    const isDrawn = step.id === resources?.step;
    const detail = isDrawn ? "" : withoutPicture(step.detail, service);
    return stepLines({ ...step, detail }, screen, now, frame);
  });
  // The cursor is below the last line.
  const most = screen.rows - 1 - heads.length;
  const pictures = [
    ...(resources === null ? [] : resourceLines(resources.sight, screen, now, most)),
    ...(service === null ? [] : serviceLines(service, screen, now, most)),
  ];
  return [...heads, ...pictures].map((line) => lineText(line, screen));
}

/** A step's words without what the picture below them says better: the instances one by one, and a good answer. */
function withoutPicture(detail: string, service: PanelModel["service"]): string {
  const last = service?.probes.at(-1);
  if (service === null) return detail;
  if (last?.good === true && detail.endsWith(last.detail)) return "";
  return detail
    .split("; ")
    .filter((part) => !part.startsWith("i-"))
    .join("; ");
}

function stepLines(
  { title, detail, started }: RunningStep,
  screen: Screen,
  now: number,
  frame: number,
): readonly Line[] {
  const frames = screen.hasUnicode ? unicodeFrames : asciiFrames;
  const spinner = piece(`${frames[frame % frames.length]} `, "blue");
  const time = piece(`  ${durationText(Math.max(0, now - started) / 1000)}`, "dim");
  const room = screen.columns - widthOf([spinner, time]);
  const [first = "", ...rest] = wrap(title, room, 2, screen);
  return [
    [spinner, piece(first, "bold"), time],
    ...rest.map((text): Line => [{ text: "  " }, piece(text, "bold")]),
    ...wrap(detail, screen.columns - 2, 2, screen).map((text): Line => [
      { text: "  " },
      piece(text, "dim"),
    ]),
  ];
}

const unicodeFrames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const asciiFrames = ["-", "\\", "|", "/"];
