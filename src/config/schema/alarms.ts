import * as z from "zod/mini";
import { secondsOf } from "../fields/time/duration.ts";
import * as field from "../fields/fields.ts";
import { group, key } from "../fields/keys.ts";
import type { WorkloadProfile } from "./fleet/workload.ts";

/** When the stack raises an alarm. */
export interface AlarmSettings {
  readonly serverErrors: number;
  /** Answers of the load balancer itself in a minute, because no instance answered. */
  readonly unanswered: number;
  readonly p99Seconds: number;
  readonly unhealthyHosts: number;
  /** ARNs of SNS topics. */
  readonly notify: readonly string[];
}

const byDefault = { server_errors: 5, unanswered: 20, p99: "2s", unhealthy_hosts: 1 } as const;

const topicsAllowed = "a list of at most five ARNs of SNS topics";

export const alarms = group(
  "When the stack raises an alarm. The same alarms roll a release back.",
  {
    server_errors: key(
      field.wholeNumber(1, 1_000_000, "answers"),
      "Alarm when the app gives this many 5xx answers in a minute.",
      byDefault.server_errors,
    ),
    unanswered: key(
      field.wholeNumber(1, 1_000_000, "answers"),
      "Alarm when the load balancer itself gives this many 5xx answers in a minute, because no instance did.",
      byDefault.unanswered,
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
    notify: key(
      // An alarm has at most five actions for each of its states.
      z
        .array(
          field.text(
            /^arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]+:[0-9]{12}:[\w-]{1,256}$/,
            "the ARN of an SNS topic, such as arn:aws:sns:eu-central-1:123456789012:on-call",
          ),
          { error: topicsAllowed },
        )
        .check(z.maxLength(5, { error: topicsAllowed })),
      "SNS topics that hear when an alarm goes off and when it is over.",
      [],
    ),
  },
);

type AlarmKeys = NonNullable<z.infer<typeof alarms>>;

/** `profile`: of the workload. */
export function settleAlarms(
  keys: AlarmKeys = {},
  profile?: Pick<WorkloadProfile, "p99">,
): AlarmSettings {
  return {
    serverErrors: keys.server_errors ?? byDefault.server_errors,
    unanswered: keys.unanswered ?? byDefault.unanswered,
    p99Seconds: secondsOf(keys.p99 ?? profile?.p99 ?? byDefault.p99),
    unhealthyHosts: keys.unhealthy_hosts ?? byDefault.unhealthy_hosts,
    notify: keys.notify ?? [],
  };
}
