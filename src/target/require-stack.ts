import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../errors/command-error.ts";
import { readStackRecord, type StackRecord } from "../state/stack-record.ts";
import type { Target } from "./target.ts";

/** Throws CommandError when the stack was never brought up. */
export async function requireStack(
  target: Pick<Target, "config" | "identity" | "stateFolder" | "store">,
): Promise<StackRecord> {
  const stack = await readStackRecord(target.store);
  if (stack !== undefined) {
    return stack;
  }
  const { name, environment, region } = target.config;
  const elsewhere = await knownRegions(target);
  throw new CommandError(`${name} (${environment}) is not deployed in ${region}.`, {
    ...(elsewhere.length === 0
      ? {}
      : { why: `from this machine it was deployed in ${elsewhere.join(" and ")}` }),
    next:
      elsewhere.length === 0
        ? "infer-deploy up"
        : `the same with --region ${elsewhere[0]}, or infer-deploy up for one more stack here`,
  });
}

/** Other regions in which this machine has worked on a stack of this name. */
async function knownRegions({
  config,
  identity,
  stateFolder,
}: Pick<Target, "config" | "identity" | "stateFolder">): Promise<readonly string[]> {
  const { name, environment, region } = config;
  const folder = join(stateFolder, "stacks", identity.account);
  const regions = await readdir(folder).catch(() => []);
  return regions
    .filter((one) => one !== region && existsSync(join(folder, one, name, environment)))
    .toSorted();
}
