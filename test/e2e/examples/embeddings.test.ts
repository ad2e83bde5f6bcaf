import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { ECRClient, ListImagesCommand } from "@aws-sdk/client-ecr";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { StatusDocument } from "../../../src/views/status/status.ts";
import { sandboxCredentials, sandboxHeaders } from "../../../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../../../sandbox/src/client/state-file.ts";
import { repository } from "../../_helpers/cli.ts";
import { askEmbedding, startLoad } from "../../_helpers/load.ts";
import { runTerraform, workFolder } from "../../_helpers/project-terraform.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";
import { cosine } from "../../_helpers/vectors.ts";

const exec = promisify(execFile);
const planArgs = ["plan", "-detailed-exitcode", "-input=false", "-no-color"];
const config = {
  name: "embeddings",
  protection: false,
  region: "eu-west-1",
  image: { port: 8080 },
  health: { path: "/readyz" },
  version: { path: "/version", field: "version" },
  instances: { type: "t3.small", min: 2, max: 4 },
};

let project: Project;
let url: string;

beforeAll(async () => {
  project = await createProject("e2e");
  await project.configure({
    ...config,
    image: { ...config.image, context: contextFor(project, "app") },
  });
});

afterAll(async () => {
  await project.remove();
});

test("up, from nothing to an address that answers", async () => {
  const result = await project.run("up", "--yes", "--json", ...(await project.buildArgs()));
  expect(result.stderr).toContain("Start the instances");
  expect(result.exitCode, result.stderr).toBe(0);
  const document = JSON.parse(result.stdout) as { url: string; version: string; changed: boolean };
  expect(document).toMatchObject({
    name: "embeddings",
    release: 1,
    changed: true,
    sources_changed: false,
  });
  url = document.url;
});

test("the answers are the model's", async () => {
  const reference = JSON.parse(
    await readFile(join(repository, "app", "test", "reference-embeddings.json"), "utf8"),
  ) as readonly Reference[];
  const response = await fetch(new URL("/v1/embeddings", url), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      model: "all-MiniLM-L6-v2",
      input: reference.map((one) => one.text),
    }),
  });
  const answer = (await response.json()) as { data: { embedding: number[] }[] };
  const cosines = reference.map((one, index) =>
    cosine(one.embedding, answer.data[index]?.embedding ?? []),
  );
  expect(Math.min(...cosines)).toBeGreaterThanOrEqual(0.9999);
});

test("a second up changes nothing and asks Terraform nothing", async () => {
  const result = await project.run("up", "--json", ...(await project.buildArgs()));
  expect(result.exitCode, result.stderr).toBe(0);
  expect(JSON.parse(result.stdout)).toMatchObject({ url, changed: false, release: 1 });
  expect(result.stderr).not.toContain("Plan the infrastructure");
  expect(result.stderr).not.toContain("Build the image");
});

test("bare terraform in the rendered folder plans no change", async () => {
  expect(
    await runTerraform(project, config, workFolder(project, config), ...planArgs),
  ).toMatchObject({ code: 0 });
});

test("status is healthy, and says what runs where", async () => {
  const result = await project.run("status", "--json");
  expect(result.exitCode, result.stderr).toBe(0);
  const document = JSON.parse(result.stdout) as StatusDocument;
  expect(document).toMatchObject({
    schema_version: 1,
    healthy: true,
    url,
    active: { colour: "blue", weight: 100 },
    release: { number: 1, outcome: "succeeded" },
  });
  expect(document.instances).toHaveLength(2);
  expect(new Set(document.instances.map((one) => one.zone)).size).toBe(2);
  for (const instance of document.instances) {
    expect(instance).toMatchObject({ colour: "blue", state: "healthy", target_health: "healthy" });
  }
  expect(document.alarms.length).toBeGreaterThan(0);
});

test("the same content is not pushed twice, and the container has no more rights than it needs", async () => {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error(`the sandbox ${project.sandbox} does not run`);
  const ecr = new ECRClient({
    region: config.region,
    endpoint: state.endpoint,
    credentials: sandboxCredentials(state),
  });
  const images = await ecr.send(
    new ListImagesCommand({ repositoryName: "infer-deploy/embeddings/production" }),
  );
  const digests = new Set(images.imageIds?.map(({ imageDigest }) => imageDigest));
  expect(digests.size).toBe(1);

  const [instance] = await instances();
  const { stdout: id } = await exec("docker", ["exec", instance ?? "", "docker", "ps", "--quiet"]);
  const { stdout } = await exec("docker", ["exec", instance ?? "", "docker", "inspect", id.trim()]);
  const [container] = JSON.parse(stdout) as {
    HostConfig: Record<string, unknown>;
    Config: { User: string };
  }[];
  expect(container?.HostConfig).toMatchObject({ ReadonlyRootfs: true, CapDrop: ["ALL"] });
  expect(container?.HostConfig["SecurityOpt"]).toContain("no-new-privileges");
  expect(container?.Config.User).not.toBe("");
});

test("a killed instance comes back, and no request fails that was not in flight on it", async () => {
  const before = await instances();
  const load = startLoad(async () => askEmbedding(url), 10);
  await sleep(3000);
  const killing = Date.now();
  await exec("docker", ["kill", before[0] ?? ""]);
  const killed = Date.now();
  await expect
    .poll(
      async () => {
        const healthy = (await status()).instances.filter((one) => one.target_health === "healthy");
        const isNew = healthy.some((one) => !before.some((name) => name.endsWith(one.id)));
        return healthy.length === 2 && isNew;
      },
      { timeout: 120_000, interval: 500 },
    )
    .toBe(true);
  const samples = await load.stop();
  const failed = samples.filter((sample) => sample.status !== 200);
  // In flight on it: sent before it was dead, answered after the kill began.
  const unexplained = failed.filter((sample) => sample.sent > killed || sample.answered < killing);
  expect(samples.length).toBeGreaterThan(100);
  expect(unexplained).toEqual([]);
});

test("a changed config plans exactly that change, and up makes it", async () => {
  await project.configure({
    ...config,
    image: { ...config.image, context: contextFor(project, "app") },
    instances: { ...config.instances, max: 5 },
  });
  const planned = await project.run("plan", "--json", "--detailed-exitcode");
  expect(planned.exitCode, planned.stderr).toBe(2);
  expect(JSON.parse(planned.stdout)).toMatchObject({
    summary: { add: 0, change: 2, remove: 0 },
    first_release: false,
  });
  const result = await project.run("up", "--yes", "--json", ...(await project.buildArgs()));
  expect(result.exitCode, result.stderr).toBe(0);
  expect(JSON.parse(result.stdout)).toMatchObject({ changed: true, release: 1 });
  expect((await project.run("plan", "--detailed-exitcode")).exitCode).toBe(0);
});

test("a newer machine image is reported, and used only on request", async () => {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  const before = JSON.parse((await project.run("plan", "--json")).stdout) as PlanDocument;
  if (state === undefined) throw new Error(`the sandbox ${project.sandbox} does not run`);
  await fetch(new URL("/_sandbox/ami", state.endpoint), {
    method: "PUT",
    headers: sandboxHeaders(state),
    body: "{}",
  });
  const after = JSON.parse((await project.run("plan", "--json")).stdout) as PlanDocument;
  expect(after).toMatchObject({
    has_changes: false,
    machine_image: { current: before.machine_image.newest },
  });
  expect(after.machine_image.newest).not.toBe(before.machine_image.newest);
  const asked = await project.run("plan", "--refresh-ami", "--detailed-exitcode");
  expect(asked.exitCode).toBe(2);
});

test("render writes files in which bare terraform plans no change", async () => {
  const out = join(project.folder, "mine");
  expect((await project.run("render", "--out", out)).exitCode).toBe(0);
  expect(
    await runTerraform(project, config, out, "init", "-input=false", "-no-color"),
  ).toMatchObject({ code: 0 });
  expect(await runTerraform(project, config, out, ...planArgs)).toMatchObject({ code: 0 });
});

test("destroy leaves nothing, and a second destroy says so", async () => {
  const result = await project.run("destroy", "--yes", "--json");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(JSON.parse(result.stdout)).toMatchObject({ left: 0 });
  await expect.poll(instances, { timeout: 20_000 }).toEqual([]);
  const again = await project.run("destroy", "--yes");
  expect(again.exitCode, again.stderr).toBe(0);
  expect(again.stdout).toContain("nothing to destroy");
});

async function status(): Promise<StatusDocument> {
  return JSON.parse((await project.run("status", "--json")).stdout) as StatusDocument;
}

interface PlanDocument {
  readonly has_changes: boolean;
  readonly machine_image: { readonly current: string; readonly newest: string };
}

interface Reference {
  readonly text: string;
  readonly embedding: readonly number[];
}

/** Names of the containers that stand for this sandbox's instances. */
async function instances(): Promise<readonly string[]> {
  const { stdout } = await exec("docker", [
    "ps",
    "--filter",
    `label=infer-deploy.sandbox=${project.sandbox}`,
    "--format",
    "{{.Names}}",
  ]);
  return stdout.split("\n").filter((name) => name.includes("-i-"));
}
