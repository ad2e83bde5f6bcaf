import type { PlannedChange } from "../../terraform/events/terraform-events.ts";
import type { PlanResult } from "../../terraform/events/plan-result.ts";

/**
 * The plan as people read it. Each change, replacement and deletion has its own line; additions come last.
 * Many additions, and the deletions of a whole stack, are counted by type. A change that undoes what someone did outside infer-deploy says so.
 */
export function planText({ changes: all, outside = [] }: PlanResult): readonly string[] {
  const undone = all.filter(({ address }) => outside.includes(address));
  const changes = all.filter(({ address }) => !outside.includes(address));
  const added = changes.filter((change) => change.action === "create");
  const deleted = changes.filter((change) => change.action === "delete");
  const others = changes.filter(
    (change) => change.action !== "create" && change.action !== "delete",
  );
  return [
    ...undone.map((change) => `${line(change)} (${undoing(change)})`),
    ...others.map((change) => line(change)),
    // A deletion among other changes deserves a look. Many deletions alone mean that the stack is destroyed.
    ...(others.length + added.length > 0 ? deleted.map((change) => line(change)) : group(deleted)),
    ...group(added),
  ];
}

function group(changes: readonly PlannedChange[]): readonly string[] {
  const [first] = changes;
  if (first === undefined || changes.length <= listedAtMost) {
    return changes.map((change) => line(change));
  }
  const counts = new Map<string, number>();
  for (const { resourceType } of changes) {
    const type = resourceType.replace(/^aws_/, "");
    counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  const parts = [...counts]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, count]) => `${count} ${type}`);
  return [`${verbs[first.action]} ${changes.length} resources: ${parts.join(", ")}`];
}

function line(change: PlannedChange): string {
  return `${verbs[change.action] ?? change.action} ${change.address}`;
}

function undoing({ action }: PlannedChange): string {
  return action === "create"
    ? "was deleted outside infer-deploy, and is made again"
    : "was changed outside infer-deploy, and is changed back";
}

const verbs: Readonly<Record<string, string>> = {
  create: "+",
  update: "~",
  delete: "-",
  replace: "-/+",
  move: "move",
  import: "import",
};

const listedAtMost = 8;
