import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";
import { readSandboxState, sandboxFolder } from "../../../sandbox/src/client/state-file.ts";
import {
  attesterLacks,
  baseImages,
  startAttester,
  type Attester,
} from "../../_helpers/attester.ts";
import { repository } from "../../_helpers/cli.ts";
import { leaveUnrun } from "../../_helpers/printed-runs.ts";
import { contextFor, createProject, type Project } from "../../_helpers/project.ts";

/** examples/attested-image, with real buildx, BuildKit and Syft. Only Docker Hub is a stand-in, and has this machine's base image. */
const lacks = await attesterLacks();
const repositoryName = "infer-deploy/attested-image/production";

let project: Project;
let attester: Attester;

beforeAll(async () => {
  if (lacks !== undefined) throw new Error(`BuildKit cannot be run here: ${lacks} is missing`);
  project = await createProject("attested-image");
  const example = join(repository, "examples", "attested-image", "infer-deploy.yml");
  const config = parse(await readFile(example, "utf8")) as Readonly<Record<string, object>>;
  await project.configure({
    ...config,
    image: { ...config["image"], context: contextFor(project, "examples/python-http") },
    instances: { min: 1, max: 2 },
    protection: false,
    release: { ...config["release"], bake: "1s" },
  });
  const { python = "" } = await baseImages();
  attester = await startAttester({ "python:3.12-slim-bookworm": python });
}, 40 * 60_000);

afterAll(async () => {
  await attester?.stop();
  await project?.remove();
});

test("a Docker that cannot attest is refused before anything is made", async () => {
  const folder = join(project.folder, ".docker");
  await mkdir(folder);
  Object.assign(project.env, { DOCKER_CONFIG: folder });
  const refused = await project.run("up", "--yes");
  expect(refused.exitCode, refused.stderr).toBe(64);
  expect(refused.stderr).toContain("image.attest is required");
  expect(refused.stderr).toMatch(/infer-deploy\.yml:\d+/);
  const { exitCode, stderr } = await project.run("status");
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining("is not deployed")]);
  leaveUnrun("up --sandbox attested-image");
  Object.assign(project.env, attester.env);
});

test("the image runs by the digest of its index, and the scan is of the image in it", async () => {
  const made = await project.run("up", "--yes");
  expect(made.exitCode, made.stderr).toBe(0);
  const { attestations, scan, active } = await status();
  expect(attestations).toMatchObject({ sbom: true, provenance: true });
  expect(attestations.image).toMatch(new RegExp(`/${repositoryName}@${active.digest}$`));
  expect(scan).toMatchObject({ state: "done", findings: { critical: 0 } });
  expect((await project.run("status")).stdout).toContain(
    `imagetools inspect ${attestations.image} --format '{{ json .SBOM }}'`,
  );
});

test("the SBOM names what is in the image, and the provenance its base and its steps", async () => {
  const sbom = JSON.parse(await inspect("{{ json .SBOM.SPDX }}")) as {
    readonly packages: readonly { readonly name: string }[];
  };
  const names = sbom.packages.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["libc6", "base-files"]));
  const provenance = await inspect("{{ json .Provenance }}");
  expect(provenance).toMatch(/pkg:docker\/python@3\.12-slim-bookworm/);
  // The whole Dockerfile.
  const [, source = ""] = /"data": ?"([^"]+)"/.exec(provenance) ?? [];
  expect(Buffer.from(source, "base64").toString("utf8")).toContain("COPY server.py");
  const index = JSON.parse(await inspect(undefined, "--raw")) as {
    readonly manifests: readonly object[];
  };
  expect(index.manifests).toHaveLength(2);
  // ECR refuses a manifest that has another as its subject.
  for (const { digest } of index.manifests as readonly { readonly digest: string }[]) {
    expect(await inspect(undefined, "--raw", digest)).not.toContain('"subject"');
  }
});

test("a second up changes nothing, and the same content is the same version", async () => {
  const again = await project.run("up", "--yes");
  expect(again.exitCode, again.stderr).toBe(0);
  const { active } = await status();
  const same = await project.run("release");
  expect(same.exitCode, same.stderr).toBe(0);
  expect((await status()).active).toEqual(active);
});

test("no value of a build argument is in the provenance", async () => {
  const released = await project.run(
    "release",
    ...["--version", "v2", "--build-arg", "TOKEN=canary-5e1f", "--build-arg", "MODEL=small"],
  );
  expect(released.exitCode, released.stderr).toBe(0);
  expect(released.stderr + released.stdout).not.toContain("canary-5e1f");
  const provenance = await inspect("{{ json .Provenance }}");
  expect(provenance).toContain("pkg:docker/python@");
  expect(provenance).not.toContain("canary-5e1f");
  expect((await status()).attestations).toMatchObject({ sbom: true, provenance: true });
});

test("destroy empties the repository of indexes, images and attestations", async () => {
  const result = await project.run("destroy", "--yes");
  expect(result.exitCode, result.stderr).toBe(0);
  expect(result.stdout).toContain("no tagged resource left");
});

interface Status {
  readonly active: { readonly version: string; readonly digest: string };
  readonly scan: unknown;
  readonly attestations: { readonly image: string };
}

async function status(): Promise<Status> {
  return JSON.parse((await project.run("status", "--json")).stdout) as Status;
}

/** What the documented command says of the serving image, or of another one by its digest. The rehearsal's registry has its login, and a port. */
async function inspect(
  format: string | undefined,
  flag = "--format",
  digest?: string,
): Promise<string> {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error("the sandbox does not run");
  const { env } = attester;
  const login = ["login", "--username", "AWS", "--password-stdin", state.registry];
  await execa("docker", login, { env, input: state.registryPassword });
  const image = digest ?? (await status()).active.digest;
  const name = `${state.registry}/${repositoryName}@${image}`;
  const options = format === undefined ? [flag] : [flag, format];
  return (await execa("docker", ["buildx", "imagetools", "inspect", name, ...options], { env }))
    .stdout;
}
