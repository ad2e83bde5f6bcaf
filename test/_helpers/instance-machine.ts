import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { createRun } from "../../src/process/programs/execa-run.ts";
import type { RunResult } from "../../src/process/programs/run.ts";
import type { AgentState } from "../../src/state/agent-state.ts";
import type { ContainerSettings } from "../../src/state/release-record.ts";
import type { ReleasePointer } from "../../src/state/release-pointer.ts";
import { defaultEngine, type EngineVersion } from "../../sandbox/src/client/engine-versions.ts";
import { ensureImages } from "../../sandbox/src/lifecycle/images.ts";
import { repository } from "./cli.ts";
import { instanceId, parameters, releaseRecord, writeSeed } from "./instance-seed.ts";

export const run = createRun();

export interface Machine {
  /** Makes a release known to the instance: its record and its pointer, which it reads at once unless the hints say otherwise. */
  readonly release: (release: number, mode: string, changes?: ReleaseChanges) => Promise<void>;
  /** What the instance's Auto Scaling group wants of it, such as "Standby". */
  readonly lifecycle: (state: string) => Promise<void>;
  /** Makes the next calls of an API fail, such as "AmazonSSM.GetParameter". */
  readonly refuse: (refusal: {
    target: string;
    times: number;
    status: number;
    code: string;
  }) => Promise<void>;
  /** Every report of the agent, oldest first. */
  readonly reports: () => Promise<readonly AgentState[]>;
  /** Lines that reached CloudWatch Logs. */
  readonly logs: () => Promise<readonly string[]>;
  readonly exec: (...command: string[]) => Promise<RunResult>;
  /** Makes the agent read the pointer at once. */
  readonly nudge: () => Promise<RunResult>;
  readonly remove: () => Promise<void>;
}

export interface ReleaseChanges {
  /** Instead of the test's application. */
  readonly image?: string;
  readonly health?: Partial<ContainerSettings["health"]>;
  readonly hints?: Pick<ReleasePointer, "poll_seconds" | "update">;
  /** False: the agent is left to find it. */
  readonly nudge?: boolean;
}

/** Boots an instance in a container, with a launch template's user data, its own AWS and this Docker engine. */
export async function bootMachine(engine: EngineVersion = defaultEngine): Promise<Machine> {
  const name = `infer-deploy-test-${randomBytes(4).toString("hex")}`;
  const folder = await mkdtemp(join(tmpdir(), "infer-deploy-instance-"));
  const { debian, node } = await baseImages();
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
    await saveApp(debian, join(folder, "image"));
    await writeSeed(join(folder, "seed"));
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
    const { digest } = await untilAnswers<{ digest: string }>(`${endpoint}/_image`);
    await putParameter(endpoint, "{}");
    await writeFile(join(folder, "daemon.json"), await daemonSettings());
    const images = await ensureImages({ run, reporter, env: process.env, interrupts }, engine);
    await docker(...instanceArgv(name, folder), images.instance);
    return machine(name, endpoint, `cloud:5001/app@${digest}`, remove);
  } catch (error) {
    await remove();
    throw error;
  }
}

/** The base images that bin/setup found or made. */
export async function baseImages(): Promise<{ readonly debian: string; readonly node: string }> {
  const text = await readFile(join(repository, ".cache", "bases.json"), "utf8");
  return JSON.parse(text) as { debian: string; node: string };
}

function machine(
  name: string,
  endpoint: string,
  app: string,
  remove: () => Promise<void>,
): Machine {
  const exec = (...command: string[]) =>
    run({ file: "docker", args: ["exec", `${name}-instance`, ...command], writes: true });
  const put = (path: string, body: unknown) =>
    fetch(endpoint + path, { method: "PUT", body: JSON.stringify(body) });
  const read = async (path: string) => (await fetch(endpoint + path)).json() as Promise<string[]>;
  return {
    exec,
    remove,
    nudge: () => exec("systemctl", "reload", "infer-deploy-agent"),
    logs: () => read("/_logs"),
    lifecycle: async (state) => {
      await put("/_lifecycle", state);
    },
    refuse: async (refusal) => {
      await put("/_refuse", refusal);
    },
    reports: async () => {
      const versions = await read(
        `/_history/${parameters.bucket}/${parameters.prefix}/agents/${instanceId}.json`,
      );
      return versions.map((version) => JSON.parse(version) as AgentState);
    },
    release: async (release, mode, { image = app, health = {}, hints = {}, nudge = true } = {}) => {
      const record = `${parameters.prefix}/releases/${String(release).padStart(4, "0")}.json`;
      await put(
        `/_objects/${parameters.bucket}/${record}`,
        releaseRecord(release, mode, image, health),
      );
      const pointer = {
        schema_version: 1,
        release,
        version: `v${release}`,
        image,
        record,
        ...hints,
      };
      await putParameter(endpoint, JSON.stringify(pointer));
      if (nudge) await exec("systemctl", "reload", "infer-deploy-agent");
    },
  };
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

async function saveApp(debian: string, folder: string): Promise<void> {
  const image = "infer-deploy-test-app";
  await docker(
    "build",
    "--tag",
    image,
    "--build-arg",
    `DEBIAN_IMAGE=${debian}`,
    join(repository, "test/_helpers/instance-app"),
  );
  await mkdir(folder);
  await docker("save", "--output", `${folder}.tar`, image);
  await run({ file: "tar", args: ["-xf", `${folder}.tar`, "-C", folder], writes: true });
}

/** The image's own settings; the test's registry speaks plain HTTP. */
async function daemonSettings(): Promise<string> {
  const settings = JSON.parse(
    await readFile(join(repository, "sandbox/instance/daemon.json"), "utf8"),
  ) as object;
  return JSON.stringify({ ...settings, "insecure-registries": ["cloud:5001"] });
}

async function putParameter(endpoint: string, value: string): Promise<void> {
  await fetch(endpoint, {
    method: "POST",
    headers: { "x-amz-target": "SSM.PutParameter" },
    body: JSON.stringify({ Name: parameters.pointer, Value: value }),
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
