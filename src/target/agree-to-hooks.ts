import type { Deps } from "../deps.ts";
import { agreeToHooks as agree } from "../hooks/known-hooks.ts";
import type { Target } from "./target.ts";

/** Asks a person before hooks run that were never run from this folder. */
export async function agreeToHooks(
  { interactive, reporter }: Pick<Deps, "interactive" | "reporter">,
  { root, stateFolder }: Pick<Target, "root" | "stateFolder">,
  { yes, skipHooks }: { readonly yes: boolean; readonly skipHooks: boolean },
): Promise<void> {
  if (interactive && !yes && !skipHooks) await agree({ reporter, root, stateFolder });
}
