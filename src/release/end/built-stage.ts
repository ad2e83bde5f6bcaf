import { readFile } from "node:fs/promises";
import { readLastStage } from "../../image/dockerfile/stages.ts";
import { imageSource } from "../../image/source.ts";
import type { Session } from "../session.ts";
import type { Ending } from "../strategy/machine.ts";

/**
 * The ending of a release whose container does not run, with the stage that was built, where the Dockerfile has several and the configuration
 * chose none: the last one may be for tests. Never throws.
 */
export async function explainBuiltStage(
  { config, root }: Pick<Session, "config" | "root">,
  ending: Ending,
): Promise<Ending> {
  const { failure } = ending;
  if (failure === null || config.image.target !== null || !notRunning.test(failure.cause)) {
    return ending;
  }
  const { dockerfile } = imageSource(config, root, {});
  const stage = await readLastStage(await readFile(dockerfile, "utf8").catch(() => ""));
  if (stage === undefined) return ending;
  const { count, name, others } = stage;
  const such = others.length === 0 ? "" : `, such as ${others.at(-1)}`;
  return {
    ...ending,
    failure: {
      ...failure,
      cause: `${failure.cause}. The image is the stage "${name}", the last of ${count} in ${config.image.dockerfile}`,
      next: `Set image.target if another stage serves${such}, or fix the image. Then release again`,
    },
  };
}

const notRunning = /\bthe container (?:crashes|never became healthy)/;
