import { expect, test } from "vitest";
import { agent, instance } from "../../test/_helpers/rollout-values.ts";
import { chooseInstance } from "./choose-instance.ts";

const healthy = { agent: agent({ state: "healthy" }), targetHealth: "healthy" } as const;
const weights = { blue: 0, green: 100 };
const instances = [
  instance({ id: "i-1a", colour: "blue", ...healthy }),
  instance({ id: "i-2b", colour: "green", agent: agent({ state: "crashed" }) }),
  instance({ id: "i-2c", colour: "green", ...healthy }),
];

test("without a wish, a healthy instance with traffic", () => {
  expect(chooseInstance({ instances, weights }, undefined).id).toBe("i-2c");
  const sick = instances.slice(0, 2);
  expect(chooseInstance({ instances: sick, weights }, undefined).id).toBe("i-1a");
  expect(chooseInstance({ instances: sick.slice(1), weights }, undefined).id).toBe("i-2b");
});

test("the beginning of an id is enough, if only one begins so", () => {
  expect(chooseInstance({ instances, weights }, "i-1").id).toBe("i-1a");
  expect(() => chooseInstance({ instances, weights }, "i-2")).toThrow(
    expect.objectContaining({ exitCode: 64, next: "name one of i-2b, i-2c" }),
  );
  expect(() => chooseInstance({ instances, weights }, "i-9")).toThrow(/No instance's id begins/);
});

test("a slot of a single machine is on its machine", () => {
  const slots = [instance({ id: "i-0a-green", colour: "green", ...healthy })];
  expect(chooseInstance({ instances: slots, weights }, undefined)).toEqual({
    ...{ id: "i-0a-green", machine: "i-0a", slot: "-green" },
  });
});

test("without an instance, that is the error", () => {
  expect(() => chooseInstance({ instances: [], weights }, undefined)).toThrow("No instance runs.");
});
