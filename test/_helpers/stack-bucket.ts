import { join } from "node:path";
import { createAwsClients, type AwsClients } from "../../src/aws/clients.ts";
import { systemClock } from "../../src/process/clock.ts";
import { createObjectStore, type ObjectStore } from "../../src/state/object-store.ts";
import { sandboxCredentials } from "../../sandbox/src/client/sandbox-key.ts";
import { readSandboxState, sandboxFolder } from "../../sandbox/src/client/state-file.ts";
import { nameStack, stateBucketName } from "../../src/stack/names.ts";
import type { Project } from "./project.ts";

/** A stack of a project as it lies in the sandbox: its objects in the state bucket, its clients, and the folder in which Terraform works. */
export interface StackBucket {
  readonly store: ObjectStore;
  readonly aws: AwsClients;
  readonly workFolder: string;
}

export async function openStackBucket(
  project: Project,
  stack: { readonly name: string; readonly region: string },
): Promise<StackBucket> {
  const { name, region } = stack;
  const folder = sandboxFolder(project.env, project.sandbox);
  const state = await readSandboxState(folder);
  if (state === undefined) throw new Error(`the sandbox ${project.sandbox} does not run`);
  const aws = createAwsClients({
    region,
    endpoint: state.endpoint,
    credentials: sandboxCredentials(state),
  });
  const place = {
    bucket: stateBucketName(state.account, region),
    prefix: nameStack(name, "production", region).state_prefix,
    owner: state.account,
  };
  return {
    store: createObjectStore(await aws.s3(), place, systemClock.sleep),
    aws,
    workFolder: join(folder, "stacks", state.account, region, name, "production"),
  };
}
