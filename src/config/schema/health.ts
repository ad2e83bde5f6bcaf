import * as z from "zod/mini";
import { secondsOf } from "../fields/time/duration.ts";
import * as field from "../fields/fields.ts";
import { group, key } from "../fields/keys.ts";
import type { RequestSettings } from "./requests.ts";

/** When an instance counts as healthy. */
export interface HealthSettings {
  readonly path: string;
  readonly intervalSeconds: number;
  readonly timeoutSeconds: number;
  /** Failed checks in a row, after which the group replaces the instance. */
  readonly unhealthyThreshold: number;
  readonly drainSeconds: number;
  /** Answers of the path that are good, gRPC codes for gRPC; null for all from 200 to 299. */
  readonly codes: readonly number[] | null;
  /** Fail on an answer that shows a wrong path or port, without waiting for the timeout. */
  readonly failFast: boolean;
}

/** Seconds, the load balancer's own limit. */
const longestDrain = 3600;

const byDefault = {
  path: "/healthz",
  interval: "5s",
  timeout: "120s",
  fail_fast: true,
} as const;

/** The check that gRPC's health service answers, and its code when the call was answered. */
export const grpcHealth = { path: "/grpc.health.v1.Health/Check", codes: [0] } as const;

const codesAllowed =
  "a list of 1 to 20 codes from 200 to 499, such as [200, 401], or of gRPC from 0 to 99, such as [0]";

export const health = group("When an instance counts as healthy.", {
  path: key(
    field.urlPath(),
    "Path that answers 200 when the app can serve. With requests.protocol: grpc, the method that is called, by default /grpc.health.v1.Health/Check.",
    byDefault.path,
  ),
  codes: key(
    z
      // The load balancer's own limits (CreateTargetGroup, Matcher).
      .array(field.answerCode(499, codesAllowed), { error: codesAllowed })
      .check(z.minLength(1, { error: codesAllowed }), z.maxLength(20, { error: codesAllowed })),
    "Codes of the path's answer that are good. Default: 200 to 299. With requests.protocol: grpc, gRPC's codes; default 0.",
  ),
  interval: key(
    // The load balancer's own limits.
    field.duration(5, 300),
    "Time between two health checks of the load balancer.",
    byDefault.interval,
  ),
  timeout: key(
    field.duration(10, 7200),
    "Time that a new instance may take to become healthy once its container starts, including loading the model.",
    byDefault.timeout,
  ),
  unhealthy_threshold: key(
    // The load balancer's own limits.
    field.wholeNumber(2, 10, "checks"),
    "Failed checks in a row, after which an instance is replaced. Default: as many as take 30 seconds.",
  ),
  drain: key(
    field.duration(0, longestDrain),
    "Time that requests in flight get to finish when an instance leaves the load balancer. Default: requests.timeout.",
  ),
  fail_fast: key(
    field.flag(),
    "Fail at once when an answer shows that the path or the port is wrong, instead of waiting for health.timeout.",
    byDefault.fail_fast,
  ),
});

type HealthKeys = NonNullable<z.infer<typeof health>>;

export function settleHealth(
  keys: HealthKeys = {},
  { protocol, timeoutSeconds: requestSeconds }: RequestSettings,
): HealthSettings {
  const usual = protocol === "grpc" ? grpcHealth : { path: byDefault.path, codes: undefined };
  const codes = keys.codes ?? usual.codes;
  const intervalSeconds = secondsOf(keys.interval ?? byDefault.interval);
  return {
    path: keys.path ?? usual.path,
    codes: codes === undefined ? null : [...new Set(codes)],
    intervalSeconds,
    timeoutSeconds: secondsOf(keys.timeout ?? byDefault.timeout),
    unhealthyThreshold: keys.unhealthy_threshold ?? checksIn(busySeconds, intervalSeconds),
    drainSeconds:
      keys.drain === undefined ? Math.min(requestSeconds, longestDrain) : secondsOf(keys.drain),
    failFast: keys.fail_fast ?? byDefault.fail_fast,
  };
}

function checksIn(seconds: number, intervalSeconds: number): number {
  return Math.min(10, Math.max(2, Math.ceil(seconds / intervalSeconds)));
}

/** A container that restarts, or a model that works on one long batch, is silent for about this long. */
const busySeconds = 30;
