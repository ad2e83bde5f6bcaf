import { CommandError, exitCodes } from "../errors/command-error.ts";
import { thisCommand } from "../errors/printed-commands.ts";
import { askEngine } from "../image/ask-engine.ts";
import { buildImage } from "../image/build.ts";
import { imageNamed } from "../image/former-builds.ts";
import type { ImageSource } from "../image/docker-argv.ts";
import type { Clock } from "../process/clock.ts";
import { lastLine } from "../process/programs/last-line.ts";
import type { Run } from "../process/programs/run.ts";
import type { Reporter } from "../report/reporter.ts";
import { span } from "../report/span.ts";
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
 * Builds the image, or pulls the one that exists already, and runs it once as an instance does. Null when no Docker engine answers, which is reported. Throws CommandError when the
 * Dockerfile does not build, or the image cannot be pulled.
 */
export async function runTrial(
  deps: RunTrialDeps,
  { ref, source }: { readonly ref: string | null; readonly source: ImageSource },
  facts: DockerfileFacts,
): Promise<Trial | null> {
  const { run, clock, reporter, signal } = deps;
  if (!(await hasEngine(deps))) return null;
  const image =
    ref === null
      ? (await buildImage(run, reporter, source, signal)).id
      : await pullImage(deps, ref, source.platform);
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

/** Resolves to its id. Docker has the user's login for it. */
async function pullImage(
  { run, reporter, signal }: RunTrialDeps,
  ref: string,
  platform: string,
): Promise<string> {
  return span(reporter, "pull", `Pull ${ref}`, async ({ progress }) => {
    const pulled = await run({
      file: "docker",
      args: ["pull", "--platform", platform, "--", ref],
      writes: true,
      signal,
      onLine: progress,
    });
    signal.throwIfAborted();
    const id = pulled.exitCode === 0 ? await imageNamed(run, ref) : undefined;
    if (id !== undefined) return id;
    throw new CommandError(`Docker cannot pull ${ref} for ${platform}.`, {
      exitCode: exitCodes.usage,
      why: lastLine(pulled.stderr),
      next: `correct --image, or docker login for a private one; ${thisCommand} --no-run writes the file without looking`,
    });
  });
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
      text: `${error.message.replace(/\.$/, "")}. init does not run the container, and marks what it guesses.`,
    });
    return false;
  }
}
