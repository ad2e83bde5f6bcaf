import type { ListenerView } from "./region-view.ts";

/** ARNs of the target groups that a listener or one of its rules names, at any weight. */
export function groupsOf(listener: ListenerView): string[] {
  const actions = [...listener.fallback, ...listener.rules.flatMap((rule) => rule.actions)];
  return actions.flatMap((action) =>
    action.type === "forward" ? action.groups.map(({ arn }) => arn) : [],
  );
}
