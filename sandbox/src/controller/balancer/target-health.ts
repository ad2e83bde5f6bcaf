import { checkedCode } from "../checker/checker-config.ts";
import type { TargetGroupView } from "../observe/region-view.ts";
import { proxyName, serverName } from "./read-model.ts";
import type { ServerRow } from "./haproxy-stat.ts";

/** State, reason and description, as in the API reference of TargetHealth. */
export interface ReportedHealth {
  readonly state: "initial" | "healthy" | "unhealthy";
  readonly reason?: string;
  readonly description?: string;
}

/** Target group ARN -> instance -> health, according to the load balancer's checks, of every registered target that it has. */
export function judgeTargets(
  groups: readonly TargetGroupView[],
  rows: readonly ServerRow[],
): Record<string, Record<string, ReportedHealth>> {
  return Object.fromEntries(
    groups.map((group) => {
      const own = new Map(
        rows.filter((row) => row.backend === proxyName(group.name)).map((row) => [row.name, row]),
      );
      const registered = group.targets.filter(
        (target) => target.state !== "draining" && target.state !== "unused",
      );
      const judged = registered.flatMap((target) => {
        const row = own.get(serverName(target));
        return row === undefined
          ? []
          : [[target.instance, judge(row, target.state, group)] as const];
      });
      return [group.arn, Object.fromEntries(judged)];
    }),
  );
}

function judge(row: ServerRow, before: string, group: TargetGroupView): ReportedHealth {
  const { health } = group;
  if (row.status === "up") return { state: "healthy" };
  const failing = row.check !== "INI" && !row.check.endsWith("OK") && row.check !== "";
  const known = before === "healthy" || before === "unhealthy";
  // HAProxy counts failures only of servers that were up. A new target has failed once its checks have had time to fail.
  if (
    !known &&
    !(failing && row.sinceChange >= health.intervalSeconds * health.unhealthyThreshold)
  ) {
    return {
      state: "initial",
      reason: "Elb.InitialHealthChecking",
      description: "Initial health checks in progress",
    };
  }
  return { state: "unhealthy", ...explain(row, group) };
}

function explain(
  { check, checkCode }: ServerRow,
  group: Pick<TargetGroupView, "protocolVersion">,
): {
  readonly reason: string;
  readonly description: string;
} {
  const code = checkedCode(group, checkCode);
  if (check === "L7STS" && code !== undefined) {
    return {
      reason: "Target.ResponseCodeMismatch",
      description: `Health checks failed with these codes: [${code}]`,
    };
  }
  if (check.endsWith("TOUT")) return { reason: "Target.Timeout", description: "Request timed out" };
  return { reason: "Target.FailedHealthChecks", description: "Health checks failed" };
}
