import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { desiredStack } from "../../src/stack/stack.ts";
import type { ContainerSettings, ReleaseRecord } from "../../src/state/release-record.ts";
import { instanceFiles, renderStack } from "../../src/terraform/render/render-stack.ts";
import { loadTemplates } from "../../src/terraform/render/template-files.ts";
import { stackFacts, stackInput } from "./stack-values.ts";

/** The files that every instance gets, as a rendered stack has them, by name. */
export async function renderInstance(): Promise<ReadonlyMap<string, string>> {
  const stack = desiredStack(stackInput(), stackFacts());
  const files = renderStack(stack, await loadTemplates());
  return new Map(instanceFiles.map((name) => [name, files.get(`instance/${name}`) ?? ""]));
}

/** The user-data that modules/fleet makes of them. */
export async function userData(values: object = parameters): Promise<Buffer> {
  const targets = {
    "boot.sh": "/opt/infer-deploy/boot",
    "infer-deploy-agent": "/opt/infer-deploy/infer-deploy-agent",
    "infer-deploy-agent.service": "/etc/systemd/system/infer-deploy-agent.service",
    "infer-deploy-app.service": "/etc/systemd/system/infer-deploy-app.service",
  };
  const rendered = await renderInstance();
  const files = Object.entries(targets).map(([source, path]) => ({
    path,
    owner: "root:root",
    permissions: path.startsWith("/opt/") ? "0755" : "0644",
    content: rendered.get(source),
  }));
  const settings = {
    path: "/etc/infer-deploy/instance.json",
    owner: "root:root",
    permissions: "0644",
    content: JSON.stringify(values),
  };
  const config = {
    write_files: [...files, settings],
    runcmd: [["/opt/infer-deploy/boot"]],
  };
  return gzipSync(`#cloud-config\n${JSON.stringify(config)}\n`);
}

/** The NoCloud files of the instance. */
export async function writeSeed(folder: string): Promise<void> {
  await writeFile(join(folder, "user-data"), await userData());
  await writeFile(join(folder, "meta-data"), JSON.stringify({ "instance-id": instanceId }));
}

/** A release of the test's application; its mode says how the container behaves. */
export function releaseRecord(
  release: number,
  mode: string,
  image: string,
  health: Partial<ContainerSettings["health"]>,
): ReleaseRecord {
  return {
    schema_version: 1,
    release,
    kind: "release",
    deployment: release,
    replaces: null,
    version: `v${release}`,
    digest: image.split("@")[1] ?? "",
    image,
    colour: "blue",
    who: "test",
    created: "2026-01-01T00:00:00Z",
    finished: null,
    message: null,
    strategy: null,
    outcome: "in-progress",
    reason: null,
    taken_back_by: null,
    context_hash: "",
    container: {
      port: 8080,
      health: { path: "/healthz", timeout_seconds: 8, ...health },
      memory_mb: 64,
      env: { MODE: mode, AWKWARD: "$(id) 'quoted'\nsecond line" },
      secrets: {},
      log_group: parameters.log_group,
    },
  };
}

export const instanceId = "i-0123456789abcdef0";

/** What modules/fleet puts into /etc/infer-deploy/instance.json. */
export const parameters = {
  schema_version: 1,
  name: "embeddings",
  environment: "production",
  colour: "blue",
  account: "123456789012",
  region: "eu-central-1",
  domain: "amazonaws.com",
  pointer: "/infer-deploy/embeddings/production/blue/release",
  bucket: "infer-deploy-123456789012-eu-central-1-an",
  prefix: "embeddings/production",
  log_group: "/infer-deploy/embeddings/production/app",
  boot_log_group: "/infer-deploy/embeddings/production/boot",
  poll_seconds: 30,
} as const;
