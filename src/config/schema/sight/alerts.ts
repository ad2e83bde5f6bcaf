import * as z from "zod/mini";
import { secondsOf } from "../../fields/time/duration.ts";
import * as field from "../../fields/fields.ts";
import { group, key } from "../../fields/keys.ts";

/** Who hears that the service is not well, and from when on. */
export interface AlertSettings {
  readonly emails: readonly string[];
  /** ARNs of existing SNS topics, which get what the addresses get. */
  readonly topics: readonly string[];
  /** ARNs of SNS topics of the one alarm that calls a person; without any it goes where the others go. */
  readonly callTopics: readonly string[];
  readonly thresholds: {
    /** In a minute. */
    readonly connectionErrors: number;
    readonly errorPercent: number;
    /** In a minute, below which no share is an alarm. */
    readonly minRequests: number;
    readonly p99Seconds: number;
    /** Of the fullest instance. */
    readonly memoryPercent: number;
    readonly diskPercent: number;
  };
}

const byDefault = {
  error_share: 5,
  min_requests: 20,
  p99: "2s",
  connection_errors: 10,
  memory: 90,
  disk: 85,
} as const;

export const address = field.text(
  /^(?=.{3,254}$)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/,
  "an e-mail address, such as on-call@example.com",
);

export const topic = field.text(
  /^arn:aws(?:-[a-z]+)*:sns:[a-z0-9-]+:[0-9]{12}:[\w-]{1,256}$/,
  "the ARN of an SNS topic, such as arn:aws:sns:eu-central-1:123456789012:on-call",
);

// An alarm has at most five actions for each of its states, and one is the addresses' topic.
const topicsAllowed = "a list of at most four ARNs of SNS topics";
// One for each key: a schema has one description.
const topics = () =>
  z.array(topic, { error: topicsAllowed }).check(z.maxLength(4, { error: topicsAllowed }));

const addressesAllowed = "a list of at most 20 e-mail addresses";

export const alerts = group(
  "Who hears that the service is not well. A release watches other alarms, those of `alarms`.",
  {
    email: key(
      z
        .array(address, { error: addressesAllowed })
        .check(z.maxLength(20, { error: addressesAllowed })),
      "Addresses that get a mail when an alarm goes off and when it is over. Each reader confirms it once.",
      [],
    ),
    topics: key(topics(), "Existing SNS topics that get the same messages.", []),
    call: key(
      topics(),
      "SNS topics of the one alarm that calls a person, such as a pager's. Without any it goes where the others go.",
      [],
    ),
    error_share: key(
      field.wholeNumber(1, 100, "per cent"),
      "Alarm when this share of the answers are 5xx for two minutes: the app's, and the load balancer's own, each by itself.",
      byDefault.error_share,
    ),
    min_requests: key(
      field.wholeNumber(1, 1_000_000, "requests"),
      "Requests in a minute below which shares and latency raise no alarm.",
      byDefault.min_requests,
    ),
    p99: key(
      field.duration(0.001, 4000, 0.001),
      "Alarm when one answer in a hundred takes longer than this for two minutes.",
      byDefault.p99,
    ),
    connection_errors: key(
      field.wholeNumber(1, 1_000_000, "errors"),
      "Alarm when the load balancer cannot connect to instances this often a minute, for two minutes.",
      byDefault.connection_errors,
    ),
    memory: key(
      field.wholeNumber(1, 100, "per cent"),
      "Alarm when an instance's memory is this full for two minutes. Needs metrics.instances.",
      byDefault.memory,
    ),
    disk: key(
      field.wholeNumber(1, 100, "per cent"),
      "Alarm when an instance's disk is this full for two minutes. Needs metrics.instances.",
      byDefault.disk,
    ),
  },
);

type AlertKeys = NonNullable<z.infer<typeof alerts>>;

/** Null: no alerts. */
export function settleAlerts(keys: AlertKeys | undefined): AlertSettings | null {
  if (keys === undefined) return null;
  return {
    emails: [...new Set(keys.email ?? [])].toSorted(),
    topics: keys.topics ?? [],
    callTopics: keys.call ?? [],
    thresholds: {
      connectionErrors: keys.connection_errors ?? byDefault.connection_errors,
      errorPercent: keys.error_share ?? byDefault.error_share,
      minRequests: keys.min_requests ?? byDefault.min_requests,
      p99Seconds: secondsOf(keys.p99 ?? byDefault.p99),
      memoryPercent: keys.memory ?? byDefault.memory,
      diskPercent: keys.disk ?? byDefault.disk,
    },
  };
}
