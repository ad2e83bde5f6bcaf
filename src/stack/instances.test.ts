import { expect, test } from "vitest";
import { stackFacts, stackInput } from "../../test/_helpers/stack-values.ts";
import { desiredStack } from "./stack.ts";

test("only a burstable type has CPU credits", () => {
  const { instances } = stackInput();
  const of = (type: string) =>
    desiredStack(stackInput({ instances: { ...instances, type } }), stackFacts()).variables
      .instances;
  expect(of("t4g.small")).toHaveProperty("cpu_credits", "unlimited");
  expect(of("c7g.large")).not.toHaveProperty("cpu_credits");
});

test("a list has the fewest GPUs of its types, and credits only where all types have them", () => {
  const { instances } = stackInput();
  const of = (type: string, ...otherTypes: readonly string[]) =>
    desiredStack(stackInput({ instances: { ...instances, type, otherTypes } }), stackFacts())
      .variables.instances;
  expect(of("p5.48xlarge", "g6.12xlarge")).toMatchObject({
    type: "p5.48xlarge",
    other_types: ["g6.12xlarge"],
    gpus: 4,
  });
  expect(of("t3.small")).not.toHaveProperty("other_types");
  expect(of("t3.small", "t3a.small")).toHaveProperty("cpu_credits");
  expect(of("t3.small", "c7i.large")).not.toHaveProperty("cpu_credits");
});
