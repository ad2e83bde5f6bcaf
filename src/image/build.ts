import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandError } from "../errors/command-error.ts";
import type { Run } from "../process/run.ts";
import type { Reporter } from "../report/events.ts";
import { buildArgv, buildStep, type ImageSource } from "./argv.ts";

/**
 * Builds an image in the local engine; resolves to its id (sha256:...).
 * Throws CommandError with the build's own last lines when the Dockerfile does not build.
 */
export async function buildImage(
  run: Run,
  reporter: Reporter,
  source: ImageSource,
  signal: AbortSignal,
): Promise<string> {
  reporter.notify({ type: "step-started", step: "build", title: "Build the image" });
  const folder = await mkdtemp(join(tmpdir(), "infer-deploy-build-"));
  const idFile = join(folder, "image-id");
  const tail: string[] = [];
  try {
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
        if (step !== undefined) {
          reporter.notify({ type: "step-progress", step: "build", detail: step });
        }
      },
    });
    signal.throwIfAborted();
    if (result.exitCode !== 0) {
      throw new CommandError("The Dockerfile does not build.", {
        where: source.dockerfile,
        detail: tail,
        next: `mend it, then check with: docker build -f ${source.dockerfile} ${source.context}`,
      });
    }
    const id = (await readFile(idFile, "utf8")).trim();
    reporter.notify({
      type: "step-finished",
      step: "build",
      outcome: "done",
      detail: id.slice(7, 19),
    });
    return id;
  } catch (error) {
    reporter.notify({ type: "step-finished", step: "build", outcome: "failed" });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const tailLines = 20;
