import { randomBytes } from "node:crypto";
import type { Deps } from "../deps.ts";
import { addressQuestion } from "../release/observe/address.ts";
import type { PauseDeps } from "../release/pause/pause-deps.ts";
import type { StackRecord } from "../state/stack-record.ts";
import { fetchOf, schedulesOf, whoRuns } from "./open-session.ts";
import { createParts } from "./stack-parts.ts";
import type { Target } from "./target.ts";

/** What `maintenance`, `sleep` and `wake` work with. */
export async function openPause(
  deps: Pick<
    Deps,
    "clock" | "env" | "fetch" | "fetchHttp2" | "fetchThrough" | "interrupts" | "reporter"
  >,
  { aws, config, store }: Pick<Target, "aws" | "config" | "store">,
  stack: StackRecord,
): Promise<PauseDeps> {
  return {
    ...createParts(
      { aws, store, clock: deps.clock },
      stack.outputs,
      schedulesOf(config, deps.clock),
    ),
    store,
    clock: deps.clock,
    reporter: deps.reporter,
    fetch: fetchOf(deps, { aws, config }, stack),
    address: addressQuestion(config, stack),
    signal: deps.interrupts.aborted,
    newToken: () => randomBytes(16).toString("hex"),
    who: await whoRuns(deps.env),
  };
}
