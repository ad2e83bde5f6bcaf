import { expect, test } from "vitest";
import { identity, lock } from "../../test/_helpers/lock-values.ts";
import { lockDocument } from "./new-lock.ts";
import { parseLock } from "../state/lock-document.ts";

test("a lock is read back as it was written", () => {
  const since = new Date("2026-01-01T00:00:00.000Z");
  const written = lockDocument(identity(), {
    id: "a",
    ci: "https://ci.example/1",
    command: "rollback",
    since,
  });
  expect(parseLock(JSON.parse(JSON.stringify(written)))).toEqual({ lock: written });
  expect(written).toEqual({
    schema_version: 1,
    id: "a",
    user: "bob",
    host: "laptop",
    boot_id: "boot-1",
    pid_namespace: "pid:[1]",
    pid: 4712,
    process_start: "200",
    ci: "https://ci.example/1",
    command: "rollback",
    since: "2026-01-01T00:00:00.000Z",
  });
});

test.each([
  [null, /^the document: /],
  ["lock", /^the document: /],
  [{}, /^schema_version: /],
  [{ ...lock(), schema_version: 2 }, /^its schema_version is 2/],
  [{ ...lock(), id: "" }, /^id: /],
  // To the system, zero and negative numbers mean whole process groups.
  [{ ...lock(), pid: 0 }, /^pid: /],
  [{ ...lock(), pid: -4711 }, /^pid: /],
  [{ ...lock(), since: "yesterday" }, /^since: /],
])("%j cannot be read by this version, and the problem says why", (value, problem) => {
  expect(parseLock(value)).toEqual({ problem: expect.stringMatching(problem) });
});
