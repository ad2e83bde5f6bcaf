import type { AwsClients } from "../../aws/clients.ts";
import { describeGroups, type GroupSnapshot } from "../../aws/fleet.ts";
import { readDoorReport, type DoorReport } from "../../state/reports/door-report.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import type { SingleOutputs } from "../../state/stack-record.ts";

type Aws = Pick<AwsClients, "autoScaling">;

/** The machine's Auto Scaling group; undefined when it does not exist. */
export async function machineGroup(
  aws: Aws,
  { machine }: Pick<SingleOutputs, "machine">,
): Promise<GroupSnapshot | undefined> {
  return (await describeGroups(await aws.autoScaling(), [machine.group]))[0];
}

/** The door's report of the newest machine that is not on its way out. Undefined without one, and before its first report. */
export async function machineReport(
  { aws, store }: { readonly aws: Aws; readonly store: Pick<ObjectStore, "get"> },
  outputs: Pick<SingleOutputs, "machine">,
): Promise<DoorReport | undefined> {
  const { instances = [] } = (await machineGroup(aws, outputs)) ?? {};
  const newest = instances.findLast(({ lifecycle }) => !lifecycle.startsWith("Terminat"));
  return newest === undefined ? undefined : readDoorReport(store, newest.id);
}
