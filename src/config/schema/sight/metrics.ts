import * as z from "zod/mini";
import * as field from "../../fields/fields.ts";
import { group, key } from "../../fields/keys.ts";

/** What instances measure once a minute, in addition to what AWS measures. */
export interface MetricSettings {
  /** Whether they report their memory and disk. */
  readonly instances: boolean;
  readonly path: string;
  /** Names of the app's own series. */
  readonly series: readonly string[];
}

const byDefault = { path: "/metrics" } as const;

const seriesAllowed = "a list of at most 5 names of series, such as queue_texts";

export const metrics = group(
  "What instances measure once a minute. Each metric costs 0.30 USD a month for each colour that runs.",
  {
    instances: key(
      field.flag(),
      "Whether instances report how full their memory and disk are. Default: with alerts, which have an alarm for each.",
    ),
    path: key(
      // It is in the user data, which has 16 KB.
      field.urlPath().check(z.maxLength(50, { error: "a path of at most 50 characters" })),
      "Path of the app's own metrics, in Prometheus' text format.",
      byDefault.path,
    ),
    series: key(
      z
        .array(
          field.text(
            /^[a-zA-Z_][a-zA-Z0-9_]{0,39}$/,
            "the name of a series of at most 40 letters, digits and _",
          ),
          {
            error: seriesAllowed,
          },
        )
        .check(z.maxLength(5, { error: seriesAllowed })),
      "Series of the app that become metrics: a counter by what it grew in the minute, anything else by its value, each summed over its labels.",
      [],
    ),
  },
);

type MetricKeys = NonNullable<z.infer<typeof metrics>>;

export function settleMetrics(keys: MetricKeys = {}, hasAlerts: boolean): MetricSettings {
  return {
    instances: keys.instances ?? hasAlerts,
    path: keys.path ?? byDefault.path,
    series: [...new Set(keys.series ?? [])].toSorted(),
  };
}
