import type * as z from "zod/mini";
import { secondsOf } from "../../fields/time/duration.ts";
import * as field from "../../fields/fields.ts";
import { group, key } from "../../fields/keys.ts";

/** The login in front of the address, with `auth: oidc`. */
export interface OidcSettings {
  /** An https URL; empty where the file has none, which a check refuses. */
  readonly issuer: string;
  /** Empty as above. */
  readonly clientId: string;
  /** Scopes with a space between them. */
  readonly scope: string;
  /** From 1 to 604,800. */
  readonly sessionSeconds: number;
}

/** The name under which `secrets set` keeps the client's secret. No container can have a secret of this name. */
export const clientSecretName = "OIDC_CLIENT_SECRET";

const byDefault = { scope: "openid", session: "12h" } as const;

export const oidc = group(
  "The login of `auth: oidc`. The client's secret is not here: `infer-deploy secrets set OIDC_CLIENT_SECRET` keeps it.",
  {
    issuer: key(
      field.text(
        /^https:\/\/[A-Za-z0-9.-]{1,253}(?::[0-9]{1,5})?(?:\/[\x21\x24-\x3e\x40-\x7e]{0,512})?$/,
        "an https URL without a query, such as https://login.example.com",
      ),
      "The issuer's URL, below which /.well-known/openid-configuration is.",
    ),
    client_id: key(
      field.text(/^[\x21-\x7e]{1,255}$/, "the id that the issuer gave the client, without spaces"),
      "The id of the client that is registered at the issuer, with the redirect URL https://DOMAIN/oauth2/idpresponse for each domain.",
    ),
    scope: key(
      field.text(
        /^(?=(?:[^ ]+ )*openid(?: |$))[\x21\x23-\x5b\x5d-\x7e]+(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/,
        "scopes with a space between them, of which one is openid",
      ),
      "What the issuer is asked to say of the user.",
      byDefault.scope,
    ),
    session: key(
      // AuthenticateOidcActionConfig, SessionTimeout; seven days are AWS's own default and the most.
      field.duration(1, 604_800),
      "How long a login lasts.",
      byDefault.session,
    ),
  },
);

type OidcKeys = NonNullable<z.infer<typeof oidc>>;

export function settleOidc(keys: OidcKeys = {}): OidcSettings {
  return {
    issuer: keys.issuer ?? "",
    clientId: keys.client_id ?? "",
    scope: keys.scope ?? byDefault.scope,
    sessionSeconds: secondsOf(keys.session ?? byDefault.session),
  };
}
