import { CommandError } from "../errors/command-error.ts";
import { askEngine } from "../image/ask-engine.ts";
import { buildImage } from "../image/build.ts";
import type { ImageSource } from "../image/docker-argv.ts";
import type { Clock } from "../process/clock.ts";
import type { Run } from "../process/programs/run.ts";
import type { Reporter } from "../report/reporter.ts";
import type { DockerfileFacts } from "./dockerfile.ts";
import { askPath } from "./trial/ask-path.ts";
import { inspectImage, startTrial } from "./trial/engine.ts";
import { healthPaths } from "./trial/health-paths.ts";
import { tryImage, type Trial } from "./trial/try-image.ts";

export interface RunTrialDeps {
  readonly run: Run;
  readonly clock: Clock;
  readonly reporter: Pick<Reporter, "notify">;
  readonly signal: AbortSignal;
}

/**
 * Builds the image and runs it once as an instance does. Null when no Docker engine answers, which is reported. Throws CommandError when the
 * Dockerfile does not build.
 */
export async function runTrial(
  deps: RunTrialDeps,
  source: ImageSource,
  facts: DockerfileFacts,
): Promise<Trial | null> {
  const { run, clock, reporter, signal } = deps;
  if (!(await hasEngine(deps))) return null;
  const { id: image } = await buildImage(run, reporter, source, signal);
  const settings = await inspectImage(run, image);
  const user = settings?.user.split(":")[0] ?? facts.user ?? "";
  return tryImage(
    {
      clock,
      reporter,
      signal,
      ask: askPath,
      start: async (container) => startTrial(run, container),
    },
    {
      name: `infer-deploy-init-${image.replace("sha256:", "").slice(0, 12)}`,
      image,
      facts: {
        ...facts,
        ports: facts.ports.length > 0 ? facts.ports : (settings?.ports ?? []),
        env: { ...settings?.env, ...facts.env },
      },
      home: /^(root|0|)$/.test(user) ? "/root" : `/home/${user}`,
      paths: healthPaths(facts.healthPath),
    },
  );
}

async function hasEngine({ run, reporter, signal }: RunTrialDeps): Promise<boolean> {
  try {
    await askEngine(run, signal);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof CommandError)) throw error;
    reporter.notify({
      type: "warning",
      text: `${error.message.replace(/\.$/, "")}. init reads the Dockerfile only, and marks what it guesses.`,
    });
    return false;
  }
}
