import type { ObjectStore } from "./object-store.ts";

/** Serial of the Terraform state in the bucket; undefined when there is none. Terraform owns the rest of the document. */
export async function readStateSerial(
  store: Pick<ObjectStore, "get">,
): Promise<number | undefined> {
  const stored = await store.get("terraform.tfstate");
  const serial = (stored?.value as { readonly serial?: unknown } | undefined)?.serial;
  return typeof serial === "number" ? serial : undefined;
}
