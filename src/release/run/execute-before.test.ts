import { expect, test } from "vitest";
import { address, next, releaseWorld } from "../../../test/_helpers/release-world.ts";
import { plan } from "../../../test/_helpers/rollout-plans.ts";
import { settleRelease } from "../../config/schema/release.ts";
import { execute } from "./execute.ts";

const command = { command: ["migrate"], timeout_seconds: 60 };
const rollout = {
  plan: plan({ before: { timeoutSeconds: 60 } }),
  record: next({ before: command }),
  probe: settleRelease({}, "/healthz").probe,
  address,
};

test("a command that succeeds is recorded with its instance, and its step has the words", async () => {
  const world = releaseWorld();
  const done = await execute(world.deps, rollout);
  const result = { attempt: 1, state: "succeeded", exit_code: 0, seconds: 3 };
  expect(done.record).toMatchObject({ outcome: "succeeded", before: { ...command, result } });
  expect(world.record(8)).toEqual(done.record);
  const [run, ...more] = world.stack.commands.runs;
  expect(more).toEqual([]);
  expect(done.record.before?.result?.instance).toBe(run?.instance);
  expect(world.reporter.events).toContainEqual({
    type: "step-finished",
    step: "before",
    outcome: "done",
    detail: `succeeded in 3.0 s on ${run?.instance}`,
  });
  expect(world.stack.pointers.green).not.toHaveProperty("before");
});

test("a command that fails ends the release with its last lines, and no traffic moves", async () => {
  const world = releaseWorld();
  world.stack.commands.codes.set(8, 3);
  const done = await execute(world.deps, rollout);
  expect(done.ending).toMatchObject({
    outcome: "rolled-back",
    failure: { cause: "release.before exited with code 3 after 3 s", detail: ["no table"] },
  });
  expect(done.record.before?.result).toMatchObject({ state: "failed", exit_code: 3 });
  expect(world.stack.calls).not.toContain("door.setWeights");
  expect(world.stack.weights).toEqual({ blue: 100, green: 0 });
});
