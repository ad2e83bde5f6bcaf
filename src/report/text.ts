/** The line that closes a step: outcome, title, detail, duration. */
export function finishedLine(
  title: string,
  outcome: "done" | "skipped" | "failed",
  detail: string | undefined,
  elapsedSeconds: number,
): string {
  const facts = [detail, outcome === "skipped" ? undefined : durationText(elapsedSeconds)].filter(
    (fact) => fact !== undefined && fact !== "",
  );
  return `${marks[outcome]} ${title}${facts.length === 0 ? "" : `: ${facts.join(", ")}`}`;
}

/** Seconds as people say them: 4.2 s, 42 s, 3 min 5 s. */
export function durationText(seconds: number): string {
  if (seconds < 9.95) {
    return `${seconds.toFixed(1)} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 60) {
    return `${whole} s`;
  }
  const minutes = Math.floor(whole / 60);
  const rest = whole % 60;
  return rest === 0 ? `${minutes} min` : `${minutes} min ${rest} s`;
}

export const marks = {
  running: "·",
  done: "✔",
  skipped: "–",
  failed: "✖",
  warning: "!",
} as const;
