import type { Deps } from "../../deps.ts";
import { dockerFolder } from "../../image/docker-folder.ts";
import { createReferenced, type Referenced } from "../../image/ref/referenced.ts";
import type { Target } from "../target.ts";

/** The image that image.ref names; null when the image is built. Asks nothing yet. */
export function openReferenced(
  deps: Pick<Deps, "clock" | "env" | "fetchRegistry" | "interrupts" | "run">,
  { aws, config, identity, placeOf }: Pick<Target, "aws" | "config" | "identity" | "placeOf">,
): Referenced | null {
  const { ref, platform } = config.image;
  if (ref === null) return null;
  const { clock, env, interrupts, run } = deps;
  const signal = interrupts.aborted;
  return createReferenced(
    {
      run,
      fetch: deps.fetchRegistry,
      signal,
      sleep: async (milliseconds) => clock.sleep(milliseconds, signal),
      ecr: aws.ecr,
      dockerFolder: dockerFolder(env),
      account: identity.account,
      region: config.region,
    },
    { ref, platform, where: placeOf(["image", "ref"]) },
  );
}
