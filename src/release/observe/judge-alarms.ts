import type { AlarmSnapshot } from "../../aws/alarms.ts";
import type { AlarmFailure } from "../strategy/machine.ts";

import type { StackRecord } from "../../state/stack-record.ts";
import type { Colour } from "../../stack/colour.ts";

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

/**
 * The alarm of the colour that the start of its instances sets off: until they answer, they are unhealthy. It stays on for minutes
 * after they are healthy, so on its own it says nothing of a release that began since.
 */
export function startAlarm(
  stack: Pick<StackRecord, "name" | "environment">,
  colour: Colour,
): string {
  return `${stack.name}-${stack.environment}-${colour}-unhealthy`;
}

/** The alarms that are on, or that do not exist. */
export function judgeAlarms(alarms: readonly AlarmSnapshot[]): readonly AlarmFailure[] {
  return alarms.flatMap(({ name, state, reason }) => {
    const found = { alarm: name, where: `alarm ${name}` };
    if (state === "MISSING") {
      return [{ ...found, cause: `the alarm ${name} does not exist`, detail: [] }];
    }
    const detail = reason === "" ? [] : [reason];
    return state === "ALARM" ? [{ ...found, cause: `the alarm ${name} went off`, detail }] : [];
  });
}
