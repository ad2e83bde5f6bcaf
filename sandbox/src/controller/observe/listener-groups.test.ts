import { expect, test } from "vitest";
import { groupsOf } from "./listener-groups.ts";
import type { ListenerView } from "./region-view.ts";

const forward = (...arns: string[]) => ({
  type: "forward",
  groups: arns.map((arn, index) => ({ arn, weight: index })),
});

test("the groups of the default and of every rule, at any weight, from forward actions only", () => {
  const listener = {
    fallback: [forward("blue", "green")],
    rules: [
      { actions: [forward("probe")] },
      { actions: [{ type: "fixed-response", status: 403 }] },
      { actions: [{ type: "redirect" }, forward("blue")] },
    ],
  } as unknown as ListenerView;
  expect(groupsOf(listener)).toEqual(["blue", "green", "probe", "blue"]);
});

test("a listener that only answers itself has none", () => {
  expect(groupsOf({ fallback: [], rules: [] } as unknown as ListenerView)).toEqual([]);
});
