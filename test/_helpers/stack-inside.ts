import { createAwsClients, type AwsClients } from "../../src/aws/clients.ts";
import { systemClock } from "../../src/process/clock.ts";
import { createObjectStore, type ObjectStore } from "../../src/state/object-store.ts";
import { fleetOutputs, parseStackRecord, type FleetOutputs } from "../../src/state/stack-record.ts";
import { sandboxCredentials } from "../../sandbox/src/client/sandbox-key.ts";
import type { SandboxState } from "../../sandbox/src/client/sandbox-state.ts";
import { readSandboxState, sandboxFolder } from "../../sandbox/src/client/state-file.ts";
import { nameStack, stateBucketName } from "../../src/stack/names.ts";
import type { Project } from "./project.ts";

/** A stack as AWS has it, past the command line. */
export interface StackInside {
  readonly aws: AwsClients;
  readonly store: ObjectStore;
  readonly outputs: FleetOutputs;
  /** The API of the region, http://HOST:PORT, and the key that it wants. */
  readonly region: Pick<SandboxState, "endpoint" | "key">;
}

/** Throws when the stack is not up. */
export async function openStack(
  project: Project,
  { name, region }: { readonly name: string; readonly region: string },
): Promise<StackInside> {
  const state = await readSandboxState(sandboxFolder(project.env, project.sandbox));
  if (state === undefined) throw new Error(`the sandbox ${project.sandbox} does not run`);
  const { endpoint, key } = state;
  const aws = createAwsClients({ region, endpoint, credentials: sandboxCredentials(state) });
  const owner = "123456789012";
  const bucket = stateBucketName(owner, region);
  const prefix = nameStack(name, "production", region).state_prefix;
  const store = createObjectStore(await aws.s3(), { bucket, prefix, owner }, systemClock.sleep);
  const record = await store.get("stack.json");
  return {
    aws,
    store,
    outputs: fleetOutputs(parseStackRecord(record?.value).outputs),
    region: { endpoint, key },
  };
}

export async function isLocked(...of: Parameters<typeof openStack>): Promise<boolean> {
  const { store } = await openStack(...of);
  return (await store.get("lock.json")) !== undefined;
}
