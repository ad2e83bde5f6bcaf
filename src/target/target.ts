import type { AwsClients } from "../aws/clients.ts";
import type { Identity } from "../aws/identity.ts";
import type { LoadedConfig } from "../config/load.ts";
import { clientSecretName } from "../config/schema/edge/oidc.ts";
import type { Config } from "../config/schema/config.ts";
import { nameStack } from "../stack/names.ts";
import type { ObjectStore } from "../state/object-store.ts";
import type { Access } from "./access/access.ts";

/** The stack that a verb works on: the config, and the account and region that hold it. */
export interface Target {
  readonly config: Config;
  /** The folder of infer-deploy.yml, from which its paths are meant. */
  readonly root: string;
  readonly placeOf: LoadedConfig["placeOf"];
  readonly aws: AwsClients;
  readonly identity: Identity;
  readonly bucket: string;
  readonly prefix: string;
  readonly store: ObjectStore;
  readonly access: Access;
  /** Where this machine keeps its records of stacks. A sandbox has its own, and removes it when it ends. */
  readonly stateFolder: string;
  /** Below it are states of Terraform with `backend: local`: in the project, or in the sandbox's folder. */
  readonly localState: string;
}

/** Of the names of the stack's secrets; `secret`: of this one. No instance may read the client's secret of the login. */
export function secretPrefix(
  { name, environment, region }: Pick<Config, "name" | "environment" | "region">,
  secret?: string,
): string {
  const names = nameStack(name, environment, region);
  return secret === clientSecretName ? names.key_prefix : names.secret_prefix;
}

/** As Terraform tags the rest of the stack, so that `destroy` finds what the CLI makes itself. */
export function stackTags({
  name,
  environment,
  tags,
}: Pick<Config, "name" | "environment" | "tags">): Readonly<Record<string, string>> {
  return {
    ...tags,
    "infer-deploy:name": name,
    "infer-deploy:environment": environment,
    "infer-deploy:stack": `${name}-${environment}`,
    "infer-deploy:managed-by": "infer-deploy",
  };
}
