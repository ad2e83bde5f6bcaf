import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRun } from "../../src/process/programs/execa-run.ts";
import type { RunResult } from "../../src/process/programs/run.ts";
import type { EngineVersion } from "../../sandbox/src/client/engine-versions.ts";
import { ensureImages } from "../../sandbox/src/lifecycle/images.ts";
import { repository } from "./cli.ts";

export const run = createRun();

/** An instance's container and its cloud's. */
export interface Containers {
  readonly name: string;
  /** The cloud's own address. */
  readonly endpoint: string;
  /** Of the images, in their order: `cloud:5001/ANYTHING@DIGEST` is one. */
  readonly digests: readonly string[];
  readonly exec: (...command: string[]) => Promise<RunResult>;
  readonly remove: () => Promise<void>;
}

export interface BootPlan {
  /** Tags of images that the cloud's registry has. */
  readonly images: readonly string[];
  /** Writes the seed into the folder, and what the instance finds in its cloud. */
  readonly prepare: (world: {
    folder: string;
    endpoint: string;
    put: (parameter: string, value: string) => Promise<void>;
  }) => Promise<void>;
  /** More arguments of `docker run` for the instance. */
  readonly options?: readonly string[];
}

export async function bootContainers(
  engine: EngineVersion,
  { images, prepare, options = [] }: BootPlan,
): Promise<Containers> {
  const name = `infer-deploy-test-${randomBytes(4).toString("hex")}`;
  const folder = await mkdtemp(join(tmpdir(), "infer-deploy-instance-"));
  const { node } = await baseImages();
  const remove = async () => {
    await run({
      file: "docker",
      args: ["rm", "--force", "--volumes", `${name}-instance`, `${name}-cloud`],
      writes: true,
    });
    await run({ file: "docker", args: ["network", "rm", name], writes: true });
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await saveImages(images, join(folder, "image"));
    await mkdir(join(folder, "seed"));
    await docker("network", "create", name);
    await docker(
      ...[
        "run",
        "--detach",
        "--name",
        `${name}-cloud`,
        "--network",
        name,
        "--network-alias",
        "cloud",
      ],
      ...["--publish", "127.0.0.1:0:5000", "--volume", `${folder}/image:/image:ro`],
      ...["--volume", `${cloudProgram}:/cloud.ts:ro`],
      ...[node, "node", "/cloud.ts"],
    );
    const endpoint = `http://${(await docker("port", `${name}-cloud`, "5000/tcp")).split("\n")[0]}`;
    const digests = await untilAnswers<Record<string, string>>(`${endpoint}/_images`);
    const put = (parameter: string, value: string) => putParameter(endpoint, parameter, value);
    await prepare({ folder: join(folder, "seed"), endpoint, put });
    await writeFile(join(folder, "daemon.json"), await daemonSettings());
    const machines = await sandboxImages(engine);
    await docker(...instanceArgv(name, folder), ...options, machines.instance);
    return {
      name,
      endpoint,
      digests: images.map((image) => digests[`${image}:latest`] ?? ""),
      exec: (...command: string[]) =>
        run({ file: "docker", args: ["exec", `${name}-instance`, ...command], writes: true }),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

export interface BaseImages {
  readonly debian: string;
  readonly node: string;
  readonly python: string;
  readonly golang: string;
}

/** The base images that bin/setup found or made. */
export async function baseImages(): Promise<BaseImages> {
  const text = await readFile(join(repository, ".cache", "bases.json"), "utf8");
  return JSON.parse(text) as BaseImages;
}

/** The images of the region and of an instance, which are built if they are not there. */
export async function sandboxImages(engine?: EngineVersion): ReturnType<typeof ensureImages> {
  return ensureImages({ run, reporter, env: process.env, interrupts }, engine);
}

/** As sandbox/src/controller/instances/instance-argv.ts starts an instance, less what belongs to a whole region. */
function instanceArgv(name: string, folder: string): string[] {
  return [
    ...["run", "--detach", "--name", `${name}-instance`, "--network", name],
    ...["--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE"],
    ...["--security-opt", "seccomp=unconfined", "--security-opt", "apparmor=unconfined"],
    ...[
      "--cgroupns",
      "private",
      "--tmpfs",
      "/run",
      "--tmpfs",
      "/run/lock",
      "--volume",
      "/var/lib/docker",
    ],
    ...["--volume", `${folder}/seed:/var/lib/cloud/seed/nocloud:ro`],
    ...["--volume", `${folder}/daemon.json:/etc/docker/daemon.json:ro`],
    ...["--env", "AWS_ENDPOINT_URL=http://cloud:5000"],
  ];
}

/** The test's application; resolves to its tag. */
export async function buildApp(): Promise<string> {
  const image = "infer-deploy-test-app";
  const { debian } = await baseImages();
  await docker(
    "build",
    "--tag",
    image,
    "--build-arg",
    `DEBIAN_IMAGE=${debian}`,
    join(repository, "test/_helpers/instance-app"),
  );
  return image;
}

/** The image of test/awkward-app; resolves to its tag. */
export async function buildAwkwardApp(): Promise<string> {
  const image = "infer-deploy-test-awkward";
  const base = `PYTHON_IMAGE=${(await baseImages()).python}`;
  const folder = join(repository, "test/awkward-app");
  await docker("build", "--tag", image, "--build-arg", base, folder);
  return image;
}

async function saveImages(images: readonly string[], folder: string): Promise<void> {
  await mkdir(folder);
  await docker("save", "--output", `${folder}.tar`, ...images);
  await run({ file: "tar", args: ["-xf", `${folder}.tar`, "-C", folder], writes: true });
}

/** The image's own settings; the test's registry speaks plain HTTP. */
async function daemonSettings(): Promise<string> {
  const settings = JSON.parse(
    await readFile(join(repository, "sandbox/instance/daemon.json"), "utf8"),
  ) as object;
  return JSON.stringify({ ...settings, "insecure-registries": ["cloud:5001"] });
}

export async function putParameter(endpoint: string, name: string, value: string): Promise<void> {
  await fetch(endpoint, {
    method: "POST",
    headers: { "x-amz-target": "SSM.PutParameter" },
    body: JSON.stringify({ Name: name, Value: value }),
  });
}

async function untilAnswers<T>(url: string): Promise<T> {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const answer = await fetch(url).catch(() => undefined);
    if (answer?.ok === true) return (await answer.json()) as T;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${url} does not answer`);
}

/** Runs Docker; throws with its own words when it fails. */
export async function docker(...args: string[]): Promise<string> {
  const result = await run({ file: "docker", args, writes: true });
  if (result.exitCode !== 0) throw new Error(`docker ${args.join(" ")}: ${result.stderr}`);
  return result.stdout.trim();
}

const reporter = {
  notify: () => undefined,
  ask: async () => false,
  askLine: async () => undefined,
};
const interrupts = { aborted: new AbortController().signal };
const cloudProgram = fileURLToPath(new URL("instance-cloud.ts", import.meta.url));
