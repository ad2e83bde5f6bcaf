import { activateTags } from "../../aws/cost/activate-tags.ts";
import type { Target } from "../target.ts";
import { requireStack } from "../require-stack.ts";

/** Resolves to the keys. The tags must be on a resource before AWS knows them, so the stack must be up. */
export async function activateStackTags(target: Target): Promise<readonly string[]> {
  await requireStack(target);
  await activateTags(await target.aws.costExplorer(), keys);
  return keys;
}

/** The tags of every stack. The user's own in `tags` are theirs to activate. */
const keys = ["infer-deploy:stack", "infer-deploy:name", "infer-deploy:environment"] as const;
