import type * as z from "zod/mini";
import * as field from "../fields/fields.ts";
import { group, key } from "../fields/keys.ts";

/** What the stack's roles may do. */
export interface IdentitySettings {
  /** ARN of a policy; null for none. */
  readonly permissionsBoundary: string | null;
}

export const identity = group("What the stack's roles may do.", {
  permissions_boundary: key(
    field.text(
      /^arn:aws(?:-[a-z]+)*:iam::(?:aws|[0-9]{12}):policy\/[\w+=,.@/-]{1,512}$/,
      "the ARN of an IAM policy, such as arn:aws:iam::123456789012:policy/boundary",
    ),
    "Policy that limits what the stack's roles may ever do. Some organisations refuse roles without one.",
  ),
});

type IdentityKeys = NonNullable<z.infer<typeof identity>>;

export function settleIdentity(keys: IdentityKeys = {}): IdentitySettings {
  return { permissionsBoundary: keys.permissions_boundary ?? null };
}
