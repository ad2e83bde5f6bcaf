import type { AlarmSnapshot } from "../../aws/alarms/describe-alarms.ts";
import type { Colour } from "../../stack/colour.ts";
import type { StackOutputs } from "../../state/stack-record.ts";
import type { AlarmFailure } from "./failure.ts";

type AlarmNames = Pick<StackOutputs, "alarm_names">;

/** Every alarm of the stack: those that releases watch, those that people hear of, and those of one machine. */
export function allAlarms(outputs: StackOutputs): readonly string[] {
  return [
    ...releaseAlarms(outputs),
    ...(outputs.alerts?.alarm_names ?? []),
    ...("machine" in outputs ? outputs.machine.alarm_names : []),
  ];
}

/** The alarms that releases watch, of both colours, sorted. */
export function releaseAlarms({ alarm_names: names }: AlarmNames): readonly string[] {
  return Object.values(names)
    .flatMap((one) => Object.values(one))
    .toSorted();
}

/** The alarms that a release to the colour watches: the colour's own, the load balancer's, and the user's. */
export function watchedAlarms(
  { alarm_names: names }: AlarmNames,
  colour: Colour,
  further: readonly string[],
): readonly string[] {
  const own = [...Object.values(names[colour]), ...Object.values(names.load_balancer)];
  return [...new Set([...own.toSorted(), ...further])];
}

/**
 * The colour's alarm on unhealthy instances. New instances set it off until they answer, and it stays on for minutes after that.
 * So it alone does not mean that a newer release is bad.
 */
export function startAlarm({ alarm_names: names }: AlarmNames, colour: Colour): string {
  return names[colour].unhealthy;
}

/** The alarms that are on or missing. */
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
