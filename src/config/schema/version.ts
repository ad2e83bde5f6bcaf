import type * as z from "zod/mini";
import * as field from "../fields/fields.ts";
import { group, key } from "../fields/keys.ts";

/** Where the app reports its version. */
export interface VersionSettings {
  readonly path: string;
  readonly field: string;
}

const byDefault = { path: "/version", field: "version" } as const;

export const version = group(
  "Where the app reports its version. Without it, infer-deploy relies on the agent's report.",
  {
    path: key(field.urlPath(), "Path that answers with a JSON object.", byDefault.path),
    field: key(
      field.text(/^[A-Za-z_][A-Za-z0-9_.-]{0,127}$/, "the name of a field in the JSON answer"),
      "Field of the answer that holds the version.",
      byDefault.field,
    ),
  },
);

type VersionKeys = NonNullable<z.infer<typeof version>>;

/** Null when the app does not report its version. */
export function settleVersion(keys: VersionKeys | undefined): VersionSettings | null {
  return keys === undefined
    ? null
    : { path: keys.path ?? byDefault.path, field: keys.field ?? byDefault.field };
}
