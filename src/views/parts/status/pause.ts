import type { PauseSight } from "../../../release/pause/judge-pause.ts";
import type { PauseReason } from "../../../state/pause.ts";

/** Why users get 503, and their message. */
export interface ReasonDocument {
  /** ISO 8601 */
  readonly since: string;
  readonly who: string;
  readonly message: string;
  readonly retry_after_seconds: number;
}

/** A pause in `status`. */
export interface PauseStatus extends ReasonDocument {
  readonly what: PauseSight["what"];
  /** on: complete. changing: a run is at work on it. unfinished: a run was interrupted. */
  readonly state: PauseSight["state"];
  /** Of a sleep: where the last command goes. */
  readonly goal: PauseSight["goal"];
  /** Whether users get the message now. */
  readonly answers: boolean;
}

export function reasonDocument({
  since,
  who,
  message,
  retry_after_seconds: seconds,
}: PauseReason): ReasonDocument {
  return { since, who, message, retry_after_seconds: seconds };
}

export function pauseStatus({ reason, ...sight }: PauseSight): PauseStatus {
  const { what, state, goal, answers } = sight;
  return { what, state, goal, answers, ...reasonDocument(reason) };
}

/** `age`: how long ago an ISO 8601 moment was. */
export function pauseLines(
  pauses: readonly PauseStatus[],
  age: (moment: string) => string,
): readonly string[] {
  return pauses.map((pause) => {
    const { what, since, who, message } = pause;
    const name = what === "sleep" ? "asleep" : "maintenance";
    return `  paused    ${name} for ${age(since)} by ${who}: ${progress(pause)}; users get: ${oneLine(message)}`;
  });
}

/** A page has many lines. */
export function oneLine(message: string): string {
  const line = message.replaceAll(/\s+/g, " ").trim();
  return line.length > shown ? `${line.slice(0, shown)}…` : line;
}

const shown = 100;

function progress({ what, state: found, goal, answers }: PauseStatus): string {
  const [complete, undo] =
    what === "maintenance"
      ? ["infer-deploy maintenance on", "infer-deploy maintenance off"]
      : goal === "awake"
        ? ["infer-deploy wake", "infer-deploy sleep"]
        : ["infer-deploy sleep", "infer-deploy wake"];
  const answer = answers ? "the address answers 503" : "THE SERVICE ANSWERS";
  if (found === "on") return `${answer}, ${undo} ends it`;
  const way = what === "sleep" && goal === "awake" ? "it wakes up" : "it begins or ends";
  return found === "changing"
    ? `${way} now, ${answer}`
    : `INTERRUPTED on its way, ${answer}; ${complete} completes it, ${undo} undoes it`;
}
