import type * as z from "zod/mini";
import * as field from "../../fields/fields.ts";
import { group, key } from "../../fields/keys.ts";

/** Where Terraform's state is. The release's documents are in the state bucket in any case. */
export interface StateSettings {
  readonly backend: StateBackend;
  /** Of HCP Terraform; null with another backend. Never null with `cloud` after the checks. */
  readonly organization: string | null;
  readonly workspace: string | null;
}

export type StateBackend = (typeof backends)[number];

const backends = ["s3", "local", "cloud"] as const;
const byDefault = "s3";

export const state = group("Where Terraform's state is.", {
  backend: key(
    field.choice(backends),
    "s3: the account's state bucket. local: a file in this project, which no other machine has. cloud: HCP Terraform.",
    byDefault,
  ),
  organization: key(
    field.text(
      /^[A-Za-z0-9][A-Za-z0-9_-]{1,38}[A-Za-z0-9]$/,
      "the name of an organization of HCP Terraform, of 3 to 40 letters, digits, - and _",
    ),
    "Organization of HCP Terraform, for backend: cloud.",
  ),
  workspace: key(
    field.text(
      /^[A-Za-z0-9][A-Za-z0-9_-]{0,89}$/,
      "the name of a workspace of HCP Terraform, of at most 90 letters, digits, - and _",
    ),
    "Workspace of HCP Terraform, one for each environment, with the environment in its name. Default: NAME-ENVIRONMENT.",
  ),
});

type StateKeys = NonNullable<z.infer<typeof state>>;

/** `id`: NAME-ENVIRONMENT. */
export function settleState(keys: StateKeys = {}, id: string): StateSettings {
  const backend = keys.backend ?? byDefault;
  return {
    backend,
    organization: keys.organization ?? null,
    workspace: keys.workspace ?? (backend === "cloud" ? id : null),
  };
}
