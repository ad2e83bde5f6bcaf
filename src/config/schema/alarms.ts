import type * as z from "zod/mini";
import { secondsOf } from "../fields/duration.ts";
import * as field from "../fields/fields.ts";
import { group, key } from "../fields/keys.ts";

/** When the stack raises an alarm. */
export interface AlarmSettings {
  readonly serverErrors: number;
  readonly p99Seconds: number;
  readonly unhealthyHosts: number;
}

const byDefault = { server_errors: 5, p99: "2s", unhealthy_hosts: 1 } as const;

export const alarms = group(
  "When the stack raises an alarm. The same alarms roll a release back.",
  {
    server_errors: key(
      field.wholeNumber(1, 1_000_000, "answers"),
      "Alarm when the app gives this many 5xx answers in a minute.",
      byDefault.server_errors,
    ),
    p99: key(
      field.duration(0.001, 4000, 0.001),
      "Alarm when one answer in a hundred takes longer than this.",
      byDefault.p99,
    ),
    unhealthy_hosts: key(
      // The most instances that a colour can have.
      field.wholeNumber(1, 500, "instances"),
      "Alarm when this many instances of a colour fail their health check for two minutes.",
      byDefault.unhealthy_hosts,
    ),
  },
);

type AlarmKeys = NonNullable<z.infer<typeof alarms>>;

export function settleAlarms(keys: AlarmKeys = {}): AlarmSettings {
  return {
    serverErrors: keys.server_errors ?? byDefault.server_errors,
    p99Seconds: secondsOf(keys.p99 ?? byDefault.p99),
    unhealthyHosts: keys.unhealthy_hosts ?? byDefault.unhealthy_hosts,
  };
}
