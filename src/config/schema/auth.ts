import * as field from "../fields/fields.ts";
import { key } from "../fields/keys.ts";

/** Who may send requests. keys: callers with one of the stack's API keys. */
export type Auth = "none" | "keys";

/** The header of a request that has its key. */
export const keyHeader = "x-api-key";

export const defaultAuth: Auth = "none";

export const auth = key(
  field.choice(["none", "keys"]),
  "Whether a request needs an API key. keys: AWS WAF answers 401 to every request without a valid key in the header x-api-key, which `infer-deploy keys show` prints.",
  defaultAuth,
);
