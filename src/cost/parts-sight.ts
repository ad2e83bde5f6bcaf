import { hasHealthChecks } from "../config/schema/edge/routing.ts";
import type { CostPart, CostSettings } from "./cost-part.ts";
import { counted, sumOf } from "./money.ts";
import { everywhere } from "./prices.ts";

/** Alarms, metrics and the dashboard of CloudWatch. */
export function sightParts(
  config: Pick<
    CostSettings,
    "alerts" | "dashboard" | "domains" | "metrics" | "routing" | "scaling" | "topology"
  >,
): readonly CostPart[] {
  const { alerts, dashboard, domains, metrics: wanted, topology } = config;
  const isSingle = topology === "single";
  const alarms = isSingle ? machineAlarms(domains.length > 0) : alarmMetrics(config);
  const door = isSingle ? doorMetrics + (domains.length > 0 ? 1 : 0) : 0;
  const metrics = (wanted.instances ? hostMetrics : 0) + wanted.series.length + door;
  return [
    {
      part: "alarms",
      what: `on ${counted(alarms, "metric")}${alerts === null ? "" : ", and 1 of alarms"}`,
      usd_per_month: sumOf(
        alarms * everywhere.alarm + (alerts === null ? 0 : everywhere.compositeAlarm),
      ),
    },
    ...(metrics === 0
      ? []
      : [
          {
            part: "metrics" as const,
            what: `${metrics} of the serving colour`,
            usd_per_month: sumOf(metrics * everywhere.metric),
          },
        ]),
    ...(dashboard
      ? [{ part: "dashboard" as const, what: "1", usd_per_month: sumOf(everywhere.dashboard) }]
      : []),
  ];
}

/** CloudWatch charges an alarm for each metric in it. The numbers are those of templates/terraform/modules/{alarms,alerts,health-checks,scaling}. */
function alarmMetrics({
  alerts,
  domains,
  metrics,
  routing,
  scaling,
}: Pick<CostSettings, "alerts" | "domains" | "metrics" | "routing" | "scaling">): number {
  const release = 2 * 3 + 1;
  // Two shares of two metrics, slow answers, healthy hosts, two kinds of connections.
  const people = 2 * 2 + 2 + 4 + 2;
  const fill = metrics.instances ? 2 * 4 : 0;
  const certificate = domains.length > 0 ? 1 : 0;
  // A policy has a pair of alarms, and each colour a policy.
  const policies = scaling.target === null ? 0 : 2 * 2;
  const empty = hasHealthChecks({ routing }) ? 2 : 0;
  return release + policies + empty + (alerts === null ? 0 : people + fill + certificate);
}

/** Those of templates/terraform/modules/machine-alarms. */
function machineAlarms(hasCertificate: boolean): number {
  const release = 2 * 3 + 1;
  const machine = 3;
  return release + machine + (hasCertificate ? 1 : 0);
}

/** Requests, errors, time and health of the colour that serves, and answers without a container. */
const doorMetrics = 5;

/** Memory and disk. */
const hostMetrics = 2;
