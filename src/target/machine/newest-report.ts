import type { GroupSnapshot } from "../../aws/fleet.ts";
import { readDoorReport, type DoorReport } from "../../state/door-report.ts";
import type { ObjectStore } from "../../state/object-store.ts";

/** The door's report of the newest machine of the group that is not on its way out. Undefined without one, and before its first report. */
export async function newestReport(
  store: Pick<ObjectStore, "get">,
  group: Pick<GroupSnapshot, "instances"> | undefined,
): Promise<DoorReport | undefined> {
  const newest = group?.instances.findLast(({ lifecycle }) => !lifecycle.startsWith("Terminat"));
  return newest === undefined ? undefined : readDoorReport(store, newest.id);
}
