import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { gunzipSync } from "node:zlib";
import { DescribeLaunchTemplateVersionsCommand } from "@aws-sdk/client-ec2";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parse, stringify } from "yaml";
import { clearGroup } from "../../../src/aws/fleet.ts";
import { listSecrets } from "../../../src/aws/secrets/list-secrets.ts";
import { nameStack } from "../../../src/stack/names.ts";
import type { SecretsDocument } from "../../../src/views/secrets.ts";
import type { StatusDocument } from "../../../src/views/status/status.ts";
import { repository } from "../../_helpers/cli.ts";
import { type DebugRuns, debugRuns } from "../../_helpers/debug-runs.ts";
import { deniedCalls } from "../../_helpers/denied-calls.ts";
import { runTerraform, workFolder } from "../../_helpers/project-terraform.ts";
import { createProject, type Project } from "../../_helpers/project.ts";
import { openStackBucket } from "../../_helpers/stack-bucket.ts";

/** The example, from its first refusal to the last deletion. The canaries are looked for wherever a secret must not be. */
const exec = promisify(execFile);
const stack = { name: "secrets", region: "eu-west-1" };
const canary = {
  token: "canary-token-1",
  rotated: "canary-token-2\nof two lines\n",
  key: "canary-key-1",
};

let project: Project;
let url: string;
let run: DebugRuns["run"];
let printed: DebugRuns["printed"];

beforeAll(async () => {
  project = await createProject("secrets");
  ({ run, printed } = debugRuns(project));
  const example = join(repository, "examples", "secrets");
  await cp(example, project.folder, { recursive: true });
  const config = parse(await readFile(join(example, "infer-deploy.yml"), "utf8")) as object;
  const changes = {
    region: stack.region,
    instances: { type: "t3.micro", min: 1, max: 2 },
    protection: false,
    release: { bake: "5s" },
    environments: { production: {} },
  };
  await writeFile(join(project.folder, "infer-deploy.yml"), stringify({ ...config, ...changes }));
});

afterAll(async () => {
  await project.remove();
});

test("without the secrets, up ends with their lines and the command before it has begun", async () => {
  const refused = await run(["up", "--yes"], await project.buildArgs());
  expect(refused.exitCode).toBe(64);
  expect(refused.stderr).toContain("2 secrets do not exist: HF_TOKEN, API_KEY.");
  expect(refused.stderr).toMatch(/infer-deploy\.yml:\d+:\d+, infer-deploy\.yml:\d+:\d+/);
  expect(refused.stderr).toContain("infer-deploy secrets set --sandbox secrets HF_TOKEN");
  expect(refused.stderr).not.toContain("Build the image");
});

test("set takes a value from standard input only, also before the first up", async () => {
  const inArgs = await run(["secrets", "set", "HF_TOKEN", "on-the-command-line"]);
  expect(inArgs).toMatchObject({ exitCode: 64 });
  expect(inArgs.stderr).not.toContain("on-the-command-line");
  expect(await run(["secrets", "set", "HF_TOKEN"], [], "")).toMatchObject({ exitCode: 64 });
  expect(await run(["secrets", "set", "HF_TOKEN"], [], `${canary.token}\n`)).toMatchObject({
    exitCode: 0,
  });
  expect(await run(["secrets", "set", "API_KEY"], [], canary.key)).toMatchObject({ exitCode: 0 });
});

test("the container has both values", async () => {
  const result = await run(["up", "--yes", "--json"], await project.buildArgs());
  expect(result.exitCode, result.stderr).toBe(0);
  ({ url } = JSON.parse(result.stdout) as { url: string });
  expect(await fingerprints()).toEqual([canary.token, canary.key].map(fingerprint));
});

test("the file is in memory, for the image's user alone, and Docker does not know it", async () => {
  const file = "/run/secrets/HF_TOKEN";
  expect(await inContainer("stat", "-c", "%a %u %F", file)).toBe("400 65532 regular file");
  expect(await inContainer("stat", "-f", "-c", "%T", file)).toBe("tmpfs");
  expect(await inContainer("cat", file)).toBe(canary.token);
  const inspected = await inInstance("docker", "inspect", "infer-deploy-app");
  expect(inspected).not.toContain(canary.token);
  expect(inspected).toContain(canary.key);
});

test("no plan changes anything, and the role reads these two secrets only", async () => {
  const plan = await project.run("plan", "--detailed-exitcode");
  expect(plan.exitCode, plan.stdout).toBe(0);
  const folder = workFolder(project, stack);
  const shown = await runTerraform(project, stack, folder, "show", "-json");
  expect(shown.text.match(/secretsmanager:[^"\\]*/g)).toEqual(
    expect.arrayContaining([
      "secretsmanager:GetSecretValue",
      "secretsmanager:eu-west-1:123456789012:secret:infer-deploy/secrets/production/API_KEY-??????",
      "secretsmanager:eu-west-1:123456789012:secret:infer-deploy/secrets/production/HF_TOKEN-??????",
    ]),
  );
});

test("a release with a secret that does not exist ends with its line, before it takes the lock", async () => {
  const file = join(project.folder, "infer-deploy.yml");
  const text = await readFile(file, "utf8");
  await writeFile(file, text.replace("secrets:\n", "secrets:\n  UNUSED: file\n"));
  const refused = await run(["release"], await project.buildArgs());
  await writeFile(file, text);
  expect(refused.exitCode).toBe(64);
  expect(refused.stderr).toContain("The secret UNUSED does not exist.");
  expect(refused.stderr).toMatch(/infer-deploy\.yml:\d+:\d+/);
  expect(refused.stderr).not.toContain("Build the image");
});

test("a rotated secret changes nothing that runs; status names it, and a release picks it up", async () => {
  const set = await run(["secrets", "set", "HF_TOKEN"], [], canary.rotated);
  expect(set.stdout).toContain("infer-deploy release --sandbox secrets picks this one up");
  expect(await fingerprints()).toEqual([canary.token, canary.key].map(fingerprint));
  const status = await run(["status", "--json"]);
  expect((JSON.parse(status.stdout) as StatusDocument).secrets).toEqual([
    expect.objectContaining({ name: "HF_TOKEN", outdated: true }),
    expect.objectContaining({ name: "API_KEY", outdated: false }),
  ]);
  const released = await run(["release", "--json"], await project.buildArgs());
  expect(released.exitCode, released.stderr).toBe(0);
  expect(await fingerprints()).toEqual([canary.rotated, canary.key].map(fingerprint));
  const list = JSON.parse((await run(["secrets", "list", "--json"])).stdout) as SecretsDocument;
  expect(list.secrets.map(({ name, in_use: use }) => [name, use?.release, use?.newest])).toEqual([
    ["API_KEY", 2, true],
    ["HF_TOKEN", 2, true],
  ]);
});

test("a rollback starts instances with the version that its release had", async () => {
  const { aws } = await openStackBucket(project, stack);
  // So that no warm instance has the value in its memory.
  await clearGroup(await aws.autoScaling(), "secrets-production-blue");
  const back = await run(["rollback", "--json"]);
  expect(back.exitCode, back.stderr).toBe(0);
  expect(await fingerprints()).toEqual([canary.token, canary.key].map(fingerprint));
});

test("no canary is in what is written down or printed anywhere", async () => {
  const { store, aws, workFolder: folder } = await openStackBucket(project, stack);
  const places: Record<string, string> = { printed: printed() };
  for (const key of await store.list("")) {
    places[key] = JSON.stringify((await store.get(key))?.value);
  }
  expect(Object.keys(places)).toEqual(
    expect.arrayContaining(["terraform.tfstate", "releases/0001.json", "journal.json"]),
  );
  for (const path of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const file = join(path.parentPath, path.name);
    if (path.isFile() && !file.includes("/providers/"))
      places[file] = await readFile(file, "latin1");
  }
  const templates = await (
    await aws.ec2()
  ).send(
    new DescribeLaunchTemplateVersionsCommand({ LaunchTemplateName: "secrets-production-blue" }),
  );
  const data = templates.LaunchTemplateVersions?.[0]?.LaunchTemplateData?.UserData ?? "";
  places["user data"] = gunzipSync(Buffer.from(data, "base64")).toString();
  places["journal"] = await inInstance("journalctl", "--no-pager", "--output", "cat");
  places["arguments"] = await inInstance("sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\0' ' '");
  places["files"] = await inInstance(
    "sh",
    "-c",
    "grep -rlE 'canary-token' /etc /opt /var /root /tmp || true",
  );
  expect(places["user data"]).toContain("infer-deploy-agent");
  expect(places["journal"]).toContain("infer-deploy");
  expect(places["arguments"]).toContain("infer-deploy-agent");
  for (const [place, text] of Object.entries(places)) {
    expect(text.includes("canary"), place).toBe(false);
  }
  expect(places["files"]).toBe("");
});

test("a secret that is still needed is not removed, and destroy leaves none", async () => {
  const refused = await run(["secrets", "remove", "HF_TOKEN", "--yes"]);
  expect(refused.exitCode).toBe(64);
  expect(refused.stderr).toMatch(/infer-deploy\.yml:\d+:\d+/);
  await run(["secrets", "set", "UNUSED"], [], "x");
  expect(await run(["secrets", "remove", "UNUSED", "--yes"])).toMatchObject({ exitCode: 0 });
  const { aws } = await openStackBucket(project, stack);
  const destroyed = await run(["destroy", "--yes"]);
  expect(destroyed.exitCode, destroyed.stderr).toBe(0);
  expect(destroyed.stderr).toContain("Delete the secrets: API_KEY, HF_TOKEN");
  expect(destroyed.stdout).toContain("no tagged resource left");
  const prefix = nameStack(stack.name, "production", stack.region).secret_prefix;
  expect(await listSecrets(await aws.secretsManager(), prefix)).toEqual([]);
});

test("the policies allow what was called, and reading a value is not among it", async () => {
  const { actions, denied } = await deniedCalls(project, stack);
  expect(actions).toContain("secretsmanager:CreateSecret");
  expect(actions).not.toContain("secretsmanager:GetSecretValue");
  expect(denied).toEqual([]);
});

/** What the app says of its values. */
async function fingerprints(): Promise<readonly string[]> {
  const text = await (await fetch(url)).text();
  return text
    .trim()
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "");
}

function fingerprint(value: string): string {
  return createHash("sha256").update(value).digest("hex").slice(0, 12);
}

async function inInstance(...command: readonly string[]): Promise<string> {
  const { stdout: names } = await exec("docker", ["ps", "--format", "{{.Names}}"]);
  const prefix = `infer-deploy-${project.sandbox}-i-`;
  const instance = names.split("\n").find((name) => name.startsWith(prefix));
  if (instance === undefined) throw new Error("no instance runs");
  const { stdout } = await exec("docker", ["exec", instance, ...command], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.trim();
}

async function inContainer(...command: readonly string[]): Promise<string> {
  return inInstance("docker", "exec", "infer-deploy-app", ...command);
}
