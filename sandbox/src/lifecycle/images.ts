import { join } from "node:path";
import { CommandError } from "../../../src/errors/command-error.ts";
import { packageRoot } from "../../../src/package-root.ts";
import { interruptibleRun } from "../../../src/process/interruptible-run.ts";
import type { Interrupts } from "../../../src/process/interrupts.ts";
import type { Run } from "../../../src/process/run.ts";
import { openStateHome } from "../../../src/process/state-home.ts";
import type { Reporter } from "../../../src/report/reporter.ts";
import { span } from "../../../src/report/span.ts";
import { requireEngine } from "../containers/docker.ts";
import { hashFolder } from "./image-hash.ts";
import { withLock } from "./file-lock.ts";
import { type EnvironmentVariables, readJson, sandboxesFolder } from "../client/state-file.ts";
import type { SandboxImages } from "../client/sandbox-state.ts";

export interface SandboxDeps {
  readonly run: Run;
  readonly reporter: Reporter;
  readonly env: EnvironmentVariables;
  /** A signal ends the work at once; the next command continues from there. */
  readonly interrupts: Pick<Interrupts, "aborted">;
}

/**
 * Names of the region's and the instance's image; builds the ones that the engine lacks. A tag is the hash of the image's folder.
 * Throws CommandError with the build's last lines when a build fails.
 */
export async function ensureImages(given: SandboxDeps): Promise<SandboxImages> {
  const { aborted } = given.interrupts;
  const deps = { ...given, run: interruptibleRun(given.run, aborted) };
  await requireEngine(deps.run);
  const [region, instance] = await Promise.all([imageName("region"), imageName("instance")]);
  const absent = await Promise.all([region, instance].map((image) => isAbsent(deps.run, image)));
  if (absent.includes(true)) {
    const onWait = () =>
      deps.reporter.notify({
        type: "note",
        text: "Another process is building the sandbox's images; waiting for it",
      });
    await openStateHome(deps.env);
    await withLock(join(sandboxesFolder(deps.env), ".images.lock"), onWait, aborted, async () => {
      const base = await baseImage(deps.env);
      await buildIfAbsent(deps, "region", region, base);
      await buildIfAbsent(deps, "instance", instance, base);
    });
  }
  return { region, instance };
}

export async function imageName(part: ImagePart, root: string = packageRoot): Promise<string> {
  return `infer-deploy-${part}:${await hashFolder(join(root, "sandbox", part))}`;
}

export type ImagePart = "region" | "instance";

async function isAbsent(run: Run, image: string): Promise<boolean> {
  return (
    (
      await run({
        file: "docker",
        args: ["image", "inspect", "--format", "ok", image],
        writes: false,
      })
    ).exitCode !== 0
  );
}

async function buildIfAbsent(
  { run, reporter }: SandboxDeps,
  part: ImagePart,
  image: string,
  base: string,
): Promise<void> {
  if (!(await isAbsent(run, image))) return;
  const title = `Building the sandbox's ${part} image`;
  await span(reporter, `image-${part}`, title, ({ progress }) =>
    build(run, part, image, base, progress),
  );
}

async function build(
  run: Run,
  part: ImagePart,
  image: string,
  base: string,
  progress: (detail: string) => void,
): Promise<void> {
  const folder = join(packageRoot, "sandbox", part);
  const tail: string[] = [];
  const result = await run({
    file: "docker",
    args: ["build", "--tag", image, "--build-arg", `DEBIAN_IMAGE=${base}`, folder],
    writes: true,
    onLine: (line) => {
      if (line.trim() === "") return;
      tail.push(line);
      if (tail.length > tailLines) tail.shift();
      progress(line.trim());
    },
  });
  if (result.exitCode !== 0) {
    throw new CommandError(`The sandbox's ${part} image cannot be built`, {
      where: join(folder, "Dockerfile"),
      why: `docker build exited with ${result.exitCode}`,
      detail: tail,
      next: `docker build --build-arg DEBIAN_IMAGE=${base} ${folder}`,
    });
  }
}

/** On networks without an image registry, bin/setup builds a replacement for the base image and writes its name to .cache. */
async function baseImage(env: EnvironmentVariables): Promise<string> {
  const bases = await readJson<{ readonly debian?: string }>(
    join(packageRoot, ".cache", "bases.json"),
  );
  return env["INFER_DEPLOY_BASE_DEBIAN"] || (bases?.debian ?? "debian:bookworm-slim");
}

const tailLines = 25;
