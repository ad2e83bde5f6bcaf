import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../errors/command-error.ts";
import { shellWord } from "../errors/printed-commands.ts";
import type { Run } from "../process/programs/run.ts";
import { withTempFolder } from "../process/temp-folder.ts";
import type { Reporter } from "../report/reporter.ts";
import { span } from "../report/span.ts";
import { findBuilder } from "./dockerfile/builder.ts";
import { warnOfInputs } from "./dockerfile/inputs.ts";
import { imageNamed, keepOneFormerBuild } from "./former-builds.ts";
import { runBuild } from "./run-build.ts";
import { buildArgv, buildEnvironment, secretOption, type ImageSource } from "./docker-argv.ts";

/** An image in the local engine, and what it was built from. */
export interface BuiltImage {
  /** Under which the engine knows it (sha256:...): the digest of its configuration, or of its manifest with containerd's image store. */
  readonly id: string;
  readonly source: ImageSource;
}

/** How a build is reported. Two that run at the same time have different ids. */
export interface BuildStep {
  readonly id: string;
  readonly title: string;
}

/**
 * Builds an image in the local engine.
 * Throws CommandError with the last lines of the build when the Dockerfile does not build.
 */
export async function buildImage(
  run: Run,
  reporter: Pick<Reporter, "notify">,
  source: ImageSource,
  signal: AbortSignal,
  step: BuildStep = appStep,
): Promise<BuiltImage> {
  return span(reporter, step.id, step.title, async ({ progress, done }) => {
    const id = await withTempFolder("infer-deploy-build-", (folder) =>
      build(run, reporter, source, join(folder, "image-id"), signal, progress),
    );
    done(id.slice(7, 19));
    return { id, source };
  });
}

async function build(
  run: Run,
  reporter: Pick<Reporter, "notify">,
  source: ImageSource,
  idFile: string,
  signal: AbortSignal,
  progress: (detail: string) => void,
): Promise<string> {
  const former = await imageNamed(run, source.tag);
  const builder = await findBuilder(run);
  await warnOfInputs(reporter, source, builder);
  const request = {
    args: buildArgv({ ...source, idFile, builder }),
    env: {
      ...buildEnvironment(source.buildArgs),
      ...(builder === "buildkit" ? { DOCKER_BUILDKIT: "1" } : {}),
    },
  };
  const failed = await runBuild(run, request, signal, progress);
  if (failed !== undefined) {
    throw new CommandError("The Dockerfile does not build.", {
      where: source.dockerfile,
      detail: failed,
      next: `fix it, then check with: ${checkCommand(source)}`,
    });
  }
  const id = await builtId(run, source, idFile);
  await keepOneFormerBuild(run, source.tag, former, id);
  return id;
}

/**
 * The id under which the engine knows the image. Two engines need its name for that: one whose client has its own /tmp, as a snap has, so that
 * the id's file is nowhere to be found; and one with containerd's image store, where an image's id is that of its manifest.
 */
async function builtId(run: Run, { tag }: ImageSource, idFile: string): Promise<string> {
  const written = (await readFile(idFile, "utf8").catch(() => "")).trim();
  const id = (await imageNamed(run, written || tag)) ?? (await imageNamed(run, tag));
  if (id === undefined) {
    throw new CommandError("The image was built, but the engine does not list it.", {
      where: tag,
      next: "docker context ls shows which engine docker talks to",
    });
  }
  return id;
}

const appStep: BuildStep = { id: "build", title: "Build the image" };

function checkCommand({ buildArgs, context, dockerfile, secrets, target }: ImageSource): string {
  const args = Object.entries(buildArgs).flatMap(([key, value]) => [
    "--build-arg",
    `${key}=${value}`,
  ]);
  args.push(...(target === null ? [] : ["--target", target]));
  args.push(...secrets.flatMap((secret) => ["--secret", secretOption(secret)]));
  return ["docker", "build", "-f", dockerfile, ...args, context].map(shellWord).join(" ");
}
