import { expect, test } from "vitest";
import { stackFacts, stackInput } from "../../test/_helpers/stack-values.ts";
import { desiredStack } from "./stack.ts";

test("the load balancer and the door accept the codes of the file", () => {
  const health = { ...stackInput().health, codes: [200, 401] };
  const { variables } = desiredStack(stackInput({ health }), stackFacts());
  expect(variables.health.matcher).toBe("200,401");
  const single = desiredStack(stackInput({ health, topology: "single" }), stackFacts());
  expect(single.variables.door?.health_codes).toEqual([200, 401]);
});
