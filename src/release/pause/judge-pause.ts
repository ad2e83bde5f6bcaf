import type { PauseDocument, PauseReason, Sleep } from "../../state/pause.ts";
import { bodyOf } from "./answer.ts";

/** What of a pause is really there. */
export interface PauseFacts {
  /** Undefined when nothing is paused. */
  readonly pause: PauseDocument | undefined;
  /** What the listener answers in place of the service. */
  readonly body: string | undefined;
  /** Of all colours: the capacity that is asked for, and the instances that are there. */
  readonly desired: number;
  readonly instances: number;
  /** Whether another run holds the lock. */
  readonly isBusy: boolean;
}

/**
 * on: as the last command wanted it. changing: a run is at work on it. unfinished: a run was interrupted before the end.
 */
export interface PauseSight {
  readonly what: "maintenance" | "sleep";
  readonly state: "on" | "changing" | "unfinished";
  readonly reason: PauseReason;
  /** Of a sleep: where it goes. Null for maintenance, which ends with its record. */
  readonly goal: Sleep["goal"] | null;
  /** Whether users get the answer instead of the service. */
  readonly answers: boolean;
}

/** The pauses of a stack, and how far each is. Empty when the service answers. */
export function judgePause(facts: PauseFacts): readonly PauseSight[] {
  const { pause, body } = facts;
  if (pause === undefined) return [];
  const { maintenance, sleep } = pause;
  const wanted = maintenance ?? sleep;
  const answers = wanted !== null && body === bodyOf(wanted).body;
  return [
    ...(maintenance === null
      ? []
      : [sight("maintenance", maintenance, null, answers, facts.isBusy, answers)]),
    ...(sleep === null
      ? []
      : [
          sight(
            "sleep",
            sleep,
            sleep.goal,
            answers,
            facts.isBusy,
            answers && isAsleep(sleep, facts),
          ),
        ]),
  ];
}

/** Only a whole sleep is "on": one that ends has something left to do as long as its record is there. */
function isAsleep({ goal }: Sleep, { desired, instances }: PauseFacts): boolean {
  return goal === "asleep" && desired === 0 && instances === 0;
}

function sight(
  what: PauseSight["what"],
  reason: PauseReason,
  goal: PauseSight["goal"],
  answers: boolean,
  isBusy: boolean,
  isOn: boolean,
): PauseSight {
  const state = isOn ? "on" : isBusy ? "changing" : "unfinished";
  return { what, state, reason, goal, answers };
}
