import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../errors/command-error.ts";
import type { Run } from "../process/run.ts";
import { withTempFolder } from "../process/temp-folder.ts";
import type { Reporter } from "../report/reporter.ts";
import { span } from "../report/span.ts";
import { buildArgv, buildStep, type ImageSource } from "./docker-argv.ts";

/**
 * Builds an image in the local engine; resolves to its id (sha256:...).
 * Throws CommandError with the last lines of the build when the Dockerfile does not build.
 */
export async function buildImage(
  run: Run,
  reporter: Pick<Reporter, "notify">,
  source: ImageSource,
  signal: AbortSignal,
): Promise<string> {
  return span(reporter, "build", "Build the image", async ({ progress, done }) => {
    const id = await withTempFolder("infer-deploy-build-", (folder) =>
      build(run, source, join(folder, "image-id"), signal, progress),
    );
    done(id.slice(7, 19));
    return id;
  });
}

async function build(
  run: Run,
  source: ImageSource,
  idFile: string,
  signal: AbortSignal,
  progress: (detail: string) => void,
): Promise<string> {
  const tail: string[] = [];
  const buildx =
    (await run({ file: "docker", args: ["buildx", "version"], writes: false })).exitCode === 0;
  const result = await run({
    file: "docker",
    args: buildArgv({ ...source, idFile, buildx }),
    writes: true,
    signal,
    onLine: (line) => {
      if (line.trim() !== "") {
        tail.push(line);
        tail.splice(0, Math.max(0, tail.length - tailLines));
      }
      const step = buildStep(line);
      if (step !== undefined) progress(step);
    },
  });
  signal.throwIfAborted();
  if (result.exitCode !== 0) {
    throw new CommandError("The Dockerfile does not build.", {
      where: source.dockerfile,
      detail: tail,
      next: `fix it, then check with: docker build -f ${source.dockerfile} ${source.context}`,
    });
  }
  return (await readFile(idFile, "utf8")).trim();
}

const tailLines = 20;
