import { listOf, recordOf, textOf, type JsonRecord } from "./json.ts";

/**
 * Addresses of the resources that someone has changed or deleted outside Terraform, and that the plan brings back. What was changed and is not
 * part of the plan, such as the sizes that releases set, does not count. `plan`: what `terraform show -json` says of a saved plan
 * (https://developer.hashicorp.com/terraform/internals/json-format#plan-representation).
 */
export function outsideChanges(plan: unknown): readonly string[] {
  const { resource_drift: drifted, resource_changes: planned } = recordOf(plan);
  const plans = new Map(
    listOf(planned).map((one) => [textOf(recordOf(one)["address"]), changeOf(one)]),
  );
  return listOf(drifted)
    .map((one) => ({ address: textOf(recordOf(one)["address"]), change: changeOf(one) }))
    .filter(({ address, change }) => bringsBack(change, plans.get(address)))
    .map(({ address }) => address);
}

interface Change {
  readonly actions: readonly string[];
  readonly before: JsonRecord;
  readonly after: JsonRecord;
}

function changeOf(resource: unknown): Change {
  const { actions, before, after } = recordOf(recordOf(resource)["change"]);
  return {
    actions: listOf(actions).map(textOf),
    before: recordOf(before),
    after: recordOf(after),
  };
}

/** Whether the plan gives an attribute the value that it had before someone changed it. */
function bringsBack(drift: Change, planned: Change | undefined): boolean {
  if (planned === undefined || planned.actions.every((action) => passive.has(action))) return false;
  if (drift.actions.includes("delete")) return planned.actions.includes("create");
  return Object.keys(drift.before).some(
    (name) =>
      !isSame(drift.before[name], drift.after[name]) &&
      isSame(drift.before[name], planned.after[name]),
  );
}

/** Terraform writes the keys of a map in order. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const passive: ReadonlySet<string> = new Set(["no-op", "read"]);
