import { expect, test } from "vitest";
import { obstacleOf } from "./reachability.ts";

test.each([
  [{}, null, null],
  [{ "slow-boot": "90s" }, null, null],
  [{ unreachable: "name" }, "name", null],
  [{ unreachable: "address" }, "address", "address"],
] as const)("%j: by name %s, by the load balancer's own name %s", (weather, byName, byBalancer) => {
  expect(obstacleOf(weather, "name")).toBe(byName);
  expect(obstacleOf(weather, "load-balancer")).toBe(byBalancer);
});
