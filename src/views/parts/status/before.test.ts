import { expect, test } from "vitest";
import { agent, instance, release } from "../../../../test/_helpers/rollout-values.ts";
import { beforeStatus, beforeStatusLines } from "./before.ts";

const before = { command: ["migrate"], timeout_seconds: 60 };
const running = { attempt: 1, state: "running", exit_code: null, seconds: null } as const;
const own = instance({
  id: "i-1",
  agent: agent({ release: 8, state: "before", before: running }),
});

test("a release in progress has what its instance reports", () => {
  const record = release({ release: 8, deployment: 8, finished: null, before });
  const status = beforeStatus(record, { instances: [own] });
  expect(status).toEqual({ state: "running", exit_code: null, seconds: null, instance: "i-1" });
  expect(beforeStatusLines(status)).toEqual(["  before    release.before running on i-1"]);
  expect(beforeStatus(record, { instances: [] })).toBeNull();
});

test("a finished one has what its record says", () => {
  const result = {
    attempt: 1,
    state: "failed",
    exit_code: 3,
    seconds: 2,
    instance: "i-2",
  } as const;
  const record = release({ release: 8, deployment: 8, before: { ...before, result } });
  expect(beforeStatusLines(beforeStatus(record, { instances: [own] }))).toEqual([
    "  before    release.before failed with exit code 3 after 2.0 s on i-2",
  ]);
});

test("a release without the command has none", () => {
  expect(beforeStatus(release(), { instances: [own] })).toBeNull();
  expect(beforeStatusLines(null)).toEqual([]);
});
