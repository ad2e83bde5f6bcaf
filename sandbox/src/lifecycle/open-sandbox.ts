import { ensureHostedZone } from "../client/route53.ts";
import { sandboxEnvironment } from "../client/sandbox-environment.ts";
import { sandboxCredentials } from "../client/sandbox-key.ts";
import { sandboxFolder } from "../client/state-file.ts";
import type { SandboxDeps } from "./images.ts";
import { startSandbox } from "./start.ts";

/** A verb uses this instead of AWS. */
export interface OpenSandbox {
  readonly name: string;
  /** Where every AWS API answers. */
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** For the terraform binary; `undefined` removes a variable. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The sandbox's state folder; `sandbox stop` deletes it. */
  readonly folder: string;
}

/**
 * Starts the sandbox `name` unless it is running, and gives it the Route53 zone that the configuration names.
 * Throws CommandError (64) when no Docker engine answers.
 */
export async function openSandbox(
  deps: SandboxDeps,
  name: string,
  config: {
    readonly region: string;
    readonly domains: readonly string[];
    readonly zone: string | null;
  },
): Promise<OpenSandbox> {
  const {
    region,
    domains: [domain],
    zone,
  } = config;
  const state = await startSandbox(deps, { name, region });
  if (domain !== undefined && zone !== null) {
    await ensureHostedZone(state, { zone, domain, region });
  }
  return {
    name,
    endpoint: state.endpoint,
    credentials: sandboxCredentials(state),
    environment: sandboxEnvironment(state, region, deps.env),
    folder: sandboxFolder(deps.env, name),
  };
}
