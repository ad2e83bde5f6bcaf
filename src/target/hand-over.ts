import type { Keys } from "../aws/credentials/keyring.ts";

/** How a background process is started. */
export interface Start {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * The same start with these keys in place of the profile: a background process has no terminal at which it could ask for the code of an MFA device.
 */
export function withKeys({ args, env }: Start, keys: Keys): Start {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = keys;
  return {
    args: withoutOption(args, "--profile"),
    env: {
      ...env,
      INFER_DEPLOY_PROFILE: undefined,
      AWS_PROFILE: undefined,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      AWS_CREDENTIAL_EXPIRATION: expiration?.toISOString(),
    },
  };
}

/** `name` with its value, in both forms. */
function withoutOption(args: readonly string[], name: string): readonly string[] {
  return args.filter(
    (arg, index) => arg !== name && !arg.startsWith(`${name}=`) && args[index - 1] !== name,
  );
}
