import type { LoadedConfig } from "../../config/load.ts";
import type { Deps } from "../../deps.ts";
import type { StatusSources } from "../../views/status/status-sight.ts";
import type { GlobalFlags } from "../flags.ts";
import { openTarget } from "../open-target.ts";
import { requireStack } from "../require-stack.ts";
import type { SeenImages } from "./image-facts.ts";
import { look } from "./look.ts";
import { readSlowFacts } from "./slow-facts.ts";

/** Resolves to a function that looks at the stack again at each call. Throws CommandError when the stack was never brought up. */
export async function openStatus(
  deps: Pick<
    Deps,
    | "clock"
    | "connect"
    | "env"
    | "fetch"
    | "fetchHttp2"
    | "fetchThrough"
    | "interactive"
    | "interrupts"
    | "publicDns"
    | "reporter"
    | "run"
  >,
  flags: Pick<GlobalFlags, "debug" | "profile" | "sandbox">,
  loaded: LoadedConfig,
): Promise<() => Promise<StatusSources>> {
  const target = await openTarget(deps, flags, loaded, { tools: [] });
  const stack = await requireStack(target);
  const slow = await readSlowFacts(deps, target, stack);
  const images: SeenImages = { scans: new Map(), attestations: new Map() };
  return async () => look(deps, target, stack, slow, images);
}
