import { regions } from "../../../src/config/fields/regions.ts";
import { CommandError, exitCodes } from "../../../src/errors/command-error.ts";

/** Every Docker object of a sandbox carries this label with the sandbox's name. */
export const sandboxLabel = "infer-deploy.sandbox";

export type ServiceRole = "emulator" | "registry" | "balancer";

/** Throws CommandError (64) for an invalid name: it becomes part of container names, a folder and DNS names. */
export function checkSandboxName(name: string): void {
  if (!namePattern.test(name)) {
    throw new CommandError(`"${name}" cannot be a sandbox's name`, {
      exitCode: exitCodes.usage,
      why: "a name has 1 to 30 lower-case letters, digits and hyphens and begins with a letter",
    });
  }
}

export function networkName(sandbox: string): string {
  return `infer-deploy-${sandbox}`;
}

export function serviceContainer(sandbox: string, role: ServiceRole): string {
  return `infer-deploy-${sandbox}-${role}`;
}

export function instanceContainer(sandbox: string, instanceId: string): string {
  return `infer-deploy-${sandbox}-${instanceId}`;
}

export function registryVolume(sandbox: string): string {
  return `infer-deploy-${sandbox}-registry`;
}

export function registryHost(account: string, region: string): string {
  return `${account}.dkr.ecr.${region}.amazonaws.com`;
}

/** The registry's host names in all regions that a configuration may name. */
export function registryHosts(account: string): string[] {
  return regions.map((region) => registryHost(account, region));
}

/** The names by which instances know the region's certificate authority: Let's Encrypt's, so that nothing is configured differently. */
export const authorityHosts = [
  "acme-v02.api.letsencrypt.org",
  "acme-staging-v02.api.letsencrypt.org",
] as const;

/** The authority that Caddy asks next when Let's Encrypt refuses. The real one must not get an account from a rehearsal. */
export const absentHosts = ["acme.zerossl.com", "api.zerossl.com"] as const;

const namePattern = /^[a-z][a-z0-9-]{0,29}$/;
