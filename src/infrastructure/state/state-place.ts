import type { StateBackend } from "../../config/schema/project/state.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import { stackKey, type StackRecord } from "../../state/stack-record.ts";
import { readStateSerial } from "../../state/terraform-state.ts";
import type { InitOptions } from "../../terraform/run/terraform-argv.ts";

/** Whose state it is. */
export type StateOwner = Pick<StackRecord, "account" | "environment" | "name" | "region">;

/** Where the bucket or a file has the state, or would have it: an address in S3, and a path. */
export type StateAddresses = Readonly<Record<"s3" | "local", string>>;

/** Where Terraform's state is. */
export interface StatePlace {
  readonly owner: StateOwner;
  readonly addresses: StateAddresses;
  readonly backend: StateBackend;
  /** For a person: an address in S3, a file, or a workspace. */
  readonly name: string;
  readonly init: Pick<InitOptions, "backendConfig" | "cloud">;
  /** Serial of the state; undefined when there is none. */
  readonly serial: () => Promise<number | undefined>;
  /** Makes room for a first state. */
  readonly prepare: () => Promise<void>;
  /** Deletes the empty state of a stack that was destroyed. */
  readonly remove: () => Promise<void>;
}

const nothing = async (): Promise<void> => undefined;

/** The state's object is one of the stack's documents, so it is made and deleted with them. */
export function stateInBucket(
  store: Pick<ObjectStore, "get">,
  owner: StateOwner,
  addresses: StateAddresses,
): StatePlace {
  return {
    owner,
    addresses,
    backend: "s3",
    name: addresses.s3,
    init: {},
    serial: async () => readStateSerial(store),
    prepare: nothing,
    remove: nothing,
  };
}

/**
 * Only Terraform can read the state of a workspace. `serial` is the one of stack.json, as if no other program changed the state; what the
 * workspace has is known after `terraform init`. `name`: the workspace's page.
 */
export function stateInCloud(
  store: Pick<ObjectStore, "get">,
  owner: StateOwner,
  addresses: StateAddresses,
  name: string,
): StatePlace {
  return {
    owner,
    addresses,
    backend: "cloud",
    name,
    init: { cloud: true },
    serial: async () => {
      const stored = await store.get(stackKey);
      const found = (stored?.value as { readonly state_serial?: unknown } | undefined)
        ?.state_serial;
      return typeof found === "number" ? found : undefined;
    },
    prepare: nothing,
    remove: nothing,
  };
}
