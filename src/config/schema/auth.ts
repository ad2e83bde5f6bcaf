import * as field from "../fields/fields.ts";
import { key } from "../fields/keys.ts";

/** Who may send requests. keys: callers with one of the stack's API keys. oidc: people who have logged in at an OpenID Connect issuer. */
export type Auth = "none" | "keys" | "oidc";

/** The header of a request that has its key. */
export const keyHeader = "x-api-key";

export const defaultAuth: Auth = "none";

export const auth = key(
  field.choice(["none", "keys", "oidc"]),
  "Who may send requests. none: everyone. keys: AWS WAF answers 401 to every request without a valid key in the header x-api-key, which `infer-deploy keys show` prints. oidc: people in a browser, after a login at oidc.issuer.",
  defaultAuth,
);
