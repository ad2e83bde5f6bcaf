import { isNoListener } from "../../aws/listener/listeners.ts";
import { removeLogin, setLogin, type ListenerLogin } from "../../aws/listener/login.ts";
import { listSecrets } from "../../aws/secrets/list-secrets.ts";
import { secretValueOf } from "../../aws/secrets/secret-value.ts";
import { clientSecretName, type OidcSettings } from "../../config/schema/edge/oidc.ts";
import type { Deps } from "../../deps.ts";
import { CommandError, exitCodes } from "../../errors/command-error.ts";
import { readIssuer } from "../../infrastructure/door/read-issuer.ts";
import type { Login, WantedLogin } from "../../infrastructure/door/login.ts";
import { nameStack } from "../../stack/names.ts";
import type { LoginEndpoints } from "../../stack/stack-input.ts";
import type { Target } from "../target.ts";

/** The login of a stack: the issuer describes itself, Secrets Manager has the client's secret, and the listener asks for it. */
export function createLogin(
  { fetch: fetcher }: Pick<Deps, "fetch">,
  { aws, config, placeOf }: Pick<Target, "aws" | "config" | "placeOf">,
): Login & { readonly endpoints: () => Promise<LoginEndpoints> } {
  const { key_prefix: prefix } = nameStack(config.name, config.environment, config.region);
  let known: Promise<LoginEndpoints> | undefined;
  const endpoints = async (): Promise<LoginEndpoints> =>
    (known ??= readIssuer(fetcher, settings().issuer, placeOf(["oidc", "issuer"])));
  const settings = (): OidcSettings => {
    if (config.oidc === null) throw new Error("a login was asked for without auth: oidc");
    return config.oidc;
  };
  const noSecret = (): CommandError =>
    new CommandError("The login's client secret was never set.", {
      exitCode: exitCodes.usage,
      where: `auth: oidc (${placeOf(["auth"])})`,
      why: "the load balancer proves with it to the issuer that it is the client; the issuer shows it where the client is registered",
      next: `infer-deploy secrets set ${clientSecretName}`,
    });
  return {
    endpoints,
    wanted: async () => {
      const stored = await listSecrets(await aws.secretsManager(), prefix);
      const secret = stored.find(({ name, isLeaving }) => name === clientSecretName && !isLeaving);
      if (secret === undefined || secret.version === null) throw noSecret();
      const { authorization, token, userInfo } = await endpoints();
      const { issuer, clientId, scope, sessionSeconds } = settings();
      return {
        issuer,
        authorization_endpoint: authorization,
        token_endpoint: token,
        user_info_endpoint: userInfo,
        client_id: clientId,
        scope,
        session_seconds: sessionSeconds,
        secret_version: secret.version,
      };
    },
    set: async (listener, login) => {
      const value = await secretValueOf(await aws.secretsManager(), `${prefix}${clientSecretName}`);
      if (value === undefined) throw noSecret();
      try {
        await setLogin(await aws.loadBalancing(), listener, ofListener(login), value);
        return true;
      } catch (error) {
        if (isNoListener(error)) return false;
        throw error;
      }
    },
    remove: async (listener) => removeLogin(await aws.loadBalancing(), listener),
  };
}

function ofListener(login: WantedLogin): ListenerLogin {
  return {
    issuer: login.issuer,
    authorizationEndpoint: login.authorization_endpoint,
    tokenEndpoint: login.token_endpoint,
    userInfoEndpoint: login.user_info_endpoint,
    clientId: login.client_id,
    scope: login.scope,
    sessionSeconds: login.session_seconds,
  };
}
