import { devNull } from "node:os";
import { sandboxCredentials } from "./sandbox-key.ts";
import type { SandboxState } from "./sandbox-state.ts";

/**
 * The environment for terraform and the AWS SDK in a rehearsal; `undefined` removes a variable.
 * It cannot reach a user's real credentials, profiles or endpoints: the configuration files are empty, and the emulator is the
 * endpoint of every service. Endpoints of single services in `env` are removed, because they would override the common one.
 */
export function sandboxEnvironment(
  state: Pick<SandboxState, "endpoint" | "key">,
  region: string,
  env: Readonly<Record<string, string | undefined>> = {},
): Readonly<Record<string, string | undefined>> {
  const credentials = sandboxCredentials(state);
  const single = Object.keys(env).filter((name) => name.startsWith("AWS_ENDPOINT_URL_"));
  return {
    ...Object.fromEntries([...single, ...removed].map((name) => [name, undefined])),
    AWS_ENDPOINT_URL: state.endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
  };
}

/** Lines for a shell that point the AWS CLI at the sandbox. */
export function exportLines(
  state: Pick<SandboxState, "endpoint" | "key">,
  region: string,
): string[] {
  const set = Object.entries(sandboxEnvironment(state, region)).filter(
    ([, value]) => value !== undefined,
  );
  return [
    `unset AWS_PROFILE AWS_SESSION_TOKEN`,
    ...set.map(([name, value]) => `export ${name}=${value}`),
  ];
}

const removed = [
  "AWS_PROFILE",
  "AWS_DEFAULT_PROFILE",
  "AWS_SESSION_TOKEN",
  "AWS_CA_BUNDLE",
  "AWS_ROLE_ARN",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
  "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
  "AWS_USE_FIPS_ENDPOINT",
  "AWS_USE_DUALSTACK_ENDPOINT",
];
