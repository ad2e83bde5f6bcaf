import { type CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import type { ControllerLog } from "../controller-log.ts";
import type { Emulator } from "../emulator.ts";
import type { RegionView } from "../observe/region-view.ts";
import type { MatchBuffer } from "./match-buffer.ts";
import { firewallNamespace, matchData } from "./match-data.ts";

/** Reports the waiting matches as samples, as CloudWatch metrics and in the log. Throws when the emulator does not answer; they wait on. */
export async function reportMatches(
  {
    buffer,
    emulator,
    watchOf,
    log,
  }: {
    readonly buffer: MatchBuffer;
    readonly emulator: Pick<Emulator, "reportMatches">;
    readonly watchOf: (region: string) => Pick<CloudWatchClient, "send">;
    readonly log: Pick<ControllerLog, "info">;
  },
  regions: readonly RegionView[],
): Promise<void> {
  const requests = buffer.waiting();
  if (requests.length === 0) return;
  await emulator.reportMatches(requests);
  buffer.reported(requests);
  const blocked = requests.flatMap(({ matches }) =>
    matches.filter(({ action }) => action === "BLOCK").map(({ inner, rule }) => inner ?? rule),
  );
  log.info("web ACL", { matched: requests.length, blocked: countEach(blocked) });
  for (const { region, listeners } of regions) {
    const names = listeners.flatMap(({ webAcl }) =>
      webAcl === null ? [] : [[webAcl.arn, webAcl.metric] as const],
    );
    const MetricData = matchData(requests, region, new Map(names));
    if (MetricData.length === 0) continue;
    await watchOf(region).send(
      new PutMetricDataCommand({ Namespace: firewallNamespace, MetricData }),
    );
  }
}

function countEach(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
