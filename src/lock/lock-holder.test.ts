import { expect, test } from "vitest";
import { identity, lock } from "../../test/_helpers/lock-values.ts";
import { judgeHolder } from "./lock-holder.ts";

const same = { found: true, start: "100" } as const;

test("the same process on the same machine is alive", () => {
  expect(judgeHolder(lock(), identity(), same)).toEqual({
    state: "alive",
    evidence: "process 4711 runs on this machine",
  });
});

test.each([
  [{ found: false }, "process 4711 no longer runs on this machine"],
  [
    { found: true, start: "101" },
    "process number 4711 now belongs to another process on this machine",
  ],
] as const)("%j is dead", (sight, evidence) => {
  expect(judgeHolder(lock(), identity(), sight)).toEqual({ state: "dead", evidence });
});

test.each([
  ["another host", {}, { host: "desk" }, /^it runs on another machine/],
  ["another boot", {}, { bootId: "boot-2" }, /has rebooted since/],
  ["another container", {}, { pidNamespace: "pid:[2]" }, /another container/],
  ["a holder without boot id", { boot_id: null }, {}, /does not show/],
  ["no boot id on both", { boot_id: null }, { bootId: null }, /does not show/],
  ["no namespace on both", { pid_namespace: null }, { pidNamespace: null }, /another container/],
])(
  "with %s the holder's state is unknown, whatever process has its number",
  (_, changes, self, evidence) => {
    for (const sight of [same, { found: false }, { found: true, start: "101" }] as const) {
      const verdict = judgeHolder(lock(changes), identity(self), sight);
      expect(verdict.state).toBe("unknown");
      expect(verdict.evidence).toMatch(evidence);
    }
  },
);

test("a process with an unknown start time may or may not be the holder", () => {
  expect(judgeHolder(lock(), identity(), { found: true, start: null }).state).toBe("unknown");
  expect(judgeHolder(lock({ process_start: null }), identity(), same).state).toBe("unknown");
});

test("age does not matter", () => {
  const old = lock({ since: "1970-01-01T00:00:00.000Z" });
  expect(judgeHolder(old, identity(), same).state).toBe("alive");
});
