import { basename, join } from "node:path";
import { CommandError } from "../../../src/errors/command-error.ts";
import { packageRoot } from "../../../src/package-root.ts";
import { interruptibleRun } from "../../../src/process/programs/interruptible-run.ts";
import type { Interrupts } from "../../../src/process/interrupts.ts";
import type { Run } from "../../../src/process/programs/run.ts";
import { openStateHome } from "../../../src/process/state-home.ts";
import type { Reporter } from "../../../src/report/reporter.ts";
import { span } from "../../../src/report/span.ts";
import { requireEngine } from "../containers/docker.ts";
import { defaultEngine, type EngineVersion } from "../client/engine-versions.ts";
import { baseOf, engines, instanceTag } from "./engines.ts";
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
 * Names of the region's and the instance's image; builds the ones that this machine lacks. A tag is the hash of the image's folder.
 * `engine` is the Docker engine inside the instances. Throws CommandError with the build's last lines when a build fails.
 */
export async function ensureImages(
  given: SandboxDeps,
  engine: EngineVersion = defaultEngine,
): Promise<SandboxImages> {
  const { aborted } = given.interrupts;
  const deps = { ...given, run: interruptibleRun(given.run, aborted) };
  await requireEngine(deps.run);
  const [region, instance] = await Promise.all([imageName("region"), instanceImage(engine)]);
  const absent = await Promise.all([region, instance].map((image) => isAbsent(deps.run, image)));
  if (absent.includes(true)) {
    const onWait = () =>
      deps.reporter.notify({
        type: "note",
        text: "Another process is building the sandbox's images; waiting for it",
      });
    await openStateHome(deps.env);
    await withLock(join(sandboxesFolder(deps.env), ".images.lock"), onWait, aborted, async () => {
      await buildIfAbsent(deps, "region", region, defaultEngine);
      await buildIfAbsent(deps, "instance", instance, engine);
    });
  }
  return { region, instance };
}

export async function imageName(part: ImagePart, root: string = packageRoot): Promise<string> {
  return `infer-deploy-${part}:${await hashFolder(join(root, "sandbox", part))}`;
}

/** The name of the image of an instance with this Docker engine. */
export async function instanceImage(engine: EngineVersion): Promise<string> {
  const [name = "", hash = ""] = (await imageName("instance")).split(":");
  return `${name}:${instanceTag(hash, engine)}`;
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
  { run, reporter, env }: SandboxDeps,
  part: ImagePart,
  image: string,
  engine: EngineVersion,
): Promise<void> {
  if (!(await isAbsent(run, image))) return;
  const title = `Building the sandbox's ${part} image`;
  await span(reporter, `image-${part}`, title, async ({ progress }) => {
    const base = await baseImage(env, engine);
    await makeBaseIfAbsent(run, base, engine, progress);
    await build(run, part, image, base, progress);
  });
}

async function build(
  run: Run,
  part: ImagePart,
  image: string,
  base: string,
  progress: (detail: string) => void,
): Promise<void> {
  const folder = join(packageRoot, "sandbox", part);
  const argument = `DEBIAN_IMAGE=${base}`;
  const args = ["build", "--tag", image, "--build-arg", argument, folder];
  await runBuild(run, "docker", args, progress, {
    what: `The sandbox's ${part} image cannot be built`,
    where: join(folder, "Dockerfile"),
    next: `docker build --build-arg ${argument} ${folder}`,
  });
}

/** bin/setup makes the default engine's base image; another one is made when its image is first asked for. */
async function makeBaseIfAbsent(
  run: Run,
  base: string,
  engine: EngineVersion,
  progress: (detail: string) => void,
): Promise<void> {
  const { made, suite, variable } = engines[engine];
  if (base !== made || !(await isAbsent(run, base))) return;
  const program = join(packageRoot, "sandbox", "base", "make-debian");
  await runBuild(run, program, [base, suite], progress, {
    what: `The base image ${base} cannot be made`,
    where: program,
    next: `run it as root on Debian or Ubuntu with debootstrap installed, or set ${variable} to a Debian ${suite} image`,
  });
}

async function runBuild(
  run: Run,
  file: string,
  args: readonly string[],
  progress: (detail: string) => void,
  failure: { readonly what: string; readonly where: string; readonly next: string },
): Promise<void> {
  const tail: string[] = [];
  const result = await run({
    file,
    args,
    writes: true,
    onLine: (line) => {
      if (line.trim() === "") return;
      tail.push(line);
      if (tail.length > tailLines) tail.shift();
      progress(line.trim());
    },
  });
  if (result.exitCode === 0) return;
  throw new CommandError(failure.what, {
    where: failure.where,
    why: `${basename(file)} exited with ${result.exitCode}`,
    detail: tail,
    next: failure.next,
  });
}

/** On networks without an image registry, bin/setup builds a replacement for the base image and writes its name to .cache. */
async function baseImage(env: EnvironmentVariables, engine: EngineVersion): Promise<string> {
  const bases = await readJson<{ readonly debian?: string }>(
    join(packageRoot, ".cache", "bases.json"),
  );
  return baseOf(engine, env, bases?.debian);
}

const tailLines = 25;
