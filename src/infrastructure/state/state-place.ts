import type { StateBackend } from "../../config/schema/project/state.ts";
import type { ObjectStore } from "../../state/object-store.ts";
import { stackKey } from "../../state/stack-record.ts";
import { readStateSerial } from "../../state/terraform-state.ts";
import type { InitOptions } from "../../terraform/run/terraform-argv.ts";

/** Where Terraform's state is. */
export interface StatePlace {
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

/** The state's object is one of the stack's documents, so it is made and deleted with them. `name`: its address in S3. */
export function stateInBucket(store: Pick<ObjectStore, "get">, name: string): StatePlace {
  const serial = async () => readStateSerial(store);
  return { backend: "s3", name, init: {}, serial, prepare: nothing, remove: nothing };
}

/**
 * Only Terraform can read the state of a workspace. Its serial is the one of stack.json, as if no other program changed it; whether there is
 * a state at all is known after `terraform init`.
 */
export function stateInCloud(store: Pick<ObjectStore, "get">, name: string): StatePlace {
  return {
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
