import type { AlarmSnapshot } from "../aws/alarms.ts";
import type { Failure } from "./machine/machine.ts";
import type { Colour } from "./records.ts";
import type { StackRecord } from "./stack-record.ts";

/** The alarms that a release to the colour goes by: the colour's own, the load balancer's, and the user's further ones. */
export function watchedAlarms(
  stack: Pick<StackRecord, "name" | "environment" | "outputs">,
  colour: Colour,
  further: readonly string[],
): readonly string[] {
  const other = colour === "blue" ? "green" : "blue";
  const ofOther = `${stack.name}-${stack.environment}-${other}-`;
  const own = stack.outputs.alarm_names.filter((name) => !name.startsWith(ofOther));
  return [...new Set([...own, ...further])];
}

/** The first alarm that is on, or that nobody can read; null while all are quiet. */
export function judgeAlarms(alarms: readonly AlarmSnapshot[]): Failure | null {
  for (const { name, state, reason } of alarms) {
    if (state === "MISSING") {
      return { cause: `the alarm ${name} does not exist`, where: `alarm ${name}`, detail: [] };
    }
    if (state === "ALARM") {
      const detail = reason === "" ? [] : [reason];
      return { cause: `the alarm ${name} went off`, where: `alarm ${name}`, detail };
    }
  }
  return null;
}
