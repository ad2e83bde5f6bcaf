import { expect, test } from "vitest";
import { release } from "../../../test/_helpers/rollout-values.ts";
import type { ReleaseRecord } from "../../state/release-record.ts";
import { isSame, rollbackTarget } from "./rollback-target.ts";

function record(number: number, changes: Partial<ReleaseRecord> = {}): ReleaseRecord {
  return release({
    release: number,
    deployment: number,
    version: `v${number}`,
    digest: `sha256:${number}`,
    outcome: "succeeded",
    finished: "2026-01-01T00:01:00.000Z",
    ...changes,
  });
}

test("without a version, the target is the newest good release below the serving one", () => {
  const records = [
    record(9),
    record(8, { outcome: "rolled-back", reason: "the container crashes" }),
    record(7, { outcome: "failed" }),
    record(6),
    record(5),
  ];
  expect(rollbackTarget(records, record(9), undefined).release).toBe(6);
});

test("after a rollback, the next one goes further back, not back and forth", () => {
  const back = record(8, { kind: "rollback", version: "v6", digest: "sha256:6", deployment: 6 });
  const taken = record(7, { outcome: "rolled-back", taken_back_by: 8 });
  const records = [back, taken, record(6), record(5)];
  expect(rollbackTarget(records, back, undefined).release).toBe(5);
});

test("a release that was rolled back is no target, even if the rollback was killed before it wrote that", () => {
  const back = record(8, {
    kind: "rollback",
    version: "v5",
    digest: "sha256:5",
    replaces: { release: 7, version: "v7" },
  });
  const records = [record(9), back, record(7), record(6), record(5)];
  expect(rollbackTarget(records, record(9), undefined).release).toBe(8);
  expect(rollbackTarget(records.slice(1), back, undefined).release).toBe(6);
});

test("a version that was rolled back can be asked for by name, one that never ran cannot", () => {
  const taken = record(8, { outcome: "rolled-back", taken_back_by: 9 });
  const broken = record(7, { outcome: "rolled-back" });
  const records = [record(9), taken, broken, record(6)];
  expect(rollbackTarget(records, record(9), "v8")).toBe(taken);
  expect(() => rollbackTarget(records, record(9), "v7")).toThrow(
    expect.objectContaining({ exitCode: 64, why: "the good ones are v9, v6, v8" }) as Error,
  );
});

test("without an earlier good release, the error says so", () => {
  expect(() => rollbackTarget([record(1)], record(1), undefined)).toThrow(
    "There is no earlier good release to roll back to.",
  );
});

test("another environment makes another release of the same image, another order of variables does not", () => {
  const { container } = record(6);
  const one = record(6, { container: { ...container, env: { A: "1", B: "2" } } });
  const reordered = record(6, { container: { ...container, env: { B: "2", A: "1" } } });
  const other = record(6, { container: { ...container, env: { A: "1", B: "3" } } });
  expect(isSame(one, reordered)).toBe(true);
  expect(isSame(one, other)).toBe(false);
});
