import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ContainerSettings } from "../../src/state/container-record.ts";
import type { ReleaseRecord } from "../../src/state/release-record.ts";
import { bundleFiles, bundleUserData } from "./instance-bundle.ts";

/** The NoCloud files of the instance, and its bundle in the bucket of its cloud. */
export async function writeSeed(folder: string, endpoint: string): Promise<void> {
  const { reference, content } = await bundleFiles("fleet", parameters.prefix);
  await fetch(`${endpoint}/_objects/${parameters.bucket}/${reference.key}`, {
    method: "PUT",
    body: content,
  });
  const userData = await bundleUserData("fleet", { ...parameters, bundle: reference });
  await writeFile(join(folder, "user-data"), userData);
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
