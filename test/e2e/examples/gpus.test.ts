import { DescribeImagesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { sandboxCredentials } from "../../../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../../../sandbox/src/client/state-file.ts";
import type { InstanceStatus } from "../../../src/views/parts/status/lists.ts";
import type { PlanDocument } from "../../../src/views/plan.ts";
import type { StatusDocument } from "../../../src/views/status/status.ts";
import { repository } from "../../_helpers/cli.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";

/** A GPU type with stand-ins for its GPUs: everything on their way to the container is real, but they compute nothing. */
let project: Project;
const type = "g6.12xlarge";
const region = "eu-central-1";

beforeAll(async () => {
  const made = await createProject("gpus");
  // Docker can give devices by name since 25.
  project = made;
  const start = await made.runSandbox("start", "--engine", "26");
  expect(start.exitCode, start.stderr).toBe(0);
});

afterAll(() => project.remove());

test("more GPUs than the type has, a type without a driver, and too small a disk are refused with their line", async () => {
  await configure({ container: { gpus: 5 } });
  expect(await refusal()).toMatch(
    /infer-deploy\.yml:\d+:\d+ +container\.gpus: found 5 with instances of type g6\.12xlarge, which have 4, allowed at most 4/,
  );
  await configure({ instances: { type: "inf2.xlarge" } });
  expect(await refusal()).toMatch(
    /infer-deploy\.yml:\d+:\d+ +instances\.type: .*g4dn, g5, g5g, g6/,
  );
  await configure({ instances: { type, disk: 50 } });
  expect(await refusal()).toContain("has a disk of 75 GB, and instances.disk is 50 GB");
});

test("examples/gpu is planned in each of its environments, with AWS's image", async () => {
  const text = await readFile(join(repository, "examples", "gpu", "infer-deploy.yml"), "utf8");
  const example = parse(text) as { readonly image: object };
  const context = contextFor(project, join("examples", "python-http"));
  await project.configure({ ...example, image: { ...example.image, context } });
  for (const environment of ["production", "large", "fleet"]) {
    const plan = await project.run("plan", "--json", "--environment", environment);
    expect(plan.exitCode, plan.stderr).toBe(0);
    const { changes, machine_image: image } = JSON.parse(plan.stdout) as PlanDocument;
    expect(changes).toContainEqual(
      expect.objectContaining({
        address: 'module.fleet.aws_launch_template.this["blue"]',
        action: "create",
      }),
    );
    expect(await nameOf(image.current, environment === "large" ? "us-west-2" : region)).toContain(
      "Base OSS Nvidia Driver GPU AMI (Ubuntu 24.04)",
    );
  }
});

test("the container gets the GPUs that container.gpus says, and status shows them", async () => {
  await configure({ container: { gpus: 2 } });
  const up = await project.run("up", "--yes", ...(await project.buildArgs()));
  expect(up.exitCode, up.stderr).toBe(0);
  const { id } = await serving();
  expect(await inContainer(id, "ls", "/dev")).toMatch(/^nvidia0\nnvidia1\nnvidiactl\n/m);
  expect((await usable(id)).split("\n")).toEqual(["0, NVIDIA L4", "1, NVIDIA L4"]);
  expect(await inInstance(id, "docker", "info")).toContain("Cgroup Driver: systemd");
  await expect.poll(async () => (await serving()).gpus?.devices, patience).toHaveLength(4);
  expect((await project.run("status")).stdout).toContain(
    "gpu 3  NVIDIA L4  0 of 23034 MB  0 % busy",
  );
});

test("a reload of systemd leaves them with the container, and closes those that Docker does not know", async () => {
  const { id } = await serving();
  // As NVIDIA's runtime does it: the devices are opened to a container that Docker started without them.
  const image = await inInstance(id, "docker", "inspect", "-f", "{{.Image}}", app);
  const idle = ["--name", "hooked", "--entrypoint", "sleep", image.trim(), "1000"];
  await inInstance(id, "docker", "run", "--detach", ...idle);
  await inInstance(id, "sh", "-ec", addDevices);
  expect(await openIn(id, "hooked")).toContain("No such device or address");
  const weather = await project.runSandbox("weather", "daemon-reload=1s");
  expect(weather.exitCode, weather.stderr).toBe(0);
  await expect.poll(async () => openIn(id, "hooked"), patience).toContain("not permitted");
  expect((await usable(id)).split("\n")).toEqual(["0, NVIDIA L4", "1, NVIDIA L4"]);
  await project.runSandbox("weather", "none");
  await inInstance(id, "docker", "rm", "--force", "hooked");
});

test("an instance that loses a GPU says so, and is replaced", async () => {
  const { id } = await serving();
  await project.runSandbox("weather", "gpu-lost=1s");
  await expect.poll(async () => stateOf(id), patience).toBe("gpu-lost");
  const lost = (await instances()).find((one) => one.id === id);
  expect(lost?.state).toBe("gpu-lost");
  // The next one keeps its GPUs.
  await project.runSandbox("weather", "none");
  await expect
    .poll(async () => (await instances()).map((one) => one.id !== id && one.state), patience)
    .toEqual(["healthy"]);
  const next = await serving();
  expect((await usable(next.id)).split("\n")).toHaveLength(2);
});

async function configure(changes: Readonly<Record<string, unknown>>): Promise<void> {
  await project.configure({
    name: "gpus",
    region,
    protection: false,
    image: {
      context: contextFor(project, join("test", "e2e", "fixtures", "dockerfiles")),
      dockerfile: "python/Dockerfile",
      port: 8000,
    },
    health: { path: "/healthz", interval: "5s", unhealthy_threshold: 2, timeout: "60s" },
    network: { egress: "public" },
    // Until then and health.timeout are over, its group replaces no unhealthy instance.
    instances: { type, min: 1, max: 2, boot_timeout: "2m" },
    ...changes,
  });
}

async function refusal(): Promise<string> {
  const plan = await project.run("plan");
  expect(plan.exitCode, plan.stdout).toBe(64);
  return plan.stderr;
}

/** Of a machine image. */
async function nameOf(id: string, place: string): Promise<string> {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error("the sandbox does not run");
  const { endpoint } = state;
  const ec2 = new EC2Client({ region: place, endpoint, credentials: sandboxCredentials(state) });
  const { Images = [] } = await ec2.send(new DescribeImagesCommand({ ImageIds: [id] }));
  return Images[0]?.Name ?? "";
}

async function instances(): Promise<readonly InstanceStatus[]> {
  const status = await project.run("status", "--json");
  return (JSON.parse(status.stdout) as StatusDocument).instances;
}

async function stateOf(id: string): Promise<string | undefined> {
  return (await instances()).find((one) => one.id === id)?.state;
}

async function serving(): Promise<InstanceStatus> {
  const one = (await instances()).find(({ state }) => state === "healthy");
  if (one === undefined) throw new Error("no instance is healthy");
  return one;
}

/** What an application finds: the driver's program opens each device. */
async function usable(id: string): Promise<string> {
  const query = ["--query-gpu=index,name", "--format=csv,noheader"];
  return (await inContainer(id, "nvidia-smi", ...query)).trim();
}

/** The answer of the kernel. Without a driver it is "No such device", unless the control group forbids to ask. */
async function openIn(id: string, container: string): Promise<string> {
  const open = "mknod /dev/gpu c 195 0 2>/dev/null; cat /dev/gpu 2>&1 || true";
  return inInstance(id, "docker", "exec", container, "sh", "-c", open);
}

async function inContainer(id: string, ...command: readonly string[]): Promise<string> {
  return inInstance(id, "docker", "exec", app, ...command);
}

async function inInstance(id: string, ...command: readonly string[]): Promise<string> {
  const container = `infer-deploy-${project.sandbox}-${id}`;
  const { stdout } = await execa("docker", ["exec", container, ...command]);
  return stdout;
}

const app = "infer-deploy-app";
/** Past Docker and systemd, into the control group, as NVIDIA's hook does. */
const addDevices = `process=$(docker inspect -f '{{.State.Pid}}' hooked)
group=$(awk -F: '$2 ~ /devices/ { print $3 }' "/proc/$process/cgroup")
echo 'c 195:* rwm' >"/sys/fs/cgroup/devices$group/devices.allow"`;
const patience = { timeout: 480_000, interval: 2000 };
