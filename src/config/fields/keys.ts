import * as z from "zod/mini";

export function group<T extends z.core.$ZodLooseShape>(description: string, shape: T) {
  return key(z.strictObject(shape, { error: mapOf(shape) }), description);
}

/** Optional in the file. Editors show the description and the default. */
export function key<T extends z.ZodMiniType>(schema: T, description: string, byDefault?: unknown) {
  z.globalRegistry.add(
    schema,
    byDefault === undefined ? { description } : { description, default: byDefault },
  );
  return z.exactOptional(schema);
}

/** The phrase for what a map of this shape may hold. */
export function mapOf(shape: object): string {
  return `a map with ${Object.keys(shape).join(", ")}`;
}
