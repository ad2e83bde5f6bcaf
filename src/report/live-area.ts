import ora from "ora";
import { safeText } from "../errors/safe-text.ts";
import { plainMarks } from "./panel/ascii.ts";
import type { Drawing } from "./panel/draw-panel.ts";
import type { panelLines } from "./panel/lines.ts";
import { isEmpty, type PanelModel } from "./panel/model.ts";
import { screenOf } from "./panel/screen.ts";
import { runningText, type RunningStep } from "./running-steps.ts";

interface Picture {
  readonly steps: readonly RunningStep[];
  readonly model: PanelModel;
}

/** The lines at the end of a terminal's output that change: a spinner for steps, a panel for what can be drawn. */
export interface LiveArea {
  /** Draws, and draws again until `clear`, because time passes. Nothing is drawn without steps and sights. */
  readonly show: (picture: Picture) => void;
  readonly clear: () => void;
  /** Clears, and draws nothing any more. */
  readonly end: () => void;
}

export function createLiveArea(
  output: NodeJS.WriteStream,
  env: Readonly<Record<string, string | undefined>>,
): LiveArea {
  const { hasColour, hasUnicode } = screenOf(output, env);
  const spinner = ora({
    stream: output,
    // It would put the terminal in raw mode, where Ctrl-C no longer raises SIGINT.
    discardStdin: false,
    hideCursor: true,
    color: hasColour ? "cyan" : false,
    ...(hasUnicode ? {} : { spinner: "line" }),
  });
  let panel: Panel | undefined;
  let loading: Promise<void> | undefined;
  let picture: Picture | undefined;
  let ticker: NodeJS.Timeout | undefined;
  let isOver = false;

  const draw = (): void => {
    if (picture === undefined || isOver) return;
    const { model, steps } = picture;
    if (isEmpty(model)) {
      panel?.drawing.clear();
      const texts = steps.map((step) =>
        cut(safeText(runningText(step, Date.now())), output.columns),
      );
      spinner.text = (hasUnicode ? texts : texts.map(plainMarks)).join("\n  ");
      if (!spinner.isSpinning && steps.length > 0) spinner.start();
      return;
    }
    // Most verbs never draw one.
    loading ??= loadPanel(output).then((loaded) => {
      panel = loaded;
      draw();
    });
    if (panel === undefined) return;
    // It shows the cursor whenever it stops, also the second time.
    if (spinner.isSpinning) spinner.stop();
    const screen = screenOf(output, env);
    const now = Date.now();
    const frame = Math.floor(now / tickMilliseconds);
    panel.drawing.draw(panel.linesOf(model, steps, screen, now, frame));
  };
  const clear = (): void => {
    clearInterval(ticker);
    ticker = undefined;
    output.off("resize", draw);
    picture = undefined;
    if (spinner.isSpinning) spinner.stop();
    panel?.drawing.clear();
  };

  return {
    show: (next) => {
      if (isOver) return;
      if (next.steps.length === 0 && isEmpty(next.model)) {
        clear();
        return;
      }
      picture = next;
      draw();
      if (ticker === undefined) {
        ticker = setInterval(draw, tickMilliseconds);
        output.on("resize", draw);
      }
    },
    clear,
    end: () => {
      clear();
      isOver = true;
    },
  };
}

interface Panel {
  readonly drawing: Drawing;
  readonly linesOf: typeof panelLines;
}

async function loadPanel(output: NodeJS.WriteStream): Promise<Panel> {
  const [{ createDrawing }, lines] = await Promise.all([
    import("./panel/draw-panel.ts"),
    import("./panel/lines.ts"),
  ]);
  return { drawing: createDrawing(output), linesOf: lines.panelLines };
}

function cut(text: string, columns: number | undefined): string {
  const room = Math.max(20, (columns ?? 80) - 4);
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}

const tickMilliseconds = 200;
