import type { Start } from "../../src/commands/kinds/verb.ts";
import type { Deps } from "../../src/deps.ts";

/** What the program gives a verb, with the deps of a test. */
export function startOf(
  deps: Pick<Deps, "out"> & object,
  changes: Partial<Pick<Start, "cwd" | "env" | "typed" | "operands" | "verbs">> = {},
): Start {
  return {
    typed: new Map(),
    env: {},
    cwd: "/nowhere",
    operands: [],
    verbs: [],
    onExit: () => undefined,
    out: deps.out,
    createDeps: async () => deps as Deps,
    ...changes,
  };
}
