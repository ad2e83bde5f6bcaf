import { spawn } from "node:child_process";
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { repository } from "./cli.ts";
import { startSecondRegistry, untilItWorks } from "./second-registry.ts";

/** A builder that can attest, from its sources, without the internet's images. */
export interface Attester {
  /** Docker's configuration with buildx and this builder. */
  readonly env: { readonly DOCKER_CONFIG: string };
  readonly stop: () => Promise<void>;
}

/** What a machine lacks for one; undefined when it can have one. BuildKit's daemon runs containers by itself, as root. */
export async function attesterLacks(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return "a root user";
  for (const program of ["go", "runc"]) {
    if ((await execa(program, ["--version"], { reject: false })).code === "ENOENT") return program;
  }
  return undefined;
}

/**
 * Starts BuildKit's daemon, and a registry that stands in for Docker Hub: it has `images`, by their names there, from this machine's engine,
 * and the SBOM generator. The first time it compiles them, which takes minutes; they stay in .cache.
 */
export async function startAttester(images: Readonly<Record<string, string>>): Promise<Attester> {
  const tools = join(repository, ".cache", "attest");
  await execa(join(repository, "test", "attest", "build-tools"), [tools]);
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    const folder = await mkdtemp(join(tmpdir(), "infer-deploy-attester-"));
    undo.push(async () => rm(folder, { recursive: true, force: true }));
    const hub = await startSecondRegistry();
    undo.push(hub.stop);
    await hub.push("docker/buildkit-syft-scanner:stable-1", await buildGenerator(tools, folder));
    for (const [name, image] of Object.entries(images)) {
      await hub.push(name.includes("/") ? name : `library/${name}`, image);
    }
    undo.push(await startDaemon(tools, folder, hub.address));
    return { env: await createBuilder(tools, folder), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Resolves to what ends it. */
async function startDaemon(tools: string, folder: string, hub: string) {
  const config = join(folder, "buildkitd.toml");
  await writeFile(config, daemonConfig(folder, hub));
  const daemon = spawn(join(tools, "buildkitd"), ["--config", config], { stdio: "ignore" });
  const ended = new Promise((resolve) => daemon.once("exit", resolve));
  return async (): Promise<void> => {
    daemon.kill("SIGTERM");
    await ended;
  };
}

/** A configuration of Docker in which buildx builds with the daemon. */
async function createBuilder(tools: string, folder: string): Promise<Attester["env"]> {
  const env = { DOCKER_CONFIG: join(folder, "docker") };
  const plugins = join(env.DOCKER_CONFIG, "cli-plugins");
  await mkdir(plugins, { recursive: true });
  await symlink(join(tools, "buildx"), join(plugins, "docker-buildx"));
  const create = ["buildx", "create", "--name", "attester", "--driver", "remote", "--use"];
  await execa("docker", [...create, `unix://${folder}/buildkitd.sock`], { env });
  await untilItWorks(async () => execa("docker", ["buildx", "inspect", "--bootstrap"], { env }));
  return env;
}

/** Snapshots below the folder go with it. */
function daemonConfig(folder: string, hub: string): string {
  return `root = "${folder}/state"
[grpc]
  address = ["unix://${folder}/buildkitd.sock"]
[worker.containerd]
  enabled = false
[worker.oci]
  enabled = true
  networkMode = "host"
[registry."docker.io"]
  mirrors = ["${hub}"]
[registry."${hub}"]
  http = true
`;
}

async function buildGenerator(tools: string, folder: string): Promise<string> {
  const context = join(folder, "generator");
  await mkdir(context);
  const sources = join(repository, "test", "attest", "generator");
  for (const name of ["Dockerfile", "scan"]) {
    await copyFile(join(sources, name), join(context, name));
  }
  await copyFile(join(tools, "syft"), join(context, "syft"));
  const name = "infer-deploy-test/sbom-generator";
  const base = `DEBIAN_IMAGE=${(await baseImages())["debian"]}`;
  await execa("docker", ["build", "--quiet", "--tag", name, "--build-arg", base, context]);
  return name;
}

/** The base images of this machine, by their kinds; bin/setup finds or makes them. */
export async function baseImages(): Promise<Readonly<Record<string, string>>> {
  const text = await readFile(join(repository, ".cache", "bases.json"), "utf8");
  return JSON.parse(text) as Readonly<Record<string, string>>;
}
