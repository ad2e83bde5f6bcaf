import * as z from "zod/mini";
import { severities, type Severity } from "../fields/severities.ts";
import { secondsOf } from "../fields/time/duration.ts";
import * as field from "../fields/fields.ts";
import { group, key } from "../fields/keys.ts";
import type { Protocol } from "./requests.ts";
import { before, settleBefore, type BeforeSettings } from "./before.ts";
import { probe, settleProbe, type ProbeSettings } from "./probe.ts";
import { type releaseStrategies, strategyChoices } from "../fields/strategy-names.ts";

/** How a new version takes over, with every default filled in. */
export interface ReleaseSettings {
  readonly strategy: (typeof releaseStrategies)[number];
  /** How long the release is watched after all traffic has moved. */
  readonly bakeSeconds: number;
  /** For the whole release, from the push of its image. */
  readonly timeoutSeconds: number;
  /** How long the previous colour stays warm. */
  readonly keepPreviousSeconds: number;
  /** Names of CloudWatch alarms to watch in addition to the stack's own. */
  readonly alarms: readonly string[];
  /** Weight in per cent. */
  readonly canary: { readonly weight: number; readonly bakeSeconds: number };
  /** Step in per cent; the interval lies between two steps. */
  readonly linear: { readonly step: number; readonly intervalSeconds: number };
  /** Instances at a time. */
  readonly rolling: { readonly batch: number };
  /** Findings of this severity, and worse ones, in the registry's scan of the image stop a release. */
  readonly scan: "none" | Severity;
  /** What runs once before a new version starts; null for nothing. */
  readonly before: BeforeSettings | null;
  readonly probe: ProbeSettings;
}

/** The same as the file has it: a release may still have to choose its strategy. */
export interface ReleaseConfig extends Omit<ReleaseSettings, "strategy"> {
  readonly strategy: (typeof strategyChoices)[number];
}

// Until an alarm goes off takes a load balancer's metrics and two periods of a minute up to four minutes.
const byDefault = {
  strategy: "blue-green",
  bake: "5m",
  timeout: "30m",
  keep_previous: "10m",
  canary: { weight: 10, bake: "5m" },
  linear: { step: 20, interval: "1m" },
  rolling: { batch: 1 },
  scan: "none",
} as const;

/** The longest that `release.timeout` may be, in seconds. */
export const longestRelease = 24 * 3600;

export const strategy = field.choice(strategyChoices);
export const bake = field.duration(0, longestRelease);
export const timeout = field.duration(60, longestRelease);
// A scheduled action of the Auto Scaling group ends the warm time, and AWS refuses one that starts in the past.
export const keepPrevious = field.duration(60, 24 * 3600);
export const canaryWeight = field.wholeNumber(1, 99);

const canary = group("The strategy canary: part of the traffic first, then all of it.", {
  weight: key(
    canaryWeight,
    "Per cent of the traffic that the new version gets first.",
    byDefault.canary.weight,
  ),
  bake: key(
    field.duration(0, longestRelease),
    "Time that the probe and the alarms are watched before the rest of the traffic follows.",
    byDefault.canary.bake,
  ),
});

const linear = group("The strategy linear: the traffic moves step by step.", {
  step: key(
    field.wholeNumber(1, 50),
    "Per cent of the traffic that moves in each step.",
    byDefault.linear.step,
  ),
  interval: key(
    field.duration(1, 3600),
    "Time that the probe and the alarms are watched between two steps.",
    byDefault.linear.interval,
  ),
});

const rolling = group("The strategy rolling: inside the serving colour, through Standby.", {
  batch: key(
    // https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnterStandby.html accepts 20 at once.
    field.wholeNumber(1, 20, "instances"),
    "Instances that are taken out of service at a time.",
    byDefault.rolling.batch,
  ),
});

// https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_DescribeAlarms.html accepts 100 names, and the stack's own alarms need some of them.
const mostAlarms = 90;
const alarmsAllowed = `a list of at most ${mostAlarms} names of CloudWatch alarms`;

export const release = group("How a new version takes over.", {
  strategy: key(
    strategy,
    "How traffic moves. blue-green: all at once. canary: part of it first. linear: step by step. rolling: instance by instance inside the serving colour, for fleets that cannot double. recreate: the old container stops before the new one starts, for one machine without memory for two. auto: blue-green where the account's quotas and AWS's capacity allow a second fleet, otherwise rolling.",
    byDefault.strategy,
  ),
  bake: key(
    bake,
    "Time that the probe and the alarms are watched after all traffic has moved. A failure in this time rolls the release back.",
    byDefault.bake,
  ),
  timeout: key(
    timeout,
    "Time that a whole release may take, from the push of its image.",
    byDefault.timeout,
  ),
  keep_previous: key(
    keepPrevious,
    "Time that the previous version's instances stay ready, so that a rollback takes one call.",
    byDefault.keep_previous,
  ),
  alarms: key(
    z
      .array(
        field.text(/^(?!arn:)\P{Cc}{1,255}$/u, "the name of a CloudWatch alarm, not its ARN"),
        { error: alarmsAllowed },
      )
      .check(z.maxLength(mostAlarms, { error: alarmsAllowed })),
    "Names of more CloudWatch alarms that end a release, in addition to the stack's own.",
    [],
  ),
  canary,
  linear,
  rolling,
  before,
  scan: key(
    field.choice(["none", ...severities]),
    "Stops a release when the registry's scan of its image finds a vulnerability of this severity or a worse one. none: the scan stops nothing, and status shows it.",
    byDefault.scan,
  ),
  probe,
});

type ReleaseKeys = NonNullable<z.infer<typeof release>>;

/** `healthCodes`: good answers of the health path; null for 200 to 299. */
export function settleRelease(
  keys: ReleaseKeys = {},
  healthPath: string,
  healthCodes: readonly number[] | null = null,
  protocol: Protocol = "http1",
): ReleaseConfig {
  return {
    strategy: keys.strategy ?? byDefault.strategy,
    bakeSeconds: secondsOf(keys.bake ?? byDefault.bake),
    timeoutSeconds: secondsOf(keys.timeout ?? byDefault.timeout),
    keepPreviousSeconds: secondsOf(keys.keep_previous ?? byDefault.keep_previous),
    alarms: keys.alarms ?? [],
    canary: {
      weight: keys.canary?.weight ?? byDefault.canary.weight,
      bakeSeconds: secondsOf(keys.canary?.bake ?? byDefault.canary.bake),
    },
    linear: {
      step: keys.linear?.step ?? byDefault.linear.step,
      intervalSeconds: secondsOf(keys.linear?.interval ?? byDefault.linear.interval),
    },
    rolling: { batch: keys.rolling?.batch ?? byDefault.rolling.batch },
    scan: keys.scan ?? byDefault.scan,
    probe: settleProbe(keys.probe, healthPath, healthCodes, protocol),
    before: settleBefore(keys.before),
  };
}

/** A strategy's waits after its instances are healthy. */
interface Waits {
  readonly seconds: number;
  /** The keys that add up to the seconds, in words. */
  readonly sum: string;
  /** Its own keys among them, below `release`. */
  readonly keys: readonly (readonly string[])[];
}

const bakeOnly = ({ bakeSeconds }: ReleaseConfig): Waits => ({
  seconds: bakeSeconds,
  sum: "release.bake",
  keys: [],
});

/** How long each strategy waits. `release.timeout` must be longer. */
export const waits: Readonly<
  Record<ReleaseConfig["strategy"], (settings: ReleaseConfig) => Waits>
> = {
  "blue-green": bakeOnly,
  canary: ({ bakeSeconds, canary: first }) => ({
    seconds: first.bakeSeconds + bakeSeconds,
    sum: "release.canary.bake and release.bake",
    keys: [["canary", "bake"]],
  }),
  linear: ({ bakeSeconds, linear: { step, intervalSeconds } }) => ({
    // The bake follows the last step.
    seconds: (Math.ceil(100 / step) - 1) * intervalSeconds + bakeSeconds,
    sum: "all of release.linear's intervals and release.bake",
    keys: [
      ["linear", "interval"],
      ["linear", "step"],
    ],
  }),
  rolling: bakeOnly,
  auto: bakeOnly,
  recreate: bakeOnly,
};
