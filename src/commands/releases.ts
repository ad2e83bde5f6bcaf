import type { LoadedConfig } from "../config/load.ts";
import type { Deps } from "../deps.ts";
import { exitCodes } from "../errors/command-error.ts";
import { releasesDocument, releasesText } from "../views/releases.ts";
import { readReleases } from "../state/release-history.ts";
import { jsonText } from "../report/json-text.ts";
import type { GlobalFlags } from "../target/flags.ts";
import { openTarget } from "../target/open-target.ts";
import { requireStack } from "../target/require-stack.ts";

/** The history, newest first. */
export async function releases(
  deps: Deps,
  flags: GlobalFlags,
  loaded: LoadedConfig,
  own: { readonly limit: number },
): Promise<number> {
  const target = await openTarget(deps, flags, loaded, { tools: [] });
  const stack = await requireStack(target);
  const records = (await readReleases(target.store, own.limit)).slice(0, own.limit);
  const document = releasesDocument(stack, records);
  deps.out(flags.json ? jsonText(document) : releasesText(document, deps.clock.now()));
  return exitCodes.done;
}
